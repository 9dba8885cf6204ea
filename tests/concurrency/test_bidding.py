"""Fifty bidders in one auction on PostgreSQL: what one lock has to hold, and that without it all breaks."""

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from builders import a_lot, an_actor, an_institution
from crowd import raised_at_once
from flask import Flask
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from auctions import invariants, queries, service
from auctions.models import Auction, JournalEntry
from auctions.rules import Action, Outcome
from marketplace import clock as system_clock
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.deals.models import Deal
from marketplace.money import decimal_text

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", [pytest.param("postgresql")], indirect=True),
]

BIDDERS, BIDS = 50, 4
STEP = 100_000
START = 10_000_000


@pytest.fixture
def many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every bidder its own connection, so that the database's lock decides and not the pool's."""
    wide = {"pool_size": BIDDERS + 5, "connect_args": {"options": "-c lock_timeout=30s -c timezone=UTC"}}
    monkeypatch.setattr("marketplace.db.engine_options", lambda _url: wide)


@pytest.fixture
def auction_and_bidders(
    many_connections: None, app: Flask, clock: FixedClock
) -> tuple[uuid.UUID, list[Actor]]:
    with atomic() as session:
        bank = an_institution(session, InstitutionKind.BANK)
        lot = a_lot(session, bank, rule_pack="open", reserve_minor=None, deposit_minor=None)
        seller = an_actor(session, InstitutionKind.BANK, institution=bank)
        opens_at = clock.moment + timedelta(hours=1)
        auction = service.schedule(session, seller, lot.id, opens_at, opens_at + timedelta(days=1))
        actors = [an_actor(session, InstitutionKind.BUYER) for _ in range(BIDDERS)]
        for actor in actors:
            service.register(session, actor, auction.id)
    clock.move_to(opens_at)
    with atomic() as session:
        assert service.open_due(session)
    db.session.remove()
    return auction.id, actors


def bid_once(actor: Actor, auction_id: uuid.UUID, amount: int) -> None:
    with atomic() as session:
        text = decimal_text(amount, "CNY")
        service.place(session, actor, auction_id, Action.BID, text, uuid.uuid4().hex)


def least_next(auction_id: uuid.UUID) -> int:
    price = db.session.scalar(select(Auction.price_minor).where(Auction.id == auction_id))
    return START if price is None else price + STEP


def bid_often(actor: Actor, auction_id: uuid.UUID) -> Callable[[], None]:
    """Look at the price and bid the least raise, as often as is asked, whatever the answer is."""

    def act() -> None:
        for _ in range(BIDS):
            bid_once(actor, auction_id, least_next(auction_id))

    return act


def faults(session: Session, auction_id: uuid.UUID) -> list[str]:
    """What is wrong with an auction in which everybody raised by one step: sequence, price, invariants."""
    session.rollback()
    auction = session.get_one(Auction, auction_id, populate_existing=True)
    found = [name for name, question in invariants.CHECKS if question(session)]
    accepted = select(func.count()).where(JournalEntry.decision == queries.ACCEPTED)
    if auction.price_minor != START + STEP * (session.scalar(accepted) or 0) - STEP:
        found.append("the price is not the number of raises")
    if session.scalar(select(func.count()).select_from(JournalEntry)) != BIDDERS * BIDS:
        found.append("bids are missing")
    return found


def test_fifty_bidders_leave_a_dense_journal_the_right_price_and_one_winner(
    app: Flask, clock: FixedClock, auction_and_bidders: tuple[uuid.UUID, list[Actor]]
) -> None:
    auction_id, actors = auction_and_bidders
    assert raised_at_once(app, [bid_often(actor, auction_id) for actor in actors]) == []
    assert faults(db.session(), auction_id) == []
    clock.advance(days=1)
    with atomic() as session:
        assert service.close_due(session)
    with atomic() as session:
        auction = queries.find_auction(session, auction_id)
        (deal,) = session.scalars(select(Deal))
        assert (auction.outcome, deal.price_minor) == (Outcome.SOLD, auction.price_minor)


def test_without_the_lock_the_same_crowd_breaks_it(
    app: Flask,
    clock: FixedClock,
    auction_and_bidders: tuple[uuid.UUID, list[Actor]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The planted fault: if this ever passes unnoticed, the test above proves nothing."""
    auction_id, actors = auction_and_bidders

    def no_lock(asked: uuid.UUID) -> Select[Auction]:
        return select(Auction).where(Auction.id == asked)

    monkeypatch.setattr(queries, "lock_statement", no_lock)
    raised = raised_at_once(app, [bid_often(actor, auction_id) for actor in actors])
    # The constraint on (auction, sequence) is the second wall: it turns lost updates into errors.
    assert any(isinstance(error, IntegrityError) for error in raised)
    assert faults(db.session(), auction_id) != []


