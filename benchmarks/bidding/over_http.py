"""Accepted bids a second over HTTP, on SQLite and PostgreSQL, in one auction and in fifty, beside bare SQL.

The server is the production server, on PostgreSQL with a web process for each core, on SQLite with one; load
comes from a process of its own. On PostgreSQL the baseline is pgbench with the same clients; on SQLite, which
has one writer, one connection without HTTP.
Refused are bids that arrived after a higher one: fifty clients' bids overtake each other on their way.
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from benchmarks.bidding import bare, stage
from benchmarks.bidding.server import Server, serving

CLIENTS = (1, 10, 50)
SECONDS, WARM_SECONDS, BARE_SECONDS = 5, 3, 3
AUCTIONS, BUYERS, PEOPLE_EACH = 50, 20, 30
PROCESSES = {"sqlite": 1, "postgresql": os.cpu_count() or 1}
SERVER = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg:///postgres")


@dataclass(frozen=True)
class Hall:
    """A marketplace full of bidders: one auction for all, and fifty to spread over."""

    kind: str
    variables: dict[str, str]
    bidders: list[stage.Bidder]
    auctions: list[uuid.UUID]


def run() -> list[dict[str, Any]]:
    """The rows of both databases; PostgreSQL only where one answers."""
    rows = []
    for kind, make in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        with tempfile.TemporaryDirectory() as folder, make(Path(folder)) as url:
            if url is not None:
                rows += _measure(kind, url, Path(folder))
    return rows


def _measure(kind: str, url: str, folder: Path) -> list[dict[str, Any]]:
    variables = stage.environment(folder, url)
    with stage.application(variables) as app:
        houses = stage.buyers(BUYERS)
        bidders = stage.bidders(app, houses, PEOPLE_EACH)
        auctions = stage.open_auctions(AUCTIONS + 1, houses)
        baselines = _baselines(kind, url, folder, stage.open_auctions(AUCTIONS, houses))
    hall = Hall(kind, variables, bidders, auctions)
    with serving(variables, PROCESSES[kind]) as server:
        _load(server, hall, hall.auctions[:1], 10, 0, WARM_SECONDS)
        return [row for spread in (1, AUCTIONS) for row in _rows(server, hall, spread, baselines)]


def _rows(
    server: Server, hall: Hall, spread: int, baselines: dict[tuple[int, int], float]
) -> Iterator[dict[str, Any]]:
    auctions = hall.auctions[:1] if spread == 1 else hall.auctions[1:]
    first = 100_000 if spread == 1 else 0  # above whatever the warming up has reached
    for clients in CLIENTS:
        result = _load(server, hall, auctions, clients, first, SECONDS)
        first = result["next_number"]
        name = f"bids_http_{hall.kind}_{'one' if spread == 1 else spread}_{clients}_clients"
        yield _row(name, result, baselines[spread, clients])


def _row(name: str, result: dict[str, Any], baseline: float) -> dict[str, Any]:
    milliseconds = sorted(result["milliseconds"])
    accepted = len(milliseconds) / SECONDS
    answers = sum(result["answers"].values())
    half, last = (milliseconds[int(len(milliseconds) * part)] for part in (0.5, 0.99))
    note = (
        f"accepted; p50 {half:.0f} ms, p99 {last:.0f} ms; {answers / SECONDS:.0f}/s answered with a receipt"
    )
    return {
        "name": name,
        "value": round(accepted),
        "unit": "1/s",
        "baseline": round(baseline),
        "ratio": round(accepted / baseline, 3),
        "note": note,
    }


def _load(  # noqa: PLR0917 - a measurement is what it is given
    server: Server, hall: Hall, auctions: list[uuid.UUID], clients: int, first: int, seconds: int
) -> dict[str, Any]:
    task = {
        "port": server.port,
        "seconds": seconds,
        "clients": clients,
        "auctions": [str(auction_id) for auction_id in auctions],
        "bidders": [asdict(bidder) for bidder in hall.bidders],
        "start": stage.START,
        "step": stage.STEP,
        "first_number": first,
    }
    return report_of("load", task)


def report_of(program: str, task: dict[str, Any]) -> dict[str, Any]:
    """What a program of this folder, in a process of its own, made of the task."""
    ran = subprocess.run(
        [sys.executable, "-m", f"benchmarks.bidding.{program}"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=True,
    )
    result: dict[str, Any] = json.loads(ran.stdout)
    return result


def _baselines(kind: str, url: str, folder: Path, auctions: list[uuid.UUID]) -> dict[tuple[int, int], float]:
    """Bare bids a second by spread and clients."""
    if kind == "sqlite":
        alone = bare.sqlite_per_second(BARE_SECONDS)
        return {(spread, clients): alone for spread in (1, AUCTIONS) for clients in CLIENTS}
    bare.prepare(auctions)
    database = url.rsplit("/", 1)[1]
    return {
        (spread, clients): bare.per_second(
            database, folder, clients=clients, auctions=spread, bidders=BUYERS, seconds=BARE_SECONDS
        )
        for spread in (1, AUCTIONS)
        for clients in CLIENTS
    }


@contextmanager
def _sqlite(folder: Path) -> Iterator[str | None]:
    yield f"sqlite:///{folder / 'marketplace.sqlite'}"


@contextmanager
def _postgresql(_folder: Path) -> Iterator[str | None]:
    """A database of its own on the server, or None where there is no server."""
    engine: Engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    name = f"auctions_benchmark_{uuid.uuid4().hex[:8]}"
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except OperationalError:
        yield None
        return
    try:
        yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()
