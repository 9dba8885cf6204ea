"""Corrections: every field as it is written, two persons, the page and the command."""

import uuid
from datetime import date
from typing import Any

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from transactions import service
from transactions.correcting import invariants
from transactions.correcting.models import RecordCorrection
from transactions.models import TransactionRecord
from transactions.rules.corrections import CORRECTABLE
from transactions.rules.facts import Reason
from transactions.rules.words import PaymentTerms, ProofGrade, SaleOutcome
from transactions.rules.written import AMOUNTS, choices_of, field_of, read_value, write_value
from transactions.texts import FIELDS

from .sale_builders import a_sale_of

OTHER = uuid.UUID(int=7)


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("outcome", "reversed", SaleOutcome.REVERSED),
        ("payment_terms", "", PaymentTerms.NOT_TOLD),
        ("payment_terms", "none", PaymentTerms.NOT_TOLD),
        ("price_minor", "5.25", 525),
        ("price_minor", "", None),
        ("claims", "12", 12),
        ("claims", "none", None),
        ("sold_on", "2026-03-02", date(2026, 3, 2)),
        ("usable", "no", False),
        ("evidence_of_use", "yes", True),
        ("evidence_of_use", "", None),
        ("legal_events", "pledged; litigation", ("pledged", "litigation")),
        ("previous", str(OTHER), OTHER),
        ("territory", " Shandong ", "Shandong"),
    ],
)
def test_a_field_is_read_by_what_it_is(field: str, text: str, value: Any) -> None:
    assert read_value(field, text, "CNY") == value
    assert read_value(field, write_value(field, value, "CNY"), "CNY") == value


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("outcome", "burnt", Reason.NOT_READ),
        ("usable", "", Reason.NOT_READ),
        ("price_minor", "1e6", Reason.NOT_READ),
        ("claims", "-1", Reason.NOT_READ),
        ("claims", "many", Reason.NOT_READ),
        ("sold_on", "yesterday", Reason.NOT_READ),
        ("previous", "1", Reason.NOT_READ),
        ("evidence_of_use", "perhaps", Reason.NOT_READ),
        ("territory", "x" * 101, Reason.TEXT_TOO_LONG),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(field: str, text: str, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        read_value(field, text, "CNY")
    assert (refused.value.reason, refused.value.field) == (reason, field)


def test_an_amount_may_be_named_without_its_unit() -> None:
    assert (field_of("price"), field_of("price_minor"), field_of("claims")) == ("price_minor",) * 2 + (
        "claims",
    )
    for name in ("title", "seller_parent", "consent_tier", "source_id", ""):
        with pytest.raises(Refused) as refused:
            field_of(name)
        assert refused.value.reason is Reason.NOT_CORRECTABLE


def test_every_field_that_may_be_corrected_has_its_words() -> None:
    assert set(FIELDS) == CORRECTABLE
    for field in CORRECTABLE:
        for word in choices_of(field):
            read_value(field, word, "CNY")


@given(st.sampled_from(sorted(AMOUNTS)), st.integers(0, 10**15))
def test_amounts_come_back_to_the_cent(field: str, minor: int) -> None:
    assert read_value(field, write_value(field, minor, "CNY"), "CNY") == minor


class Desk:
    """Olga proposes, Otto agrees, Bob of an agency may neither."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        operator = an_institution(session, InstitutionKind.OPERATOR)
        both = frozenset({Role.OFFICER, Role.APPROVER})
        self.olga = a_person(session, operator, "Olga", both)
        self.otto = a_person(session, operator, "Otto", both)
        self.bob = a_person(session, an_institution(session, InstitutionKind.AGENCY), "Bob", both)

    def of(self, person: Any) -> FlaskClient:
        return signed_in(self.app.test_client(), person)


def form(**changes: str) -> dict[str, str]:
    rows: dict[str, str] = {"reason": "a typing error"}
    for number, (field, value) in enumerate(changes.items()):
        rows |= {f"changes-{number}-field": field, f"changes-{number}-value": value}
    return rows


def records(session: Session) -> list[TransactionRecord]:
    session.rollback()
    return list(session.scalars(select(TransactionRecord).order_by(TransactionRecord.leaf_index)))


def sound(session: Session) -> None:
    session.rollback()
    for name, check in invariants.CHECKS:
        assert check(session) == [], name


def test_who_may_correct_and_what_is_no_correction(app: Flask, session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        desk = Desk(app, writing)
        service.append(writing, [a_sale_of(1), a_sale_of(2, source_kind="deal")])
    own, foreign = records(session)
    olga, bob = desk.of(desk.olga), desk.of(desk.bob)
    page = f"/operator/records/{own.id}/correction"
    assert olga.get(page).status_code == 200
    assert bob.get(page).status_code == 403
    assert bob.post(page, data=form(claims="12")).status_code == 403
    assert olga.get(f"/operator/records/{foreign.id}/correction").status_code == 422  # another marketplace's
    assert olga.get(f"/operator/records/{uuid.uuid4()}/correction").status_code == 404
    for wrong in (
        form(),
        form(claims="many"),
        form(claims="0"),
        form(usable="no"),
        form(claims="12") | {"reason": ""},
    ):
        assert olga.post(page, data=wrong).status_code == 422, wrong


def test_two_persons_correct_a_record(app: Flask, session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        desk = Desk(app, writing)
        service.append(writing, [a_sale_of(1), a_sale_of(2, source_kind="deal")])
    own, _ = records(session)
    olga, otto = desk.of(desk.olga), desk.of(desk.otto)
    page = f"/operator/records/{own.id}/correction"
    assert olga.post(page, data=form(claims="12", proof_grade="A", price_minor="90000.00")).status_code == 303
    assert olga.post(page, data=form(claims="13")).status_code == 409  # one waits
    session.rollback()
    [row] = session.scalars(select(RecordCorrection)).all()
    assert row.changes == {"claims": "12", "proof_grade": "A", "price_minor": "90000.00"}
    answer = f"/operator/records/corrections/{row.id}"
    assert "Another person" in olga.get("/operator/records/corrections").text
    assert olga.post(f"{answer}/agree", data={"reason": "sure"}).status_code == 403
    assert otto.post(f"{answer}/agree", data={"reason": ""}).status_code == 422
    assert len(records(session)) == 2
    assert otto.post(f"{answer}/agree", data={"reason": "looked it up"}).status_code == 303
    *_, new = records(session)
    assert (new.corrects, new.claims, new.proof_grade, new.price_minor) == (
        own.id,
        12,
        ProofGrade.A,
        9_000_000,
    )
    assert new.correction_reason == "a typing error"
    assert otto.post(f"{answer}/refuse", data={"reason": "again"}).status_code == 409
    assert olga.post(page, data=form(claims="14")).status_code == 409  # the newer record counts
    assert (
        olga.post(
            f"/operator/records/{new.id}/correction", data=form(usable="no", exclusion_reason="a package")
        ).status_code
        == 303
    )
    session.rollback()
    waiting = session.scalars(select(RecordCorrection).where(RecordCorrection.agreed.is_(None))).one()
    assert (
        otto.post(
            f"/operator/records/corrections/{waiting.id}/refuse", data={"reason": "no package"}
        ).status_code
        == 303
    )
    assert len(records(session)) == 3
    assert "no package" in otto.get("/operator/records/corrections").text
    sound(session)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_checks_find_what_one_person_did(app: Flask, session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        desk = Desk(app, writing)
        row = RecordCorrection(
            record_id=OTHER, title="", changes={}, reason="r", proposed_by_id=desk.olga.id,
            proposed_at=system_clock.now(), agreed=True, answered_by_id=desk.olga.id,
        )  # fmt: skip
        other = RecordCorrection(
            record_id=OTHER, title="", changes={}, reason="r", proposed_by_id=desk.olga.id,
            proposed_at=system_clock.now(), agreed=True, answered_by_id=desk.otto.id, new_record_id=OTHER,
        )  # fmt: skip
        writing.add_all([row, other])
    alone, named = (check(session) for _, check in invariants.CHECKS)
    assert len(alone) == 1
    assert len(named) == 2


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_command_sets_any_field(app: Flask, session: Session, clock: FixedClock) -> None:
    with atomic() as writing:
        service.append(writing, [a_sale_of(1)])
    (old,) = records(session)

    def run(*more: str) -> Any:
        arguments = ["transactions", "correct", str(old.id), "--reason", "looked up", *more]
        return app.test_cli_runner().invoke(args=arguments)

    refused = run("--set", "title=X")
    assert (refused.exit_code, "title" in refused.output) == (2, True)
    refused = run("--set", "claims=many")
    assert (refused.exit_code, "claims: " in refused.output) == (2, True)
    done = run("--set", "claims=12", "--set", "legal_events=pledged;litigation", "--price", "80000")
    assert done.exit_code == 0, done.output
    *_, new = records(session)
    assert (new.claims, new.legal_events, new.price_minor) == (12, ["pledged", "litigation"], 8_000_000)