def test_fifty_equal_bids_have_one_winner(
    app: Flask, auction_and_bidders: tuple[uuid.UUID, list[Actor]]
) -> None:
    auction_id, actors = auction_and_bidders
    acts = [partial(bid_once, actor, auction_id, START) for actor in actors]
    assert raised_at_once(app, acts) == []
    with atomic() as session:
        decisions = [entry.decision for entry, _ in queries.journal_of(session, auction_id)]
        assert decisions.count("accepted") == 1
        assert decisions[0] == "accepted"
        assert decisions.count("refused:below_minimum") == BIDDERS - 1


def test_one_key_sent_twenty_times_is_one_entry(
    app: Flask, auction_and_bidders: tuple[uuid.UUID, list[Actor]]
) -> None:
    auction_id, (carol, *_) = auction_and_bidders

    def act() -> None:
        with atomic() as session:
            entry = service.place(session, carol, auction_id, Action.BID, "100000.00", "the-same-key")
            assert entry.decision == "accepted"

    assert raised_at_once(app, [act] * 20) == []
    with atomic() as session:
        assert queries.count_journal(session, auction_id) == 1


def test_bids_and_two_workers_at_the_close_agree_on_one_end(
    app: Flask, auction_and_bidders: tuple[uuid.UUID, list[Actor]]
) -> None:
    """The clock passes the end while bids are under way: each is before the close or refused, one deal."""
    auction_id, actors = auction_and_bidders
    closes_at = db.session.get_one(Auction, auction_id).closes_at
    assert closes_at is not None
    ticking = _Ticking(closes_at - timedelta(microseconds=30))

    def close() -> None:
        for _ in range(10):
            with atomic() as session:
                service.close_due(session)

    with system_clock.use(ticking):
        crowd = [bid_often(actor, auction_id) for actor in actors[:20]]
        assert raised_at_once(app, [*crowd, close, close]) == []
        ticking.jump()
        close()
        close()
    with atomic() as session:
        assert [name for name, question in invariants.CHECKS if question(session)] == []
        assert len(session.scalars(select(Deal)).all()) == 1
        ended = queries.find_auction(session, auction_id)
        assert ended.outcome is Outcome.SOLD
        for entry, _ in queries.journal_of(session, auction_id):
            assert entry.decision != "accepted" or entry.at < (ended.closes_at or entry.at)


class _Ticking:
    """A clock that moves a microsecond at each look, and over the end at last."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)
        self.lock = threading.Lock()

    def __call__(self) -> datetime:
        with self.lock:
            self.moment += timedelta(microseconds=1)
            return self.moment

    def jump(self) -> None:
        self.moment += timedelta(days=1)


def test_case_22_a_bid_that_waited_for_the_lock_past_the_end_is_too_late(
    app: Flask, clock: FixedClock, auction_and_bidders: tuple[uuid.UUID, list[Actor]]
) -> None:
    """A bid in flight at the close was taken: what counts is the moment of the lock, not that of arrival."""
    auction_id, (carol, *_) = auction_and_bidders
    holding, waiting = threading.Event(), threading.Event()

    def hold() -> None:
        with atomic() as session:
            auction = queries.lock_auction(session, auction_id)
            holding.set()
            waiting.wait(10)
            while not _somebody_waits():
                pass
            clock.move_to(auction.closes_at or clock.moment)

    def bid_late() -> None:
        holding.wait(10)
        waiting.set()
        bid_once(carol, auction_id, START)

    assert raised_at_once(app, [hold, bid_late]) == []
    with atomic() as session:
        assert [entry.decision for entry, _ in queries.journal_of(session, auction_id)] == ["refused:closed"]


def _somebody_waits() -> bool:
    """Whether PostgreSQL says that a session of this database waits for a lock."""
    with db.engine.connect() as connection:
        statement = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(connection.exec_driver_sql(statement).scalar())
