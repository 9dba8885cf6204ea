"""The pages of disputes, debts and refunds: who sees what, and what each lets one do."""

from typing import Any

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from stripe_fake import StripeFake

from marketplace.access import Actor, InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.parties.models import Person
from payments.disputes import service as disputes
from payments.disputes.models import Debt, Dispute, DisputeEvidence, MoneyDecision
from payments.disputes.rules import DebtStatus, DecisionKind
from payments.gateways import registry
from payments.models import BankReceipt
from payments.rules import Method

from .paid import Sale, bank_payout, collect, paid_by_bank, paid_by_card, pass_hold_back, release

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def browser_of(app: Flask, actor: Actor) -> FlaskClient:
    with atomic() as session:
        person = session.get_one(Person, actor.person_id)
    return signed_in(app.test_client(), person)


def stranger(app: Flask) -> FlaskClient:
    with atomic() as session:
        institution = an_institution(session, InstitutionKind.BANK)
        person = a_person(session, institution, "Mallory", frozenset(Role))
    return signed_in(app.test_client(), person)


def disputed(app: Flask, clock: FixedClock, fake: StripeFake) -> tuple[Sale, Dispute]:
    """The bank was paid out; then the card holder disputes the charge."""
    sale = paid_by_card(clock, fake)
    registry.install(app, sale.known)
    pass_hold_back(clock)
    collect(sale)
    with atomic() as session:
        alice = bank_payout(session, sale)
    release(sale, alice)
    hear(sale, fake.dispute(sale.payment.gateway_object))
    with atomic() as session:
        return sale, session.scalars(select(Dispute)).one()


def hear(sale: Sale, dispute_id: str) -> None:
    state: Any = sale.known[Method.STRIPE].look_up_dispute(dispute_id)
    with atomic() as session:
        disputes.heard(session, state)


