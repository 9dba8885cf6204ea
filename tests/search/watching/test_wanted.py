"""Wanted notices: who publishes, reads, answers and ends them; how many look for a lot."""

from datetime import timedelta
from typing import Any

import pytest
from builders import an_actor
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import QUERY, Stage, follow, mails_to, notices_of, tell

from marketplace import clock as system_clock
from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus
from search.watching import invariants, wanted_queries
from search.watching.models import SavedSearch, WantedNotice
from search.watching.rules.words import WantedStatus, WatchReason
from search.watching.service import wanted
from search.watching.service.wanted import Wanted


def publish(actor: Actor, **changes: Any) -> WantedNotice:
    values: dict[str, Any] = {"title": "Batteries", "text": "For cars.", "arguments": QUERY}
    with atomic() as session:
        return wanted.publish(session, actor, Wanted(**(values | changes)))


def answer(actor: Actor, notice: WantedNotice, lot: Any = None) -> None:
    with atomic() as session:
        wanted.answer(session, actor, notice.id, "We have one.", lot.id if lot else None)


def status_of(session: Session, notice: WantedNotice) -> WantedStatus:
    session.rollback()
    return session.get_one(WantedNotice, notice.id, populate_existing=True).status


def test_lots_that_come_are_told_to_the_buyer_until_the_notice_ends(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    notice = publish(stage.carol, budget_minor=5, currency="USD")
    stage.lot()
    follow()
    tell()
    assert notices_of(stage.carol) == [("wanted_matched", "Batteries (1)")]
    assert f"/wanted/{notice.id}" in mails_to(stage.carol_row)[0].body
    clock.advance(seconds=1)
    with atomic() as writing:
        wanted.withdraw(writing, stage.carol, notice.id)
    stage.lot()
    follow()
    assert tell() == 0
    assert status_of(session, notice) is WantedStatus.WITHDRAWN
    assert not any(question(session) for _, question in invariants.CHECKS)
    with pytest.raises(Conflict), atomic() as writing:
        wanted.withdraw(writing, stage.carol, notice.id)


def test_a_notice_runs_out(stage: Stage, session: Session, clock: FixedClock) -> None:
    notice = publish(stage.carol)
    clock.advance(days=181)
    with pytest.raises(Conflict):
        answer(stage.alice, notice)
    for expected in (True, False):
        with atomic() as writing:
            assert wanted.expire_due(writing) is expected
    assert status_of(session, notice) is WantedStatus.EXPIRED
    assert notices_of(stage.carol) == [("wanted_expired", "Batteries")]


def test_the_operator_takes_down_and_says_why(stage: Stage, session: Session) -> None:
    notice = publish(stage.carol)
    with pytest.raises(NotAllowed), atomic() as writing:
        wanted.take_down(writing, stage.alice, notice.id, "no")
    with atomic() as writing:
        wanted.take_down(writing, stage.olga, notice.id, "An advertisement")
    assert status_of(session, notice) is WantedStatus.TAKEN_DOWN
    assert session.get_one(WantedNotice, notice.id).reason == "An advertisement"
    assert notices_of(stage.carol) == [("wanted_taken_down", "Batteries")]


def test_who_may_publish_and_how_many(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "WANTED_LIMIT", 1)
    publish(stage.bob)
    with pytest.raises(Refused) as refused:
        publish(stage.bob)
    assert refused.value.reason is WatchReason.TOO_MANY_WANTED
    for actor in (stage.alice, stage.olga):
        with pytest.raises(NotAllowed):
            publish(actor)
    unverified = Actor(
        stage.carol.person_id, stage.carol.institution_id, stage.carol.kind, stage.carol.roles, verified=False
    )
    with pytest.raises(NotAllowed):
        publish(unverified)
    with pytest.raises(Refused):
        publish(stage.carol, arguments={})


def test_another_buyer_cannot_withdraw_it(stage: Stage, session: Session) -> None:
    notice = publish(stage.carol)
    with pytest.raises(NotFound), atomic() as writing:
        wanted.withdraw(writing, stage.dave, notice.id)
    assert status_of(session, notice) is WantedStatus.OPEN


def test_answers_reach_the_buyer_alone(stage: Stage, session: Session) -> None:
    notice, lot = publish(stage.carol), stage.lot()
    answer(stage.alice, notice, lot)
    answer(stage.bob, notice)
    assert notices_of(stage.carol) == [("wanted_answered", "Batteries")] * 2
    assert len(mails_to(stage.carol_row)) == 2
    session.rollback()
    found = session.scalars(wanted_queries.answers_to(notice.id)).all()
    assert {(row.institution_id, row.lot_id) for row in found} == {
        (stage.alice.institution_id, lot.id),
        (stage.bob.institution_id, None),
    }


def test_answers_are_limited_and_about_lots_on_offer(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    notice, hidden = publish(stage.carol), stage.lot(status=LotStatus.DRAFTED)
    with pytest.raises(NotAllowed):
        answer(stage.dave, notice)
    with pytest.raises(Refused) as refused:
        answer(stage.alice, notice, hidden)
    assert (refused.value.reason, refused.value.field) == (WatchReason.NOT_ON_OFFER, "lot")
    monkeypatch.setattr(wanted, "ANSWERS_A_NOTICE", 1)
    answer(stage.alice, notice)
    with pytest.raises(Refused) as too_many:
        answer(stage.alice, notice)
    assert too_many.value.reason is WatchReason.TOO_MANY_ANSWERS
    monkeypatch.setattr(wanted, "ANSWERS_A_DAY", 1)
    with pytest.raises(Refused):
        answer(stage.alice, publish(stage.carol))


def test_a_notice_is_read_while_it_is_open_afterwards_by_its_buyer_and_the_operator(
    stage: Stage, session: Session
) -> None:
    notice = publish(stage.carol)
    now = system_clock.now()
    for actor in (None, stage.dave, stage.carol):
        assert wanted_queries.notice_for(session, notice.id, actor, now).id == notice.id
    later = now + timedelta(days=200)
    for actor in (None, stage.dave):
        with pytest.raises(NotFound):
            wanted_queries.notice_for(session, notice.id, actor, later)
    assert wanted_queries.notice_for(session, notice.id, stage.carol, later)
    assert wanted_queries.notice_for(session, notice.id, stage.olga, later, moderates=True)


def test_a_suspended_buyer_no_longer_speaks_to_the_public(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    notice, lot = publish(stage.carol, named=True), stage.lot()
    with atomic() as writing:
        buyer = writing.get_one(Institution, stage.carol.institution_id)
        buyer.status = InstitutionStatus.SUSPENDED
    session.rollback()
    assert session.scalars(wanted_queries.open_notices(clock())).all() == []
    assert wanted_queries.buyers_looking_for(session, lot, clock()) == (0, [])
    with pytest.raises(NotFound):
        wanted_queries.notice_for(session, notice.id, None, clock())


def test_buyers_are_counted_by_institution_and_named_only_where_they_agree(
    stage: Stage, session: Session, clock: FixedClock
) -> None:
    lot = stage.lot()
    publish(stage.carol)
    publish(stage.carol, title="More batteries")
    named = publish(stage.dave, named=True)
    publish(stage.bob, arguments={"q": ["motor"]})
    with atomic() as writing:
        third = an_actor(writing, InstitutionKind.BUYER)
    ended = publish(third)
    with atomic() as writing:
        wanted.withdraw(writing, third, ended.id)
    session.rollback()
    count, shown = wanted_queries.buyers_looking_for(session, lot, clock())
    assert (count, [notice.id for notice in shown]) == (2, [named.id])
    assert wanted_queries.buyers_looking_for(session, lot, clock() + timedelta(days=200)) == (0, [])


def test_a_notice_and_its_search_that_disagree_are_noticed(stage: Stage, session: Session) -> None:
    publish(stage.carol)
    with atomic() as writing:
        writing.scalars(select(SavedSearch)).one().paused_at = system_clock.now()
    session.rollback()
    assert invariants.ended_notices_find_nothing(session)
