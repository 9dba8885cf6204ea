"""The worker: a failing row does not hold up the others; nothing is done outside its own transaction."""

import os
import signal
import threading
import uuid
from datetime import timedelta
from functools import partial

import pytest
from builders import an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import worker
from marketplace import due
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.heartbeat import service as heartbeat
from marketplace.heartbeat.models import Heartbeat, Outage
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus


def three_registered() -> list[uuid.UUID]:
    with atomic() as session:
        rows = [an_institution(session, InstitutionKind.BUYER, f"Buyer {number}") for number in range(3)]
        for row in rows:
            row.status = InstitutionStatus.REGISTERED
        return [row.id for row in rows]


def verified(session: Session) -> set[str]:
    session.rollback()
    statement = select(Institution.name).where(Institution.status == InstitutionStatus.VERIFIED)
    return set(session.scalars(statement))


def verify_one(session: Session) -> bool:
    """A job that cannot do Buyer 0 and leaves half a change behind when it fails."""
    statement = select(Institution).where(Institution.status == InstitutionStatus.REGISTERED)
    row = due.take_first(session, statement.order_by(Institution.name), Institution)
    if row is None:
        return False
    row.status = InstitutionStatus.VERIFIED
    if row.name == "Buyer 0":
        session.flush()
        raise ZeroDivisionError
    return True


@pytest.fixture
def only_that_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "JOBS", (verify_one,))
    monkeypatch.setattr(worker, "ERRANDS", ())


def test_a_row_that_fails_is_set_aside_and_the_others_go_on(
    app: Flask, session: Session, only_that_job: None
) -> None:
    three_registered()
    assert worker.tick(app) == 2
    assert verified(session) == {"Buyer 1", "Buyer 2"}


def test_what_was_set_aside_is_tried_again_later(
    app: Flask, session: Session, clock: FixedClock, only_that_job: None
) -> None:
    row_ids = three_registered()
    worker.tick(app)
    with atomic() as writing:
        writing.get_one(Institution, row_ids[0]).name = "Buyer mended"
    assert worker.tick(app) == 0
    clock.advance(seconds=due.RETRY_AFTER.total_seconds() + 1)
    assert worker.tick(app) == 1
    assert len(verified(session)) == 3


def test_an_errand_that_fails_stops_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "JOBS", ())
    monkeypatch.setattr(worker, "ERRANDS", (fail, lambda: 3))
    assert worker.tick(app) == 3


def test_an_idle_tick_does_nothing(app: Flask, clock: FixedClock) -> None:
    clock.move_to(clock() + timedelta(days=1))
    worker.tick(app)
    assert worker.tick(app) == 0


def test_the_worker_says_that_it_lives_and_finds_out_that_it_did_not(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "JOBS", ())
    monkeypatch.setattr(worker, "ERRANDS", (lambda: 1, lambda: 2))
    assert worker.tick(app, worker.Pulse(app)) == 3
    clock.advance(minutes=5)
    pulse = worker.Pulse(app)
    worker.tick(app, pulse)
    worker.tick(app, pulse)
    with atomic() as session:
        (outage,) = session.scalars(select(Outage))
        assert outage.ended_at - outage.began_at == timedelta(minutes=5)
        assert session.scalars(select(Heartbeat)).one().beat_at == clock.moment


def test_a_heartbeat_that_cannot_be_written_stops_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_session: Session) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(heartbeat, "beat", fail)
    monkeypatch.setattr(worker, "JOBS", ())
    monkeypatch.setattr(worker, "ERRANDS", (lambda: 1,))
    assert worker.tick(app, worker.Pulse(app)) == 1


def test_what_takes_long_is_studied_beside_the_tick(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def long_work() -> int:
        asked.append("long")
        return 1

    def broken() -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "STUDIES", (broken, long_work))
    worker.tick(app)
    assert asked == []
    assert worker.study(app) == 1


def test_saved_searches_are_followed_beside_the_tick(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes and however it fails, the tick goes on meanwhile."""
    entered, leave = threading.Event(), threading.Event()

    def long_work() -> int:
        entered.set()
        return leave.wait(30)

    monkeypatch.setattr(worker, "WATCHES", (long_work,))
    thread = threading.Thread(target=worker.watch, args=(app,))
    thread.start()
    assert entered.wait(10)
    worker.tick(app)
    assert thread.is_alive()
    leave.set()
    thread.join(10)
    monkeypatch.setattr(worker, "WATCHES", (lambda: 1 // 0,))
    assert worker.watch(app) == 0


def test_the_worker_starts_every_thread_and_ends_when_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work = {name: threading.Event() for name in ("STUDIES", "CALLS", "WATCHES")}

    def begin(begun: threading.Event) -> int:
        begun.set()
        return 0

    def stop_when_all_have_begun(_app: Flask, _pulse: worker.Pulse) -> int:
        assert all(begun.wait(10) for begun in at_work.values())
        os.kill(os.getpid(), signal.SIGTERM)
        return 1

    for name, begun in at_work.items():
        monkeypatch.setattr(worker, name, (partial(begin, begun),))
    monkeypatch.setattr(worker, "create_app", lambda: app)
    monkeypatch.setattr(worker, "tick", stop_when_all_have_begun)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        worker.main()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
