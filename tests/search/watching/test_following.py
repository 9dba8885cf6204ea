"""Changed lots meet saved searches: each is told once, in time, and nothing hidden is ever told."""

from datetime import timedelta
from typing import Any

import pytest
from builders import an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import Stage, broken, follow, mails_to, matched, notices_of, tell

import worker
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from search.watching import queries
from search.watching.models import Match, SavedSearch
from search.watching.rules.words import Channel, Frequency
from search.watching.service import following, searches
from search.watching.service.searches import Wish

WISH = Wish("Other", Frequency.AT_ONCE, frozenset({Channel.NOTICE}))


def test_a_new_lot_is_told_once_to_whom_it_concerns(stage: Stage, session: Session) -> None:
    stage.save()
    stage.save(stage.dave, name="Motors", arguments={"q": ["motor"]})
    stage.lot()
    assert follow() == 1
    assert matched(session) == ["Battery with a grid"]
    assert tell() == 1
    assert (follow(), tell()) == (0, 0)
    assert notices_of(stage.carol) == [("search_matched", "Batteries (1)")]
    assert notices_of(stage.dave) == []
    (mail,) = mails_to(stage.carol_row)
    assert mail.subject == "Batteries: 1 lot for you"
    assert "Battery with a grid" in mail.body
    assert "100,000.00 CNY" in mail.body
    assert mail.unsubscribe_url in mail.body
    assert not mails_to(stage.dave_row)
    assert broken(session) == []


def test_what_was_there_before_is_not_new(stage: Stage, session: Session, clock: FixedClock) -> None:
    stage.lot("Battery of old")
    clock.advance(seconds=1)
    stage.save()
    follow()
    assert matched(session) == []
    stage.lot("Battery of today")
    follow()
    assert matched(session) == ["Battery of today"]


