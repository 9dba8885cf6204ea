"""Two workers at once on PostgreSQL: each lot is written down once and told once."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from watching_cast import Stage, follow, mails_to, matched, notices_of

from auctions.models import Auction
from marketplace import clock as system_clock
from marketplace import due
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from search.watching import queries
from search.watching.models import Progress
from search.watching.service import following, telling, watches

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", [pytest.param("postgresql")], indirect=True),
]

SEARCHES, LOTS = 5, 4


def both(app: Flask, clock: FixedClock, work: Callable[[], Any]) -> list[BaseException]:
    """Do the work in two threads that begin together; returns what went wrong."""
    begin, failures = threading.Barrier(2), list[BaseException]()

    def run() -> None:
        with app.app_context(), system_clock.use(clock):
            try:
                begin.wait(10)
                work()
            except BaseException as failure:  # noqa: BLE001 - it is looked at below
                failures.append(failure)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


@pytest.fixture
def stage(app: Flask) -> Stage:
    stage = Stage()
    for number in range(SEARCHES):
        stage.save(name=f"Search {number}")
    for number in range(LOTS):
        stage.lot(f"Battery {number}")
    db.session.remove()
    return stage


@pytest.fixture
def looked_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both workers look before either writes: the worst that can happen."""
    look, meet = following._look, threading.Barrier(2)

    def look_and_wait(session: Session) -> following.Step:
        step = look(session)
        meet.wait(10)
        return step

    monkeypatch.setattr(following, "_look", look_and_wait)


def test_two_workers_write_each_match_once(
    app: Flask, stage: Stage, clock: FixedClock, looked_together: None, session: Session
) -> None:
    assert both(app, clock, following.follow_changes) == []
    assert len(matched(session)) == SEARCHES * LOTS
    assert session.scalar(select(func.max(Progress.round))) == 1


def test_without_the_lock_the_race_is_noticed(
    app: Flask, stage: Stage, clock: FixedClock, looked_together: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: both take the step."""

    def unlocked(session: Session) -> Progress:
        found = queries.progress(session)
        return found or Progress(id=queries.STEP, until=clock(), round=0)

    monkeypatch.setattr(queries, "lock_progress", unlocked)
    assert both(app, clock, following.follow_changes) != []


def test_an_opening_told_while_its_date_moves_is_told_again_for_the_new_date(
    app: Flask, stage: Stage, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, session: Session
) -> None:
    """The tick tells of openings while the thread beside it writes down what has changed."""
    lot = stage.lot("Battery to be moved")
    auction = stage.announce(lot, hours=30)
    with atomic() as writing:
        watches.watch(writing, stage.carol, lot.id)
    follow()
    clock.advance(hours=7)
    with atomic() as writing:
        writing.get_one(Auction, auction.id).opens_at += timedelta(hours=10)
    note, told = following._note, list[bool]()

    def tell_meanwhile(*arguments: Any) -> None:
        def run() -> None:
            with app.app_context(), system_clock.use(clock), atomic() as writing:
                told.append(following.note_opening(writing))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(30)
        note(*arguments)

    with monkeypatch.context() as busy:
        busy.setattr(following, "_note", tell_meanwhile)
        assert following.follow_changes() == 1
    assert told == [False]
    clock.advance(hours=20)
    with atomic() as writing:
        assert following.note_opening(writing)


def drain() -> None:
    found = True
    while found:
        with atomic() as session:
            found = telling.tell_found(session)


def test_two_workers_tell_each_match_once(app: Flask, stage: Stage, clock: FixedClock) -> None:
    follow()
    db.session.remove()
    assert both(app, clock, drain) == []
    told = notices_of(stage.carol)
    assert sorted(title for _, title in told) == [f"Search {number} ({LOTS})" for number in range(SEARCHES)]
    assert sum(mail.body.count("/lots/") for mail in mails_to(stage.carol_row)) == SEARCHES * LOTS


def test_without_their_locks_somebody_is_told_twice(
    app: Flask, stage: Stage, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: both take the same searches."""
    follow()
    db.session.remove()
    meet, take = threading.Barrier(2), telling._take

    def take_together(session: Session, search: Any) -> Any:
        if meet.n_waiting < 2 and not meet.broken:
            with suppress(threading.BrokenBarrierError):
                meet.wait(3)
        return take(session, search)

    def unlocked(session: Session, statement: Any, _table: Any) -> Any:
        return session.scalars(statement.limit(1)).first()

    monkeypatch.setattr(telling, "_take", take_together)
    monkeypatch.setattr(due, "take_first", unlocked)
    monkeypatch.setattr(telling, "SEARCHES_A_MESSAGE", 1)
    both(app, clock, drain)
    assert len(notices_of(stage.carol)) > SEARCHES
