"""Changed lots meet saved searches: each is told once, in time, and nothing hidden is ever told."""

from datetime import timedelta

import pytest
from builders import an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import Stage, follow, mails_to, matched, notices_of, tell

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from search.watching import invariants, queries
from search.watching.models import Match, SavedSearch
from search.watching.rules.words import Channel, Frequency, WatchReason
from search.watching.service import following, searches
from search.watching.service.searches import Wish

WISH = Wish("Other", Frequency.AT_ONCE, frozenset({Channel.NOTICE}))


@pytest.fixture
def stage(app: Flask) -> Stage:
    return Stage()


def broken(session: Session) -> list[str]:
    session.rollback()
    return [problem for _, question in invariants.CHECKS for problem in question(session)]


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
    assert matched(session) == []
    assert follow() == 1
    assert len(matched(session)) == 1
    with monkeypatch.context() as broken_worker:
        broken_worker.setattr("search.watching.service.telling.mail_finds", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tell()
    assert notices_of(stage.carol) == []
    tell()
    assert len(notices_of(stage.carol)) == len(mails_to(stage.carol_row)) == 1


def test_a_step_that_another_worker_took_is_not_taken_again(stage: Stage, session: Session) -> None:
    stage.save()
    stage.lot()
    step = following._look(session)
    session.rollback()
    assert follow() == 1
    with atomic() as writing:
        assert following._take(writing, step) == 0
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
    with atomic() as writing:
        following._take(writing, step)
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
    with atomic() as writing:
        following._take(writing, step)
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


def test_digests_wait_for_the_morning_and_come_as_one_mail(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    stage.save(name="Daily", frequency=Frequency.DAILY)
    stage.save(name="Daily too", frequency=Frequency.DAILY, arguments={"class": ["H01M"]})
    stage.save(name="Weekly", frequency=Frequency.WEEKLY)
    for number in range(3):
        stage.lot(f"Battery {number}")
        follow()
        clock.advance(hours=1)
    assert tell() == 0
    clock.advance(hours=20)  # Tuesday 01:00 UTC, nine in the morning there
    assert tell() == 1
    (mail,) = mails_to(stage.carol_row)
    assert mail.subject == "6 lots for you"
    assert mail.body.count("Battery 1") == 2
    assert "Weekly" not in mail.body
    clock.advance(days=6)
    assert tell() == 1
    assert mails_to(stage.carol_row)[1].subject == "Weekly: 3 lots for you"
    assert broken(session) == []


def test_a_message_names_so_many_lots_and_counts_the_others(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.watching.messages.LOTS_A_MESSAGE", 2)
    stage.save()
    for number in range(5):
        stage.lot(f"Battery {number}")
    follow()
    tell()
    (mail,) = mails_to(stage.carol_row)
    assert mail.subject == "Batteries: 5 lots for you"
    assert mail.body.count("Battery ") == 2
    assert "and 3 more lots" in mail.body


def test_bands_of_time_are_reckoned_when_a_lot_is_matched(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    stage.save(arguments={"life": ["10-15"]})
    stage.lot("Ends in twelve years")  # on 2038-05-04
    follow()
    clock.advance(days=3 * 365)
    stage.lot("Ends in nine years")
    follow()
    assert matched(session) == ["Ends in twelve years"]


def test_a_paused_search_finds_and_tells_nothing(stage: Stage, session: Session, clock: FixedClock) -> None:
    search = stage.save()
    stage.lot("Battery before")
    follow()
    with atomic() as writing:
        searches.pause(writing, stage.carol, search.id)
    stage.lot("Battery during")
    follow()
    tell()
    assert matched(session) == ["Battery before"]
    assert notices_of(stage.carol) == []
    clock.advance(seconds=1)
    with atomic() as writing:
        searches.resume(writing, stage.carol, search.id)
    stage.lot("Battery after")
    follow()
    tell()
    assert notices_of(stage.carol) == [("search_matched", "Batteries (1)")]


def test_a_person_switched_off_is_told_nothing(stage: Stage, session: Session) -> None:
    stage.save()
    stage.lot()
    follow()
    with atomic() as writing:
        writing.merge(stage.carol_row).active = False
    tell()
    assert not mails_to(stage.carol_row)


def test_a_search_that_can_no_longer_be_read_finds_nothing_and_stays(stage: Stage, session: Session) -> None:
    search = stage.save()
    with atomic() as writing:
        writing.get_one(SavedSearch, search.id).arguments = {"class": ["??"]}
    stage.save(name="Sound")
    stage.lot()
    follow()
    assert matched(session) == ["Battery with a grid"]
    assert session.get(SavedSearch, search.id) is not None


def test_limits_and_foreign_searches(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "SEARCHES_LIMIT", 2)
    first, _ = stage.save(), stage.save()
    with pytest.raises(Refused) as refused:
        stage.save()
    assert refused.value.reason is WatchReason.TOO_MANY_SEARCHES
    with pytest.raises(Refused) as nothing:
        stage.save(stage.dave, arguments={"sort": ["newest"]})
    assert nothing.value.reason is WatchReason.SAYS_NOTHING
    with pytest.raises(Refused) as webhook:
        stage.save(stage.dave, channels=frozenset({Channel.WEBHOOK}))
    assert webhook.value.reason is WatchReason.NO_WEBHOOK
    for verb in (searches.pause, searches.resume, searches.delete):
        with pytest.raises(NotFound), atomic() as session:
            verb(session, stage.dave, first.id)
    with pytest.raises(NotFound), atomic() as session:
        searches.edit(session, stage.dave, first.id, WISH)


def test_deleting_a_search_forgets_what_it_found(stage: Stage, session: Session) -> None:
    search = stage.save()
    stage.lot()
    follow()
    with atomic() as writing:
        searches.delete(writing, stage.carol, search.id)
    session.rollback()
    assert session.scalars(select(Match)).all() == []
    assert tell() == 0


def test_what_was_found_long_ago_is_forgotten(stage: Stage, session: Session, clock: FixedClock) -> None:
    stage.save()
    stage.lot()
    follow()
    tell()
    clock.advance(days=181)
    with atomic() as writing:
        assert searches.forget_old(writing)
    assert matched(session) == []


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
