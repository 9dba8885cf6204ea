"""The marketplace behind the real web server, for tests that kill it or count its connections."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bidding.server import WORKER
from benchmarks.bidding.stage import Bidder

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60


@dataclass(frozen=True)
class WebServer:
    """gunicorn's arbiter and the processes it has forked; a killed one is forked again at once."""

    port: int
    arbiter: int

    def processes(self) -> list[int]:
        """The web processes that run now."""
        tasks = Path(f"/proc/{self.arbiter}/task/{self.arbiter}/children")
        return [int(child) for child in tasks.read_text().split()]

    def kill(self) -> None:
        """`kill -9` of every web process."""
        for process in self.processes():
            os.kill(process, signal.SIGKILL)


@contextmanager
def serving(
    variables: dict[str, str], folder: Path, *, app: str = "wsgi:create_app()", threads: int = 16
) -> Iterator[WebServer]:
    """The web server with one process, loaded before it forks so that a new process is there at once."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--preload", "--worker-class", WORKER, "--threads", str(threads), "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", *options]
    environment = {**variables, "PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    log = folder / "web.log"
    with (
        log.open("ab") as output,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output) as arbiter,
    ):
        try:
            _wait(port, arbiter, log)
            yield WebServer(port, arbiter.pid)
        finally:
            arbiter.terminate()


def _wait(port: int, arbiter: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_SECONDS * 10):
        assert arbiter.poll() is None, log.read_text()[-3000:]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise AssertionError(log.read_text()[-3000:])


def send_bid(
    port: int, auction_id: uuid.UUID, bidder: Bidder, amount: str, key: str
) -> tuple[int, dict[str, Any]]:
    """A bid over HTTP; the status and the answer. Raises OSError or HTTPException when none comes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    body = json.dumps({"action": "bid", "amount": amount, "idempotency_key": key})
    headers = {"Content-Type": "application/json", "Cookie": bidder.cookie, "X-CSRFToken": bidder.csrf}
    try:
        connection.request("POST", f"/api/auctions/{auction_id}/bids", body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()
