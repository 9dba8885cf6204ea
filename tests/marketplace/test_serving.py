"""Where the web server's workers settle."""

import os
import subprocess
import sys

import pytest

from marketplace import serving
from marketplace.serving import core_for


@pytest.mark.parametrize(
    ("age", "cores", "taken", "core"),
    [
        (1, [0, 1], [], 1),
        (2, [0, 1], [], 0),
        (3, [0, 1], [1], 0),
        (4, [0, 1], [0], 1),
        (4, [0, 1], [0, 1], 0),
        (7, [4], [4, 4], 4),
        (2, [2, 5, 9], [9, 2], 5),
    ],
)
def test_a_worker_takes_the_core_that_fewest_have_taken(
    age: int, cores: list[int], taken: list[int], core: int
) -> None:
    assert core_for(age, cores, taken) == core


def test_those_that_start_together_take_different_cores() -> None:
    assert len({core_for(age, [0, 1, 2, 3], []) for age in range(1, 5)}) == 4


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux keeps a process to a core")
def test_a_worker_keeps_to_one_core() -> None:
    settle = "import os; from marketplace import serving; serving._keep_to_one_core(1)"
    program = f"{settle}; print(*os.sched_getaffinity(0))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(ran.stdout) in os.sched_getaffinity(0)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux keeps a process to a core")
def test_a_worker_that_may_not_choose_its_core_serves_nevertheless(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_process: int, _cores: set[int]) -> None:
        raise PermissionError

    before = os.sched_getaffinity(0)
    monkeypatch.setattr(os, "sched_setaffinity", forbidden)
    serving._keep_to_one_core(1)
    assert os.sched_getaffinity(0) == before
