"""Bids decided together: threads of two processes, repeated keys, and whose trouble is whose."""

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from builders import a_lot, an_actor, an_institution
from crowd import at_once
from databases import Databases
from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from auctions import invariants, line, queries, service
from auctions.models import Auction, JournalEntry
from auctions.rules import Action
from auctions.service import Act
from marketplace import arrivals
from marketplace.access import Actor, InstitutionKind
from marketplace.arrivals import Arrival
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.errors import Conflict, MarketplaceError, Refused
from marketplace.money import decimal_text

THREADS, BIDS = 50, 4
START, STEP = 10_000_000, 100_000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def auction_and_bidders(app: Flask, clock: FixedClock) -> tuple[uuid.UUID, list[Actor]]:
    with atomic() as session:
        bank = an_institution(session, InstitutionKind.BANK)
        lot = a_lot(session, bank, rule_pack="open", reserve_minor=None, deposit_minor=None)
        seller = an_actor(session, InstitutionKind.BANK, institution=bank)
        opens_at = clock.moment + timedelta(hours=1)
        auction = service.schedule(session, seller, lot.id, opens_at, opens_at + timedelta(days=1))
        actors = [an_actor(session, InstitutionKind.BUYER) for _ in range(10)]
        for actor in actors:
            service.register(session, actor, auction.id)
    clock.move_to(opens_at)
    db.session.remove()
    return auction.id, actors


def bid(actor: Actor, auction_id: uuid.UUID, amount: int, key: str | None = None) -> JournalEntry:
    text = decimal_text(amount, "CNY")
    return line.bid(auction_id, Act(actor, Action.BID, text, key or uuid.uuid4().hex))


def raises(actor: Actor, auction_id: uuid.UUID, number: int) -> Callable[[], list[dict[str, Any]]]:
    """Bid ever more, twice with each key; returns what was acknowledged."""

    def act() -> list[dict[str, Any]]:
        kept = []
        for turn in range(BIDS):
            amount, key = START + STEP * (number + THREADS * turn), uuid.uuid4().hex
            first, again = (bid(actor, auction_id, amount, key) for _ in range(2))
            assert (first.sequence, first.hash) == (again.sequence, again.hash)
            kept.append({"sequence": first.sequence, "hash": first.hash, "receipt": first.receipt})
        return kept

    return act


def crowd(app: Flask, auction_id: uuid.UUID, actors: list[Actor]) -> list[Any]:
    acts = [raises(actors[number % len(actors)], auction_id, number) for number in range(THREADS)]
    return at_once(app, acts)


def faults(session: Session, auction_id: uuid.UUID, kept: list[dict[str, Any]]) -> list[str]:
    """What was acknowledged and does not stand in the journal, and every broken invariant."""
    session.rollback()
    stored = {entry.sequence: entry for entry, _ in queries.journal_of(session, auction_id)}
    lost = [
        f"{receipt['sequence']} is not in the journal"
        for receipt in kept
        if (entry := stored.get(receipt["sequence"])) is None
        or (entry.hash, entry.receipt) != (receipt["hash"], receipt["receipt"])
    ]
    broken = [name for name, question in invariants.CHECKS if question(session)]
    return lost + broken + ([] if len(stored) == len(kept) else ["the journal has more or fewer entries"])


