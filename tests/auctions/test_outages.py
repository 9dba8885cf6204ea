"""The platform was down: nothing closes for it, the time is given back, and everybody can read it."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import worker
from auctions import invariants, queries, service
from auctions.models import Auction
from auctions.outages import service as outages
from auctions.outages.models import Interruption
from auctions.outages.service import make_good_due
from auctions.rules import Action, Outcome
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.heartbeat import service as heartbeat
from marketplace.heartbeat.models import Outage
from marketplace.heartbeat.queries import lock_heartbeat

from .builders_of_auctions import Sale, a_bidder, a_sale, bid, opening

MINUTE = timedelta(minutes=1)


def beat() -> None:
    with atomic() as session:
        heartbeat.beat(session)


def lives(clock: FixedClock, duration: timedelta) -> None:
    """The worker is heard of every half minute until then."""
    until = clock.moment + duration
    while clock.moment < until:
        clock.advance(seconds=30)
        beat()


def journal(sale: Sale) -> list[tuple[Action, str | None]]:
    db.session.rollback()
    return [(entry.action, entry.amount) for entry, _ in queries.journal_of(db.session(), sale.auction.id)]


def reread(sale: Sale) -> Auction:
    db.session.rollback()
    return db.session.get_one(Auction, sale.auction.id, populate_existing=True)


def sound() -> list[str]:
    """What the invariants say: the journal is chained, and replaying it gives the state."""
    db.session.rollback()
    return [problem for _, question in invariants.CHECKS for problem in question(db.session())]


@pytest.fixture(autouse=True)
def only_auctions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker does what it does about auctions, in its order, and nothing else."""
    monkeypatch.setattr(worker, "JOBS", (make_good_due, service.open_due, service.close_due))
    monkeypatch.setattr(worker, "ERRANDS", ())


@pytest.fixture
def running(app: Flask, clock: FixedClock) -> Sale:
    """A bid lies in the auction, ten minutes are left, and the worker has just been heard of."""
    with atomic() as session:
        sale = a_sale(session)
        carol, _ = a_bidder(session, sale)
        clock.move_to(opening(sale))
        service.open_due(session)
        bid(session, carol, sale, "100000.00")
        closes_at = sale.auction.closes_at
        assert closes_at is not None
        clock.move_to(closes_at - 10 * MINUTE)
    beat()
    return sale


def test_an_end_that_passed_while_the_platform_was_down_is_moved(
    app: Flask, clock: FixedClock, running: Sale
) -> None:
    ends = reread(running).closes_at
    assert ends is not None
    clock.advance(minutes=30)
    beat()
    worker.tick(app)
    auction = reread(running)
    assert auction.outcome is Outcome.OPEN
    assert auction.closes_at == ends + 30 * MINUTE
    assert journal(running)[1:] == [(Action.SUSPEND, None), (Action.RESUME, None)]
    assert sound() == []
    lives(clock, 9 * MINUTE)
    worker.tick(app)
    assert reread(running).outcome is Outcome.OPEN
    lives(clock, 1 * MINUTE)
    worker.tick(app)
    assert reread(running).outcome is Outcome.SOLD
    assert sound() == []


def test_a_silence_below_the_threshold_is_no_outage(app: Flask, clock: FixedClock, running: Sale) -> None:
    lives(clock, 9 * MINUTE)
    clock.advance(seconds=60)
    beat()
    worker.tick(app)
    assert reread(running).outcome is Outcome.SOLD
    assert db.session.scalars(select(Outage)).all() == []


