"""The web server's worker: gunicorn's threads on one core, requests numbered in the order of their coming."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from marketplace import arrivals


class Worker(ThreadWorker):  # type: ignore[misc]
    """Until a thread takes a request up all stand in one queue; after it threads overtake one another.

    It is over when its answer has been written: whoever is answered first may send again first.
    """

    def init_process(self) -> None:
        """Settle on one core before the application is loaded, and serve."""
        _keep_to_one_core(self.age)
        super().init_process()

    def handle(self, conn: TConn) -> Any:
        """Answer one request of the connection; the answer says what becomes of it."""
        if not (conn.initialized or conn.data_ready):
            return super().handle(conn)  # perhaps nothing was sent yet: it is numbered once it has been read
        arrivals.come()
        try:
            return super().handle(conn)
        finally:
            arrivals.gone()


def _keep_to_one_core(age: int) -> None:
    """Threads take turns at one interpreter: on several cores they only lose what each core had at hand."""
    if not hasattr(os, "sched_setaffinity"):
        return  # not on Linux
    cores = sorted(os.sched_getaffinity(0))
    with suppress(OSError):  # a sandbox may forbid it: slower, but no reason not to serve
        os.sched_setaffinity(0, {core_for(age, cores, _taken_by_siblings())})


def _taken_by_siblings() -> list[int]:
    """The cores that the server's other workers keep to, as far as they can be seen."""
    parent = os.getppid()
    try:
        siblings = map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())
        kept = [os.sched_getaffinity(process) for process in siblings if process != os.getpid()]
    except OSError:  # one of them has just ended, or the kernel tells nobody's children
        return []
    return [core for cores in kept if len(cores) == 1 for core in cores]


def core_for(age: int, cores: Sequence[int], taken: Sequence[int]) -> int:
    """The core that fewest others have taken; of equal ones each next worker prefers the next.

    Args:
        age: the worker's number at its server, from 1; those that start together do not see each other.
        cores: that it may use.
        taken: one for each other worker that keeps to a core.
    """
    return min(cores, key=lambda core: (taken.count(core), (cores.index(core) - age) % len(cores)))
