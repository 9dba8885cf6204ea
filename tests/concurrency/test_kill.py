"""`kill -9` of web and worker processes while people bid: what was acknowledged stands in the journal.

A kill tests what the processes promise, not the disk; `/readyz` refuses databases set to lose power cuts.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from databases import Databases
from soak import examples
from sqlalchemy import select
from web_process import ROOT, WebServer, send_bid, serving

from auctions import invariants, queries
from auctions.models import Auction
from auctions.rules import Outcome
from benchmarks.bidding import stage
from benchmarks.bidding.stage import Bidder
from marketplace import clock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal

pytestmark = pytest.mark.long

CLIENTS = 6
KILLS = 12  # on each database: 24 in CI, 480 in a soak
SHORT_AUCTIONS = 6


@dataclass
class Evidence:
    """What the bidders hold: receipts they were given, and acts whose answer they never got.

    Attributes:
        unknown: person, amount and key of each such act.
    """

    receipts: list[dict[str, Any]] = field(default_factory=list)
    unknown: list[tuple[Bidder, str, str]] = field(default_factory=list)
    number: int = 0
    gate: threading.Lock = field(default_factory=threading.Lock)

    def next_amount(self) -> str:
        with self.gate:
            self.number += 1
            return stage.amount(self.number)


@dataclass
class Place:
    """A marketplace on its own databases, its hall full of signed-in bidders."""

    folder: Path
    variables: dict[str, str]
    bidders: list[Bidder]
    auction_id: uuid.UUID
    evidence: Evidence = field(default_factory=Evidence)


@pytest.fixture
def place(databases: Databases, tmp_path: Path) -> Place:
    variables = stage.environment(tmp_path, databases.marketplace_url)
    variables["TRANSACTIONS_URL"] = databases.transactions_url
    with stage.application(variables) as app:
        houses = stage.buyers(CLIENTS)
        bidders = stage.bidders(app, houses, 40)
        (auction_id,) = stage.open_auctions(1, houses)
    return Place(tmp_path, variables, bidders, auction_id)


@contextmanager
def bidding(place: Place, server: WebServer) -> Iterator[None]:
    """Everybody raises by turns, each person so seldom that no limit is met, until the block ends."""
    over = threading.Event()

    def bid(client: int) -> None:
        people = place.bidders[client::CLIENTS]
        for turn in range(100_000):
            if over.is_set():
                return
            person, amount, key = people[turn % len(people)], place.evidence.next_amount(), uuid.uuid4().hex
            _bid_once(place, server.port, (person, amount, key))

    clients = [threading.Thread(target=bid, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        yield
    finally:
        over.set()
        for client in clients:
            client.join()


def _bid_once(place: Place, port: int, act: tuple[Bidder, str, str]) -> None:
    person, amount, key = act
    try:
        status, answer = send_bid(port, place.auction_id, person, amount, key)
    except (OSError, HTTPException, ValueError):
        place.evidence.unknown.append(act)
        time.sleep(0.02)
        return
    if "receipt" in answer:
        place.evidence.receipts.append(answer)
    else:
        assert status == 503, answer  # the database was busy; nothing was taken


def lost(place: Place) -> list[str]:
    """Receipts that the journal does not bear out, and every broken invariant."""
    with stage.application(place.variables):
        entries = {entry.sequence: entry for entry, _ in queries.journal_of(db.session(), place.auction_id)}
        found = [name for name, question in invariants.CHECKS if question(db.session())]
    for receipt in place.evidence.receipts:
        entry = entries.get(receipt["sequence"])
        kept = entry and (entry.hash, entry.receipt, entry.decision, entry.idempotency_key)
        if kept != tuple(receipt[name] for name in ("hash", "receipt", "decision", "idempotency_key")):
            found.append(f"entry {receipt['sequence']} was acknowledged and is not there")
    return found


def kill_often(place: Place, server: WebServer, times: int) -> None:
    """Each time let the new process acknowledge some bids, and kill it at a random moment after."""
    chance = random.Random(7)
    for _ in range(times):
        enough, deadline = len(place.evidence.receipts) + chance.randint(1, 10), time.monotonic() + 20
        while len(place.evidence.receipts) < enough and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.03))
        server.kill()


def test_no_acknowledged_bid_is_lost_when_the_web_process_is_killed(place: Place) -> None:
    with serving(place.variables, place.folder) as server:
        with bidding(place, server):
            kill_often(place, server, examples(KILLS))
            time.sleep(0.5)
        assert len(place.evidence.receipts) > examples(KILLS)
        assert lost(place) == []
        known = {receipt["idempotency_key"] for receipt in place.evidence.receipts}
        for person, amount, key in place.evidence.unknown[:100]:
            _, first = send_bid(server.port, place.auction_id, person, amount, key)
            _, again = send_bid(server.port, place.auction_id, person, amount, key)
            assert first["hash"] == again["hash"]
            assert key not in known
            place.evidence.receipts.append(first)
    assert lost(place) == []


def test_a_server_that_answers_before_the_commit_is_caught(place: Place) -> None:
    """The planted fault: if this ever finds nothing, the test above proves nothing."""
    with (
        serving(place.variables, place.folder, app="concurrency.early_server:create()") as server,
        bidding(place, server),
    ):
        kill_often(place, server, 4)
    assert any("was acknowledged and is not there" in found for found in lost(place))


def test_a_killed_worker_closes_each_auction_once(place: Place) -> None:
    with stage.application(place.variables):
        houses = stage.buyers(2)
        short = stage.open_auctions(SHORT_AUCTIONS, houses)
        _end_soon(short)
    with serving(place.variables, place.folder) as server, working(place) as supervisor:
        with bidding(place, server):
            _kill_workers(supervisor, examples(8))
        deadline = time.monotonic() + 30
        while _open(place, short) and time.monotonic() < deadline:
            time.sleep(0.1)
    assert lost(place) == []
    with stage.application(place.variables):
        outcomes = db.session.scalars(select(Auction.outcome).where(Auction.id.in_(short))).all()
        assert outcomes == [Outcome.UNSOLD] * SHORT_AUCTIONS
        assert db.session.scalars(select(Deal)).all() == []


def _end_soon(auctions: list[uuid.UUID]) -> None:
    """Have each auction end a little after the one before it, all within the kills to come."""
    with atomic() as session:
        for number, auction_id in enumerate(auctions):
            auction = queries.lock_auction(session, auction_id)
            ends = clock.now() + timedelta(seconds=2 + number / 3)
            auction.terms = auction.terms | {"closes_at": clock.moment_text(ends)}
            auction.state = auction.state | {"closes_at": clock.moment_text(ends)}
            auction.closes_at = auction.due_at = ends


@contextmanager
def working(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """The worker under its supervisor."""
    environment = {
        **place.variables,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
    }
    command = [sys.executable, "-m", "concurrency.worker_process"]
    with (
        (place.folder / "worker.log").open("wb") as output,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output) as supervisor,
    ):
        try:
            yield supervisor
        finally:
            supervisor.terminate()


def _kill_workers(supervisor: subprocess.Popen[bytes], times: int) -> None:
    children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children")
    chance = random.Random(8)
    for _ in range(times):
        while not (running := children.read_text().split()):
            assert supervisor.poll() is None
            time.sleep(0.05)
        time.sleep(chance.uniform(0.1, 0.6))
        with suppress(ProcessLookupError):  # it had just ended of itself
            os.kill(int(running[0]), signal.SIGKILL)


def _open(place: Place, auctions: list[uuid.UUID]) -> bool:
    with stage.application(place.variables):
        open_ones = select(Auction.id).where(Auction.id.in_(auctions), Auction.outcome == Outcome.OPEN)
        return db.session.scalar(open_ones.limit(1)) is not None