def test_from_a_dispute_to_the_debt_of_a_payee(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale, dispute = disputed(app, clock, fake)
    olga, otto = browser_of(app, sale.scene.olga), browser_of(app, sale.scene.otto)
    seller = browser_of(app, sale.scene.bank)
    address = f"/money/disputes/{dispute.id}"
    assert "140,000.00 CNY" in olga.get("/money/disputes").text
    assert "Hand in evidence until" in olga.get(address).text
    assert "asked back" in olga.get("/money/desk").text
    assert "asked back" in seller.get(f"/money/deals/{sale.deal.id}/settlement").text
    for client in (seller, browser_of(app, sale.carol), stranger(app)):
        assert client.get(address).status_code == 403
        assert client.post(f"{address}/evidence").status_code == 403
    hands_in_evidence(olga, address)
    assert olga.post(f"{address}/won", data={"reason": "we say so"}).status_code == 409
    fake.decide(str(dispute.gateway_object), won=False)
    hear(sale, str(dispute.gateway_object))
    with atomic() as session:
        debt = session.scalars(select(Debt)).one()
    own = f"/money/debts/{debt.id}"
    carol = browser_of(app, sale.carol)
    assert "140,000.00 CNY" in carol.get("/money/debts").text
    assert "Please pay it" in carol.get(own).text
    assert stranger(app).get(own).status_code == 404
    assert carol.post(f"{own}/write-off", data={"reason": "please"}).status_code == 403
    assert olga.post(f"{own}/charge-to-sale", data={}).status_code == 422
    assert olga.post(f"{own}/charge-to-sale", data={"reason": "insolvent"}).status_code == 303
    assert olga.post(f"{own}/charge-to-sale", data={"reason": "insolvent"}).status_code == 409
    with atomic() as session:
        decision = session.scalars(select(MoneyDecision)).one()
    answer = f"/money/decisions/{decision.id}"
    assert olga.post(f"{answer}/approve", data={"reason": "mine"}).status_code == 403
    assert "waits for a second person" in otto.get("/money/disputes").text
    assert otto.post(f"{answer}/approve", data={"reason": "checked"}).status_code == 303
    assert "Correction of the settlement" in otto.get(f"/money/deals/{sale.deal.id}/refund").text
    assert "110,000.00 CNY" in seller.get("/money/debts").text
    with atomic() as session:
        theirs = session.scalars(select(Debt).where(Debt.status == DebtStatus.OPEN)).one()
    gets_paid(olga, f"/money/debts/{theirs.id}")


def hands_in_evidence(olga: FlaskClient, address: str) -> None:
    """Two documents are named, one of them by a text that a sheet would run as a formula."""
    assert olga.post(f"{address}/evidence", data={}).status_code == 422
    chosen = {"evidence-chosen": "cn-court@1", "evidence-other": "=1+1"}
    assert olga.post(f"{address}/evidence", data=chosen).status_code == 303
    listed = olga.get(f"{address}/evidence.csv")
    assert listed.mimetype == "text/csv"
    assert "cn-court@1" in listed.text
    assert "'=1+1" in listed.text
    with atomic() as session:
        assert len(session.scalars(select(DisputeEvidence)).all()) == 2


def gets_paid(olga: FlaskClient, page: str) -> None:
    """The payee pays the debt back, and the gateway gets what it took beyond its balance."""
    line = {"line-amount": "110000.01", "line-bank_reference": "BACK-1"}
    assert olga.post(f"{page}/payments", data=line).status_code == 422
    assert olga.post(f"{page}/payments", data=line | {"line-amount": "110,000.00"}).status_code == 303
    assert "paid" in olga.get(page).text
    owed = {"gateway-amount": "140000.00", "gateway-currency": "CNY", "gateway-bank_reference": "TO-STRIPE"}
    more = owed | {"gateway-amount": "140000.01"}
    assert olga.post("/money/disputes/gateway", data=more).status_code == 422
    one = owed | {"gateway-amount": "1"}
    assert [olga.post("/money/disputes/gateway", data=one).status_code for _ in range(2)] == [303, 409]
    assert olga.post(f"{page}/set-off", data={"payout": "nonsense", "reason": "x"}).status_code == 404


def test_a_recall_and_a_refund_by_form(app: Flask, clock: FixedClock) -> None:
    sale = paid_by_bank(clock)
    olga, otto = browser_of(app, sale.scene.olga), browser_of(app, sale.scene.otto)
    with atomic() as session:
        statement = select(BankReceipt).where(BankReceipt.payment_id == sale.payment.id)
        line = session.scalars(statement).one().bank_reference
    entered = {
        "recall-line": line,
        "recall-amount": "140,000.00",
        "recall-currency": "CNY",
        "recall-reason": "sent twice",
        "recall-due_by": "2099-01-01T12:00",
    }
    for wrong in (
        {"recall-line": ""},
        {"recall-amount": "x"},
        {"recall-line": "none"},
        {"recall-due_by": "soon"},
    ):
        assert olga.post("/money/disputes/recalls", data=entered | wrong).status_code == 422
    assert olga.post("/money/disputes/recalls", data=entered).status_code == 303
    with atomic() as session:
        dispute = session.scalars(select(Dispute)).one()
    page = f"/money/disputes/{dispute.id}"
    assert olga.post(f"{page}/won", data={}).status_code == 422
    refund = f"/money/deals/{sale.deal.id}/refund"
    typed = {"refund-amount": "40000.00", "refund-proof": "(2026) 01-234", "refund-reason": "agreed"}
    assert olga.post(refund, data=typed).status_code == 409
    assert olga.post(f"{page}/won", data={"reason": "withdrawn"}).status_code == 303
    assert olga.post(refund, data=typed | {"refund-proof": ""}).status_code == 422
    assert olga.post(refund, data=typed).status_code == 303
    assert olga.post(f"/money/deals/{sale.deal.id}/hold-back/waive", data={"reason": "x"}).status_code == 409
    with atomic() as session:
        decision = session.scalars(select(MoneyDecision)).one()
        assert decision.kind is DecisionKind.REFUND
    answer = f"/money/decisions/{decision.id}/refuse"
    assert otto.post(answer, data={"reason": ""}).status_code == 422
    assert otto.post(answer, data={"reason": "no such judgment"}).status_code == 303
    assert "no such judgment" in otto.get(refund).text
