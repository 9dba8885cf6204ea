"""Valuations are kept with what they were made from, and come out the same for ever."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.access import Actor
from marketplace.canonical import canonical_bytes
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from transactions import service as record
from transactions.rates import Rate
from transactions.valuations import invariants
from transactions.valuations.models import Valuation
from transactions.valuations.queries.valuations import decisions_on, whole
from transactions.valuations.rules.words import Approach, Basis, DecisionKind, Grade, Note
from transactions.valuations.service import deciding, making
from transactions.valuations.subjects import claims_on, of_lot

from ..tampering import tamper  # noqa: TID252 - the product has a package of that name
from .valuing_cast import a_bank, a_lot_of, a_model, keep_model, sales

pytestmark = pytest.mark.usefixtures("app")


def valued(actor: Actor, lot: Lot) -> Valuation:
    with atomic() as session:
        own = session.get_one(Lot, lot.id)
        made = making.value(
            session,
            actor,
            of_lot(session, own, making.today(), claim_minor=claims_on(session, [own]).get(own.id)),
        )
    found = whole(db.session(), made.id)
    assert found is not None
    return found


def broken() -> list[str]:
    return [problem for _, question in invariants.CHECKS for problem in question(db.session())]


def test_a_valuation_is_kept_and_comes_out_the_same_for_ever(app: Flask, session: Session) -> None:
    bank, _alice, actor = a_bank()
    lot = a_lot_of(bank)
    records = sales(7)
    sales(3, title="dollars", currency="USD")
    with atomic() as writing:
        record.load_rates(writing, [Rate(date(2025, 6, 1), "USD", "CNY", "7.1", "central bank")])
    kept = valued(actor, lot)
    assert (kept.approach, kept.basis, kept.tree_size) == (Approach.GRID, Basis.MARKET, 10)
    assert kept.value_minor is not None
    assert kept.grade in {Grade.A, Grade.B, Grade.C}
    keep_model(a_model())
    sales(5, title="later", price_minor=900_000_00)
    with atomic() as writing:
        record.correct(writing, records[0].id, reason="a slip of the pen", price_minor=1_00)
        record.load_rates(writing, [Rate(date(2025, 5, 10), "USD", "CNY", "7.2", "central bank")])
    again = making.make_again(session, kept)
    assert (again.same, again.digest, again.problem) == (True, kept.digest, "")
    new = valued(actor, lot)
    assert (new.approach, new.model_version) == (Approach.GRID_AND_MODEL, a_model().version)
    assert new.value_minor != kept.value_minor
    assert broken() == []
    runner = app.test_cli_runner()
    assert runner.invoke(args=["transactions", "revalue", str(kept.id)]).exit_code == 0
    assert '"same": true' in runner.invoke(args=["transactions", "revalue", str(new.id), "--json"]).output
    assert runner.invoke(args=["transactions", "revalue", str(lot.id)]).exit_code == 2


def test_a_tampered_row_is_found(app: Flask, session: Session) -> None:
    bank, _alice, actor = a_bank()
    sales(6)
    kept = valued(actor, a_lot_of(bank))
    assert broken() == []
    session.rollback()
    tamper("UPDATE valuations SET value_minor = value_minor + 1", None)
    session.rollback()
    assert any(str(kept.id) in problem for problem in broken())
    session.rollback()
    with db.engine.begin() as connection:
        result = connection.execute(text("SELECT result FROM valuations")).scalar_one()
        told = str(result) if isinstance(result, str) else canonical_bytes(result).decode()
    changed = told.replace('"grade":"', '"grade":"A', 1).replace('"grade": "', '"grade": "A', 1)
    tamper("UPDATE valuations SET result = :told, value_minor = value_minor - 1", None, told=changed)
    session.rollback()
    assert any("digest" in name for name, question in invariants.CHECKS if question(db.session()))
    assert app.test_cli_runner().invoke(args=["transactions", "revalue", str(kept.id)]).exit_code == 1


def test_what_a_bank_sells_for_a_debt_is_liquidation_and_is_measured_by_its_claim() -> None:
    bank, _alice, actor = a_bank()
    sales(6)
    keep_model(a_model())
    lot = a_lot_of(bank, claim_minor=2_000_000_000)
    kept = valued(actor, lot)
    assert (kept.basis, kept.claim_minor) == (Basis.ORDERLY_LIQUIDATION, 2_000_000_000)
    assert {Note.APPRAISAL_EXPECTED.value, Note.LIQUIDATION_TOGETHER.value} <= set(kept.result["notes"])
    sale = kept.result["sale"]
    assert sale["start_minor"] == lot.start_price_minor
    assert 0 < sale["chance"] < 10_000
    assert sale["curve"]["suggested_minor"] >= (sale["curve"]["floor_minor"] or 0)
    assert kept.result["model"]["median_minor"] > 0


def test_too_little_evidence_gives_no_value() -> None:
    bank, _alice, actor = a_bank()
    lot = a_lot_of(bank)
    assert (valued(actor, lot).grade, valued(actor, lot).value_minor) == (Grade.E, None)
    sales(2)
    keep_model(a_model())
    kept = valued(actor, lot)
    assert (kept.grade, kept.approach, kept.value_minor) == (Grade.E, Approach.MODEL, None)
    assert kept.low_80_minor is not None


def test_a_case_with_two_lots_divides_its_claim(session: Session) -> None:
    bank, _alice, _actor = a_bank()
    one = a_lot_of(bank, claim_minor=1_000_00, reference_price_minor=3_000_00)
    other = a_lot_of(bank, default_case_id=one.default_case_id, reference_price_minor=1_000_00)
    assert claims_on(session, [one]) == {one.id: 750_00, other.id: 250_00}


def test_a_decision_is_kept_with_who_and_why(session: Session, clock: FixedClock) -> None:
    bank, alice, actor = a_bank()
    sales(6)
    kept = valued(actor, a_lot_of(bank))
    with atomic() as writing:
        deciding.decide(writing, actor, kept.id, DecisionKind.ACCEPTED, reason="")
    clock.advance(seconds=1)
    refusals = (("", 5, "reason"), ("high", None, "start_price"), ("high", 0, "start_price"))
    for reason, price, field in refusals:
        with pytest.raises(Refused) as refused, atomic() as writing:
            deciding.decide(
                writing, actor, kept.id, DecisionKind.OVERRIDDEN, reason=reason, start_price_minor=price
            )
        assert refused.value.field == field
    with atomic() as writing:
        deciding.decide(
            writing, actor, kept.id, DecisionKind.OVERRIDDEN, reason="a buyer told us", value_minor=7_000_00
        )
    told = [(one.kind, one.person.name, one.value_minor) for one in decisions_on(session, kept.id)]
    assert told == [(DecisionKind.ACCEPTED, alice.name, None), (DecisionKind.OVERRIDDEN, alice.name, 700_000)]
    _bank, _person, mallory = a_bank()
    with pytest.raises(NotFound), atomic() as writing:
        deciding.decide(writing, mallory, kept.id, DecisionKind.ACCEPTED, reason="")


def test_a_model_values_its_own_family_alone(session: Session) -> None:
    bank, _alice, actor = a_bank()
    sales(6)
    marks, patents = a_model(family="trademark"), a_model(priced=201)
    keep_model(marks, 1)
    keep_model(patents, 2)
    keep_model(a_model(family="copyright", priced=202), 3)
    kept = valued(actor, a_lot_of(bank))
    assert kept.model_version == patents.version
    assert making.make_again(session, kept).same