def test_fifty_threads_of_two_processes_share_one_journal(
    app: Flask, databases: Databases, auction_and_bidders: tuple[uuid.UUID, list[Actor]], tmp_path: Path
) -> None:
    auction_id, actors = auction_and_bidders
    task = {
        "databases": [databases.marketplace_url, databases.transactions_url],
        "home": str(tmp_path),
        "auction": str(auction_id),
        "institutions": [str(actor.institution_id) for actor in actors],
    }
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    with subprocess.Popen(
        [sys.executable, "-m", "concurrency.other_process"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdin.write(json.dumps(task))
        other.stdin.close()
        assert other.stdout.readline() == "ready\n"
        outcomes = crowd(app, auction_id, actors)
        kept = json.loads(other.stdout.read())
    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] == []
    kept += [receipt for outcome in outcomes for receipt in outcome]
    assert len(kept) == 2 * THREADS * BIDS
    assert faults(db.session(), auction_id, kept) == []


@pytest.mark.postgresql
@pytest.mark.parametrize("databases", [pytest.param("postgresql")], indirect=True)
def test_without_the_lock_two_lines_break_it(
    app: Flask, auction_and_bidders: tuple[uuid.UUID, list[Actor]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: every thread its own line, as so many processes, and no lock between them."""
    auction_id, actors = auction_and_bidders

    def no_lock(asked: uuid.UUID) -> Select[Auction]:
        return select(Auction).where(Auction.id == asked)

    monkeypatch.setattr(queries, "lock_statement", no_lock)
    monkeypatch.setattr(line, "_lines", {})
    monkeypatch.setattr(line, "_line_of", lambda asked: line.Line(partial(line._decide, asked)))
    outcomes = crowd(app, auction_id, actors)
    assert [outcome for outcome in outcomes if isinstance(outcome, BaseException)] != []


def test_one_bids_trouble_is_not_its_neighbours(
    app: Flask, auction_and_bidders: tuple[uuid.UUID, list[Actor]]
) -> None:
    auction_id, (carol, dave, *_) = auction_and_bidders
    with atomic() as session:
        stranger = an_actor(session, InstitutionKind.BUYER)
        service.place(session, carol, auction_id, Action.BID, "100000.00", "used-before")
    acts = [
        partial(bid, dave, auction_id, START + STEP, "the-same-key"),
        partial(bid, dave, auction_id, START + STEP, "the-same-key"),
        partial(bid, dave, auction_id, START, "used-before"),
        partial(bid, stranger, auction_id, START + STEP),
    ]
    first, second, conflict, refused = _in_one_transaction(app, auction_id, acts)
    assert (first.decision, first.hash) == ("accepted", second.hash)
    assert isinstance(conflict, Conflict)
    assert isinstance(refused, Refused)
    assert refused.reason == "not_registered"
    assert faults(db.session(), auction_id, [_receipt(first)]) == [
        "the journal has more or fewer entries"  # Carol's, of before
    ]


def test_when_the_transaction_fails_nobody_is_told_yes(
    app: Flask, auction_and_bidders: tuple[uuid.UUID, list[Actor]], monkeypatch: pytest.MonkeyPatch
) -> None:
    auction_id, actors = auction_and_bidders
    monkeypatch.setattr(Session, "commit", _fail)
    acts = [partial(bid, actor, auction_id, START + STEP * number) for number, actor in enumerate(actors)]
    outcomes = _in_one_transaction(app, auction_id, acts)
    assert {type(outcome) for outcome in outcomes} == {OperationalError}
    monkeypatch.undo()
    assert faults(db.session(), auction_id, []) == []
    assert bid(actors[0], auction_id, START).sequence == 1


def test_whoever_came_before_is_decided_before(
    app: Flask, auction_and_bidders: tuple[uuid.UUID, list[Actor]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second stands in line first, and its bid would overtake that of the first."""
    auction_id, (carol, dave, *_) = auction_and_bidders
    monkeypatch.setattr(arrivals, "LONGEST_SECONDS", 30.0)
    first, second = (Arrival(by_server=False) for _ in range(2))
    held, mine = line._line_of(auction_id), threading.local()
    monkeypatch.setattr(line, "arrival", lambda: mine.arrival)

    def come_late() -> str:
        mine.arrival = first
        while not held._asking:
            pass
        return bid(carol, auction_id, START).decision

    def come_soon() -> str:
        mine.arrival = second
        return bid(dave, auction_id, START + STEP).decision

    assert at_once(app, [come_late, come_soon]) == ["accepted", "accepted"]


def test_who_comes_to_the_line_at_the_end_is_too_late(
    app: Flask, clock: FixedClock, auction_and_bidders: tuple[uuid.UUID, list[Actor]]
) -> None:
    """The time is read after the last of a batch has come, or a late bid would get an early moment."""
    auction_id, (carol, *_) = auction_and_bidders

    def waiting() -> list[Act]:
        clock.advance(days=1)
        return [Act(carol, Action.BID, "100000.00", "came-at-the-end")]

    with atomic() as session:
        (answer,) = service.place_together(session, auction_id, waiting)
        assert isinstance(answer, service.Answer)
        assert answer.entry.decision == "refused:closed"


def test_an_auction_that_is_none_is_not_found_by_any(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        carol = an_actor(session, InstitutionKind.BUYER)
    nowhere = uuid.uuid4()
    outcomes = at_once(app, [partial(bid, carol, nowhere, START)] * 5)
    assert {outcome.status for outcome in outcomes if isinstance(outcome, MarketplaceError)} == {404}


def _fail(_session: Session) -> None:
    raise OperationalError("COMMIT", None, Exception("the disk is full"))


def _receipt(entry: JournalEntry) -> dict[str, Any]:
    return {"sequence": entry.sequence, "hash": entry.hash, "receipt": entry.receipt}


def _in_one_transaction(app: Flask, auction_id: uuid.UUID, acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Hold the line until all stand in it, so that they are decided together."""
    held = line._line_of(auction_id)
    with held._gate:
        held._asking = True  # as if somebody were deciding

    def go() -> None:
        while len(held._waiting) < len(acts):
            pass
        held._call_next()

    *outcomes, _ = at_once(app, [*acts, go])
    return outcomes