def test_with_ten_seconds_left_the_end_is_moved_to_ten_minutes(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        clock.move_to(opening(sale))
        service.open_due(session)
        closes_at = sale.auction.closes_at
        assert closes_at is not None
        clock.move_to(closes_at - timedelta(seconds=10))
    beat()
    clock.advance(minutes=5)
    beat()
    worker.tick(app)
    assert reread(sale).closes_at == clock.moment + 10 * MINUTE
    assert journal(sale)[-1] == (Action.EXTEND, "590")
    assert sound() == []


def test_the_first_bid_after_an_outage_does_not_close_the_auction(
    app: Flask, clock: FixedClock, running: Sale
) -> None:
    """The web server is back before the worker: the bid itself gives the time back and is taken."""
    with atomic() as session:
        dave, _ = a_bidder(session, running)
    clock.advance(minutes=30)
    with atomic() as session:
        entry = bid(session, dave, running, "120000.00")
        assert entry.decision == "accepted"
    assert reread(running).outcome is Outcome.OPEN
    clock.advance(minutes=2)
    beat()
    worker.tick(app)
    auction = reread(running)
    assert (auction.outcome, auction.price_minor) == (Outcome.OPEN, 12_000_000)
    assert sound() == []


def test_a_close_by_another_worker_gives_the_time_back_first(
    app: Flask, clock: FixedClock, running: Sale
) -> None:
    """Not even a worker that has not beaten yet, and looks for what is due to close, closes it."""
    clock.advance(minutes=30)
    with atomic() as session:
        service.close_due(session)
    assert reread(running).outcome is Outcome.OPEN


def test_an_operator_comes_before_the_worker(app: Flask, clock: FixedClock, running: Sale) -> None:
    clock.advance(minutes=30)
    with atomic() as session:
        control = (session, running.operator, running.auction.id)
        assert service.control(*control, Action.EXTEND, "as announced", "3600").decision == "accepted"
    assert reread(running).outcome is Outcome.OPEN
    assert sound() == []


def test_two_workers_give_the_time_back_once(app: Flask, clock: FixedClock, running: Sale) -> None:
    ends = reread(running).closes_at
    assert ends is not None
    clock.advance(minutes=30)
    db.session.rollback()
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        with app.app_context():
            beat()
            db.session.remove()
        worker.tick(app)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reread(running).closes_at == ends + 30 * MINUTE
    assert len(db.session.scalars(select(Outage)).all()) == 1
    assert len(db.session.scalars(select(Interruption)).all()) == 1
    assert sound() == []


def test_after_a_long_outage_a_person_decides(app: Flask, clock: FixedClock, running: Sale) -> None:
    ends = reread(running).closes_at
    assert ends is not None
    clock.advance(hours=30)
    beat()
    worker.tick(app)
    auction = reread(running)
    assert (auction.suspended, auction.outcome) == (True, Outcome.OPEN)
    clock.advance(hours=2)
    beat()
    worker.tick(app)
    with atomic() as session:
        service.control(session, running.operator, running.auction.id, Action.RESUME, "all is well again")
    assert reread(running).closes_at == ends + timedelta(hours=32)
    worker.tick(app)
    assert reread(running).closes_at == ends + timedelta(hours=32)
    assert sound() == []


def test_what_ended_before_the_outage_is_closed(app: Flask, clock: FixedClock, running: Sale) -> None:
    clock.advance(minutes=11)
    with atomic() as session:
        session.add(Outage(part="worker", began_at=clock.moment, ended_at=clock.moment + 30 * MINUTE))
    clock.advance(minutes=30)
    beat_quietly(clock)
    with atomic() as session:
        assert service.close_due(session)
    assert reread(running).outcome is Outcome.SOLD


def beat_quietly(clock: FixedClock) -> None:
    """The worker was alive all the time, as far as its row says."""
    with atomic() as session:
        row = lock_heartbeat(session)
        assert row is not None
        row.beat_at = clock.moment


def test_a_suspended_auction_loses_nothing_by_an_outage(app: Flask, clock: FixedClock, running: Sale) -> None:
    ends = reread(running).closes_at
    assert ends is not None
    with atomic() as session:
        service.control(session, running.operator, running.auction.id, Action.SUSPEND, "a question")
    beat()
    clock.advance(minutes=30)
    beat()
    worker.tick(app)
    with atomic() as session:
        service.control(session, running.operator, running.auction.id, Action.RESUME, "answered")
    worker.tick(app)
    assert reread(running).closes_at == ends + 30 * MINUTE
    assert sound() == []


def test_without_a_worker_there_was_never_an_outage(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        sale = a_sale(session)
        clock.move_to(opening(sale) + timedelta(days=2))
        assert service.close_due(session)
    assert reread(sale).outcome is Outcome.UNSOLD


def test_a_worker_that_closes_first_is_found_out(
    app: Flask, clock: FixedClock, running: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: without the look back at the outage the auction closes while nobody could bid."""
    monkeypatch.setattr(outages, "make_good_before", lambda _session, _auction, now: now)
    clock.advance(minutes=30)
    with atomic() as session:
        assert service.close_due(session)
    assert reread(running).outcome is Outcome.SOLD


def test_there_is_nothing_to_make_good_twice(session: Session, clock: FixedClock, running: Sale) -> None:
    clock.advance(minutes=30)
    beat()
    with atomic() as writing:
        assert make_good_due(writing)
    with atomic() as writing:
        assert not make_good_due(writing)
