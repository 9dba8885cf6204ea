"""Saved searches: kept within limits, told in digests, paused, deleted, forgotten."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import Stage, broken, follow, mails_to, matched, notices_of, tell

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import NotFound, Refused
from search.watching.models import Match, SavedSearch
from search.watching.rules.words import Channel, Frequency, WatchReason
from search.watching.service import searches
from search.watching.service.searches import Wish

WISH = Wish("Other", Frequency.AT_ONCE, frozenset({Channel.NOTICE}))


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