def test_price_state_and_dates_are_told_again_and_nothing_else(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    stage.save()
    lot = stage.lot()
    follow()
    for changes, expected in (
        ({"description": "more words"}, 1),
        ({"start_price_minor": 9_000_000}, 2),
        ({"status": LotStatus.RESERVED}, 3),
        ({"status": LotStatus.PUBLISHED}, 3),
        ({"opens_at": clock() + timedelta(days=3)}, 4),
    ):
        clock.advance(minutes=1)
        stage.change(lot, **changes)
        follow()
        assert len(matched(session)) == expected, changes
    clock.advance(minutes=1)
    stage.announce(lot)
    follow()
    assert len(matched(session)) == 5
    assert tell() == 1
    (notice,) = notices_of(stage.carol)
    assert notice == ("search_matched", "Batteries (1)")


def test_drafts_and_withdrawn_lots_are_never_matched(stage: Stage, session: Session) -> None:
    stage.save()
    for status in LotStatus:
        stage.lot(f"Battery {status}", status=status)
    follow()
    assert set(matched(session)) == {
        f"Battery {name}" for name in ("published", "reserved", "sold", "unsold")
    }
    assert broken(session) == []


def test_a_lot_hidden_before_it_is_told_is_left_out(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    stage.save()
    hidden, shown = stage.lot("Battery hidden"), stage.lot("Battery shown")
    follow()
    clock.advance(seconds=1)
    stage.hide(hidden)
    tell()
    (mail,) = mails_to(stage.carol_row)
    assert shown.title in mail.body
    assert hidden.title not in mail.body
    session.rollback()
    assert session.scalars(select(Match.left_out).where(Match.lot_id == hidden.id)).one()
    assert [match.lot_id for match in session.scalars(queries.matches_of(_only(session).id))] == [shown.id]


def _only(session: Session) -> SavedSearch:
    return session.scalars(select(SavedSearch)).one()


def test_a_crash_loses_nothing_and_tells_nothing_twice(
    stage: Stage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.save()
    stage.lot()
    with monkeypatch.context() as broken_worker:
        broken_worker.setattr(following, "_note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            following.follow_changes()
    assert len(matched(session)) == 1
    assert follow() == 1
    assert len(matched(session)) == 1
    assert broken(session) == []
    with monkeypatch.context() as broken_worker:
        broken_worker.setattr("search.watching.service.telling.mail_finds", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tell()
    assert notices_of(stage.carol) == []
    tell()
    assert len(notices_of(stage.carol)) == len(mails_to(stage.carol_row)) == 1


def test_a_crash_between_two_parts_loses_nothing_and_writes_nothing_twice(
    stage: Stage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.watching.service.matches.MATCHES_A_PART", 2)
    monkeypatch.setattr(following, "SECONDS_BETWEEN_PARTS", 0)
    for number in range(3):
        stage.save(name=f"Search {number}")
    for number in range(2):
        stage.lot(f"Battery {number}")
    write, parts = following._write_part, list[bool]()

    def write_one(*arguments: Any) -> bool:
        if parts:
            raise ZeroDivisionError
        parts.append(write(*arguments))
        return True

    with monkeypatch.context() as broken_worker:
        broken_worker.setattr(following, "_write_part", write_one)
        with pytest.raises(ZeroDivisionError):
            following.follow_changes()
    assert len(matched(session)) == 2
    tell()
    assert follow() == 1
    assert len(matched(session)) == 6
    tell()
    told = sorted(title for _, title in notices_of(stage.carol))
    assert told == [f"Search {number} (2)" for number in range(3)]
    assert broken(session) == []


def test_a_step_that_another_worker_took_is_not_taken_again(stage: Stage, session: Session) -> None:
    stage.save()
    stage.lot()
    step = following._look(session)
    session.rollback()
    assert follow() == 1
    assert following._write_down(step) == 0
    assert len(matched(session)) == 1


def test_what_changes_while_it_is_looked_at_is_left_to_the_next_step(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    stage.save()
    lot = stage.lot()
    step = following._look(session)
    session.rollback()
    clock.advance(seconds=1)
    stage.hide(lot)
    following._write_down(step)
    assert matched(session) == []
    follow()
    assert matched(session) == []


def test_a_search_edited_meanwhile_finds_nothing_of_the_old(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    search = stage.save()
    stage.lot()
    step = following._look(session)
    session.rollback()
    clock.advance(seconds=1)
    with atomic() as writing:
        searches.edit(writing, stage.carol, search.id, WISH, {"q": ["motor"]})
    following._write_down(step)
    assert matched(session) == []


def test_a_transaction_that_commits_late_is_not_missed(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    stage.save()
    early = clock()
    clock.advance(minutes=5)
    stage.lot("Battery in time")
    follow()
    stage.lot("Battery late", changed_at=early)
    assert follow() == 1
    assert set(matched(session)) == {"Battery in time", "Battery late"}


def test_more_than_a_batch_is_followed_in_steps(
    stage: Stage, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 2)
    monkeypatch.setattr(following, "SEARCHES_AT_ONCE", 2)
    for number in range(5):
        stage.save(name=f"Search {number}")
        stage.lot(f"Battery {number}")
    assert follow() == 3
    assert len(matched(session)) == 25


def test_the_invariants_can_go_red(stage: Stage, session: Session, clock: FixedClock) -> None:
    stage.save()
    lot = stage.lot(published_at=None)
    follow()
    assert any("was not public" in problem for problem in broken(session))
    clock.advance(hours=2)
    assert any("lots to tell" in problem for problem in broken(session))
    with atomic() as writing:
        queries.lock_progress(writing).until = clock()
        row = writing.get_one(Lot, lot.id)
        row.changed_at += timedelta(seconds=1)
    assert any("passed over" in problem for problem in broken(session))
    with atomic() as writing:
        queries.lock_progress(writing).until = clock() + timedelta(days=1)
        an_institution(writing, InstitutionKind.BANK)
    assert any("yet to come" in problem for problem in broken(session))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_worker_follows_beside_the_tick_and_the_next_tick_tells(app: Flask, stage: Stage) -> None:
    stage.save()
    stage.lot()
    worker.tick(app)
    assert queries.progress(db.session()) is None
    db.session.rollback()
    assert worker.watch(app) == 1
    worker.tick(app)
    assert notices_of(stage.carol) == [("search_matched", "Batteries (1)")]
    assert worker.call(app) == 0
