"""A bid may begin with what is remembered of a sign-in; it is asked again before the bid is decided."""

import uuid
from typing import Any

import pytest
from flask import Flask
from live_cast import Somebody, Stage, a_stage
from sqlalchemy import update

from auctions import queries, service
from auctions.service import Act
from marketplace.access import Role
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.parties.models import Institution, Person, SignIn
from marketplace.parties.rules import InstitutionStatus
from marketplace.parties.service import sign_ins


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    stage = a_stage(app, clock)
    assert stage.carol.client.get(stage.url).status_code == 200  # from here on her sign-in is remembered
    return stage


def bid(stage: Stage, who: Somebody) -> int:
    asked = {"action": "bid", "amount": "100000.00", "idempotency_key": uuid.uuid4().hex}
    return who.client.post(f"/api{stage.url}/bids", json=asked).status_code


def entries(stage: Stage) -> int:
    db.session().rollback()
    return queries.count_journal(db.session(), stage.auction.id)


@pytest.fixture
def claims(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What everybody who comes to the line claims."""
    seen: list[Any] = []
    check = service.check

    def note(act: Act) -> None:
        seen.append(act.claim)
        check(act)

    monkeypatch.setattr(service, "check", note)
    return seen


def test_what_is_remembered_is_used(stage: Stage, claims: list[Any]) -> None:
    assert bid(stage, stage.carol) == 201
    assert [claim is not None for claim in claims] == [True]


def test_a_sign_in_that_was_ended_bids_no_more(stage: Stage, claims: list[Any]) -> None:
    with atomic() as session:
        sign_ins.end_all(session, stage.carol.person.id)
    assert bid(stage, stage.carol) == 401
    assert [claim is not None for claim in claims] == [True]  # it was the act that found out
    assert bid(stage, stage.carol) == 401
    assert len(claims) == 1
    assert entries(stage) == 0


def test_a_person_switched_off_bids_no_more(stage: Stage) -> None:
    with atomic() as session:
        session.execute(update(Person).where(Person.id == stage.carol.person.id).values(active=False))
    assert bid(stage, stage.carol) == 401
    assert entries(stage) == 0


def test_a_role_taken_away_counts_at_once(stage: Stage) -> None:
    carol = update(Person).where(Person.id == stage.carol.person.id)
    with atomic() as session:
        session.execute(carol.values(roles=[str(Role.ADMINISTRATOR)]))
    assert bid(stage, stage.carol) == 403
    assert entries(stage) == 0


def test_an_institution_no_longer_verified_counts_at_once(stage: Stage) -> None:
    carols = update(Institution).where(Institution.id == stage.carol.institution.id)
    with atomic() as session:
        session.execute(carols.values(status=InstitutionStatus.SUSPENDED))
    assert bid(stage, stage.carol) == 403
    assert entries(stage) == 0


def test_what_has_changed_and_still_suffices_is_read_anew(stage: Stage, claims: list[Any]) -> None:
    with atomic() as session:
        session.execute(update(Person).where(Person.id == stage.carol.person.id).values(name="Carol Again"))
    assert bid(stage, stage.carol) == 201
    assert [claim is not None for claim in claims] == [True, False]
    assert entries(stage) == 1


def test_when_it_was_last_seen_does_not_matter(stage: Stage, clock: FixedClock, claims: list[Any]) -> None:
    with atomic() as session:
        session.execute(update(SignIn).values(last_seen_at=clock.moment))
    assert bid(stage, stage.carol) == 201
    assert [claim is not None for claim in claims] == [True]


def test_a_sign_in_that_has_run_out_is_not_let_in_by_memory(stage: Stage, clock: FixedClock) -> None:
    clock.advance(hours=13)
    assert bid(stage, stage.carol) == 401


def test_only_bids_through_the_line_begin_with_what_is_remembered(app: Flask) -> None:
    """The census: any other view would act on a sign-in that nobody asks again."""
    views = app.view_functions
    marked = {name for name, view in views.items() if getattr(view, "confirms_sign_in", False)}
    assert marked == {"auctions_api.bid"}


def test_memory_has_a_limit(app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.parties.sign_in.REMEMBERED_MOST", 2)
    for who in (stage.carol, stage.dave, stage.olga, stage.alice):
        assert who.client.get(stage.url).status_code == 200
    assert len(app.extensions["parties.remembered"]) <= 2
