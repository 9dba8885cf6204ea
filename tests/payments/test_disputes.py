"""Disputes: nothing of the sale leaves while one is open; what is lost becomes a debt."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, Refused
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from payments import service
from payments.disputes import invariants
from payments.disputes import service as disputes
from payments.disputes.models import Debt
from payments.disputes.rules import DecisionKind, DisputeReason, DisputeStatus
from payments.models import BankReceipt
from payments.releasing import Hold
from payments.rules import Method

from .dispute_scene import lost, only_debt, only_dispute, settle_notices
from .paid import (
    Sale,
    bank_payout,
    cash,
    collect,
    paid_by_bank,
    paid_by_card,
    pass_hold_back,
    payout_to,
    release,
)
from .scene import work


def test_a_dispute_freezes_every_payout_of_the_sale(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale = paid_by_card(clock, fake)
    pass_hold_back(clock)
    collect(sale)
    with atomic() as session:
        alice, pledgor = bank_payout(session, sale), payout_to(session, "Taishan Holding")
    release(sale, alice, paid=False)
    with atomic() as session:
        service.prepare_payout(session, sale.scene.olga, pledgor.id, "as settled")
    dispute_id = fake.dispute(sale.payment.gateway_object)
    settle_notices(sale, app, fake, copies=2)
    with atomic() as session:
        dispute = only_dispute(session)
        assert (dispute.status, dispute.taken_minor) == (DisputeStatus.OPEN, 14_000_000)
        assert dispute.due_by is not None
        assert dispute.due_by > clock.moment
    with pytest.raises(Conflict) as refused, atomic() as session:
        service.approve_payout(session, sale.scene.otto, pledgor.id, "as prepared")
    assert refused.value.reason is Hold.DISPUTE_OPEN
    with pytest.raises(Conflict) as refused, atomic() as session:
        service.confirm_paid(session, sale.scene.olga, alice.id, "LINE-9")
    assert refused.value.reason is Hold.DISPUTE_OPEN
    fake.decide(dispute_id, won=True)
    settle_notices(sale, app, fake)
    with atomic() as session:
        assert only_dispute(session).status is DisputeStatus.WON
        service.approve_payout(session, sale.scene.otto, pledgor.id, "as prepared")
        service.confirm_paid(session, sale.scene.olga, alice.id, "LINE-9")
        assert session.scalars(select(Debt)).all() == []
        told = set(session.scalars(select(Notice.kind).where(Notice.kind.like("dispute%"))))
        assert told == {NoticeKind.DISPUTE_OPENED, NoticeKind.DISPUTE_CLOSED}


def recall(sale: Sale, **changes: object) -> disputes.Recall:
    with atomic() as session:
        statement = select(BankReceipt).where(BankReceipt.payment_id == sale.payment.id)
        line = session.scalars(statement).one().bank_reference
    values = {
        "line": line,
        "minor": 14_000_000,
        "why": "sent twice",
        "taken": False,
        "due_by": sale.deal.pay_by + timedelta(days=60),
    }
    return disputes.Recall(**(values | changes))  # type: ignore[arg-type]


def test_a_bank_recalls_a_transfer(app: Flask, clock: FixedClock) -> None:
    sale = paid_by_bank(clock)
    wrong = (
        (recall(sale, line="nothing"), DisputeReason.NOT_RECEIVED),
        (recall(sale, minor=14_000_001), DisputeReason.MORE_THAN_OWED),
        (recall(sale, due_by=clock.moment), DisputeReason.DUE_BY_IN_THE_PAST),
    )
    asked = recall(sale)
    for entered, reason in wrong:
        with pytest.raises(Refused) as refused, atomic() as session:
            disputes.record_recall(session, sale.scene.olga, entered)
        assert refused.value.reason is reason
    with atomic() as session:
        dispute = disputes.record_recall(session, sale.scene.olga, asked)
        payout = bank_payout(session, sale)
    with pytest.raises(Conflict), atomic() as session:
        disputes.record_recall(session, sale.scene.olga, asked)
    with pytest.raises(Conflict), atomic() as session:
        service.prepare_payout(session, sale.scene.olga, payout.id, "as settled")
    with atomic() as session:
        disputes.close_recall(session, sale.scene.olga, dispute.id, lost=False, reason="withdrawn")
        service.prepare_payout(session, sale.scene.olga, payout.id, "as settled")
    with pytest.raises(Conflict), atomic() as session:
        disputes.close_recall(session, sale.scene.olga, dispute.id, lost=True, reason="after all")
    work()


def test_a_recall_that_the_bank_grants(app: Flask, clock: FixedClock) -> None:
    sale = paid_by_bank(clock)
    asked = recall(sale, taken=True)
    with atomic() as session:
        dispute = disputes.record_recall(session, sale.scene.olga, asked)
    assert cash(Method.BANK_TRANSFER) == 1_000_000
    with atomic() as session:
        disputes.close_recall(session, sale.scene.olga, dispute.id, lost=True, reason="fraud")
        assert only_debt(session).open_minor == 14_000_000
    work()


def test_evidence_is_gathered_and_its_handing_in_recorded(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    sale = paid_by_card(clock, fake)
    fake.dispute(sale.payment.gateway_object)
    settle_notices(sale, app, fake)
    with atomic() as session:
        dispute = only_dispute(session)
        found = disputes.gather(session, dispute)
        assert {one.kind for one in found} >= {"terms", "transfer", "receipt"}
        terms = next(one for one in found if one.kind == "terms")
        assert len(terms.digest) == 64
        with pytest.raises(Refused):
            disputes.hand_in(session, sale.scene.olga, dispute.id, chosen=set(), other=" ")
    with atomic() as session:
        rows = disputes.hand_in(
            session, sale.scene.olga, dispute.id, chosen={terms.reference}, other="Letter of the buyer"
        )
        assert [row.kind for row in rows] == ["terms", "other"]
    with pytest.raises(Conflict), atomic() as session:
        disputes.close_recall(session, sale.scene.olga, dispute.id, lost=False, reason="not mine")


PLANTS = [
    (
        "no payout is paid while its sale is disputed",
        "UPDATE payouts SET status = 'paid', paid_at = '2036-01-01 00:00:00.000000'",
    ),
    ("every debt is what its ledger account says", "UPDATE debts SET covered_minor = covered_minor + 1"),
    ("what is taken back is what its ledger account says", "UPDATE disputes SET taken_minor = 5"),
    (
        "acts about money have two persons",
        "UPDATE money_decisions SET agreed = true, answered_by_id = proposed_by_id",
    ),
]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_each_check_finds_what_is_planted(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale = paid_by_card(clock, fake)
    lost(sale, app, fake)
    with atomic() as session:
        debt = only_debt(session)
        disputes.propose_about_debt(session, sale.scene.olga, DecisionKind.WRITE_OFF, debt.id, reason="gone")
        dispute_id = fake.dispute(sale.payment.gateway_object, inquiry=True)
    settle_notices(sale, app, fake)
    assert dispute_id
    assert {name for name, _ in PLANTS} == {name for name, _ in invariants.CHECKS}
    for name, plant in PLANTS:
        with atomic() as session:
            session.begin_nested()
            session.execute(text(plant))
            session.expire_all()
            found = {check for check, question in invariants.CHECKS if question(session)}
            session.rollback()
        assert name in found, plant
