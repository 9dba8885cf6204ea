"""The production server on a free port, as `make run` starts it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
# As `demo.serve` starts it.
THREADS, WORKER = 64, "marketplace.serving.Worker"


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]

    def resident_kilobytes(self) -> int:
        """The memory that the web processes hold."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        status = [Path(f"/proc/{child}/status").read_text() for child in children]
        return sum(int(text.partition("VmRSS:")[2].split()[0]) for text in status)


@contextmanager
def serving(variables: dict[str, str], processes: int) -> Iterator[Server]:
    """The server with so many web processes; it is stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--worker-class", WORKER, "--threads", str(THREADS), "--workers", str(processes)]
    command = [sys.executable, "-m", "gunicorn", "wsgi:create_app()", "--bind", f"127.0.0.1:{port}"]
    log = Path(variables["LUOCHUI_HOME"]) / "server.log"
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [*command, *options, "--timeout", "60", "--no-control-socket"],
            cwd=ROOT,
            env={**variables, "PATH": os.environ["PATH"]},
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            _wait(port, process, log)
            yield Server(port, process)
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_SECONDS * 10):
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text()[-3000:])
