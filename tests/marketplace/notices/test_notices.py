"""Notices: what an institution is told, and how many of them one has not read."""

import pytest
from builders import a_person, actor_for, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.access import Actor, InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.money import Money
from marketplace.notices.queries import COUNT_LIMIT, count_unread, done
from marketplace.notices.rules import DECISIONS, DONE_BY, SHOWN_FOR, NoticeKind
from marketplace.notices.service import mark_read, notify
from marketplace.notices.texts import NOTICES, notice_text
from marketplace.parties.models import Person


@pytest.fixture
def alice(session: Session) -> Person:
    with atomic():
        return a_person(session, an_institution(session, InstitutionKind.BANK), "Alice")


def actor_of(person: Person) -> Actor:
    return actor_for(person, person.institution)


def unread(session: Session, person: Person, clock: FixedClock) -> int:
    return count_unread(session, actor_of(person), clock())


def test_every_kind_has_words(app: Flask) -> None:
    assert set(NOTICES) == set(NoticeKind)
    with app.test_request_context():
        for kind in NoticeKind:
            assert "Lot 7 100%" in notice_text(kind, "Lot 7 100%")


def test_a_notice_is_unread_until_the_person_has_read_it(
    session: Session, alice: Person, clock: FixedClock
) -> None:
    with atomic():
        amy = a_person(session, alice.institution, "Amy")
        notify(session, alice.institution_id, NoticeKind.LOT_SUBMITTED, "/lots/7", title="Lot 7")
    assert unread(session, alice, clock) == unread(session, amy, clock) == 1
    clock.advance(seconds=1)
    with atomic():
        mark_read(session, actor_of(alice))
    assert (unread(session, alice, clock), unread(session, amy, clock)) == (0, 1)
    clock.advance(seconds=1)
    with atomic():
        notify(session, alice.institution_id, NoticeKind.LOT_APPROVED, "/lots/7", title="Lot 7")
        mark_read(session, actor_of(amy))
    assert (unread(session, alice, clock), unread(session, amy, clock)) == (1, 0)


def test_others_see_neither_an_institutions_nor_a_persons_notices(
    session: Session, alice: Person, clock: FixedClock
) -> None:
    with atomic():
        mallory = a_person(session, an_institution(session, InstitutionKind.BANK), "Mallory")
        amy = a_person(session, alice.institution, "Amy")
        notify(
            session, alice.institution_id, NoticeKind.OUTBID, "/auctions/7", title="Lot 7", person_id=alice.id
        )
    assert [unread(session, one, clock) for one in (alice, amy, mallory)] == [1, 0, 0]


def test_old_notices_disappear_and_many_are_not_counted(
    session: Session, alice: Person, clock: FixedClock
) -> None:
    with atomic():
        for number in range(COUNT_LIMIT + 1):
            notify(session, alice.institution_id, NoticeKind.OUTBID, "/lots", title=f"Lot {number}")
    assert unread(session, alice, clock) == COUNT_LIMIT
    clock.advance(seconds=SHOWN_FOR.total_seconds())
    assert unread(session, alice, clock) == 0


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "lots/7", ""])
def test_a_notice_points_into_this_site(session: Session, alice: Person, url: str) -> None:
    with pytest.raises(ValueError, match="path"), atomic():
        notify(session, alice.institution_id, NoticeKind.OUTBID, url, title="Lot 7")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_page_shows_amount_date_and_link(
    client: FlaskClient, session: Session, alice: Person, clock: FixedClock
) -> None:
    signed_in(client, alice)
    assert client.get("/notices").status_code == 200
    with atomic():
        notify(
            session,
            alice.institution_id,
            NoticeKind.PAYMENT_DUE,
            "/deals/7",
            title="<b>Lot 7</b>",
            amount=Money(12_000_000, "CNY"),
            due_at=clock(),
        )
    page = client.get("/notices").text
    assert 'href="/deals/7"' in page
    assert "120,000.00 CNY" in page
    assert "<b>Lot 7</b>" not in page
    clock.advance(seconds=1)
    assert client.post("/notices/read").status_code == 303
    assert count_unread(session, actor_of(alice), clock()) == 0


def test_what_was_decided_no_longer_asks_for_a_decision(
    session: Session, alice: Person, clock: FixedClock
) -> None:
    steps = (
        (NoticeKind.LOT_SUBMITTED, "/lots/7"),
        (NoticeKind.LOT_RETURNED, "/lots/7"),
        (NoticeKind.LOT_SUBMITTED, "/lots/7"),
        (NoticeKind.LOT_SUBMITTED, "/lots/8"),
    )
    with atomic():
        told = []
        for kind, url in steps:
            told.append(notify(session, alice.institution_id, kind, url, title="Lot"))
            clock.advance(seconds=1)
        elsewhere = an_institution(session, InstitutionKind.BANK)
        notify(session, elsewhere.id, NoticeKind.LOT_APPROVED, "/lots/8", title="Lot")
    found = done(session, actor_of(alice), told)
    assert [notice.id in found for notice in told] == [True, True, False, False]


def test_only_what_asks_for_a_decision_can_be_done() -> None:
    assert set(DONE_BY) <= DECISIONS


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_page_says_that_it_is_done(
    client: FlaskClient, session: Session, alice: Person, clock: FixedClock
) -> None:
    signed_in(client, alice)
    english = {"Accept-Language": "en"}
    with atomic():
        notify(session, alice.institution_id, NoticeKind.LOT_SUBMITTED, "/lots/7", title="Lot 7")
    assert "to decide" in client.get("/notices", headers=english).text
    clock.advance(seconds=1)
    with atomic():
        notify(session, alice.institution_id, NoticeKind.LOT_APPROVED, "/lots/7", title="Lot 7")
    page = client.get("/notices", headers=english).text
    assert "to decide" not in page
    assert ">done<" in page
