"""Refunds of paid deals, holding money back, and waiving that: acts of two persons."""

import pytest
from flask import Flask
from sqlalchemy import select
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, NotAllowed, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from payments import service
from payments.disputes import service as disputes
from payments.disputes.models import Debt, MoneyDecision
from payments.disputes.rules import DebtCause, DebtStatus, DecisionKind, DisputeReason
from payments.ledger import Purpose
from payments.models import GatewayCall, Payout
from payments.releasing import Hold
from payments.rules import CallStatus, CallVerb, Method, PayoutKind, PayoutStatus

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
    standing,
)
from .scene import work

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def refund(sale: Sale, minor: int) -> MoneyDecision:
    """Olga proposes, Otto approves."""
    kind, proof = DecisionKind.REFUND, "(2026) 01-234"
    with atomic() as session:
        decision = disputes.propose_about_sale(
            session, sale.scene.olga, kind, sale.deal.id, minor=minor, reason="rescinded", proof=proof
        )
    with pytest.raises(NotAllowed), atomic() as session:
        disputes.approve(session, sale.scene.olga, decision.id, "my own")
    with atomic() as session:
        disputes.approve(session, sale.scene.otto, decision.id, "by judgment")
    work(sale.known)
    return decision


def test_before_distribution_the_whole_price_goes_back_to_where_it_came_from(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    sale = paid_by_card(clock, fake, settled=False)
    with pytest.raises(Refused) as refused:
        refund(sale, 5_000_000)
    assert refused.value.reason is DisputeReason.ONLY_THE_WHOLE
    refund(sale, 15_000_000)
    with atomic() as session:
        assert session.get_one(Deal, sale.deal.id).status is DealStatus.RESCINDED
        assert session.get_one(Lot, sale.scene.lot.id).status is LotStatus.UNSOLD
        back = session.scalars(select(Payout)).one()
        assert (back.kind, back.amount_minor) == (PayoutKind.RETURN, 1_000_000)
    assert cash(Method.STRIPE) == 0
    intent = fake.intents[sale.payment.gateway_object]
    assert intent["latest_charge"]["amount_refunded"] == 14_000_000
    with pytest.raises(Conflict):
        refund(sale, 15_000_000)


def test_what_is_not_paid_out_yet_is_kept_for_the_buyer(app: Flask, clock: FixedClock) -> None:
    sale = paid_by_bank(clock)
    refund(sale, 4_000_000)
    with atomic() as session:
        kept = session.scalars(select(Payout).where(Payout.status == PayoutStatus.WITHHELD))
        assert sorted(payout.amount_minor for payout in kept) == [1_000_000, 3_000_000]
        assert bank_payout(session, sale).amount_minor == 11_000_000
        back = session.scalars(select(Payout).where(Payout.kind == PayoutKind.RETURN)).one()
        assert (back.amount_minor, back.institution_id) == (4_000_000, sale.carol.institution_id)
    with pytest.raises(Refused):
        refund(sale, 11_000_001)
    refund(sale, 1_000_000)
    with atomic() as session:
        assert bank_payout(session, sale).amount_minor == 10_000_000


def test_case_35_a_refund_after_payout_is_a_debt_and_waits_for_it(app: Flask, clock: FixedClock) -> None:
    """A refund went out after the money was passed on; nobody followed up who owed it."""
    sale = paid_by_bank(clock)
    with atomic() as session:
        alice, pledgor = bank_payout(session, sale), payout_to(session, "Taishan Holding")
    release(sale, alice)
    release(sale, pledgor)
    before = cash(Method.BANK_TRANSFER)
    refund(sale, 4_000_000)
    with atomic() as session:
        owed = session.scalars(select(Debt).order_by(Debt.amount_minor)).all()
        assert [(debt.cause, debt.amount_minor) for debt in owed] == [
            (DebtCause.REFUND, 1_000_000),
            (DebtCause.REFUND, 3_000_000),
        ]
        assert session.scalars(select(Payout).where(Payout.kind == PayoutKind.RETURN)).all() == []
        mine, outside = owed
        assert (mine.institution_id, outside.debtor) == (sale.scene.bank.institution_id, "Taishan Holding")
    assert cash(Method.BANK_TRANSFER) == before
    assert standing(Purpose.REFUND_DUE, sale, sale.carol.institution_id) == 4_000_000
    with atomic() as session:
        disputes.record_payment(session, sale.scene.olga, mine.id, minor=1_000_000, bank_reference="BACK-1")
        back = session.scalars(select(Payout).where(Payout.kind == PayoutKind.RETURN)).one()
        assert back.amount_minor == 1_000_000
        decision = disputes.propose_about_debt(
            session, sale.scene.olga, DecisionKind.WRITE_OFF, outside.id, reason="bankrupt"
        )
    with atomic() as session:
        disputes.approve(session, sale.scene.otto, decision.id, "checked")
        assert session.get_one(Debt, outside.id).status is DebtStatus.WRITTEN_OFF
    assert standing(Purpose.REFUND_DUE, sale, sale.carol.institution_id) == 0
    assert standing(Purpose.WRITTEN_OFF, sale, "operator") == 0
    work()


def test_a_refund_that_the_gateway_refuses_goes_by_bank(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    sale = paid_by_card(clock, fake, settled=False)
    charge = fake.intents[sale.payment.gateway_object]["latest_charge"]
    charge["amount_refunded"] = charge["amount"]
    refund(sale, 15_000_000)
    with atomic() as session:
        call = session.scalars(select(GatewayCall).where(GatewayCall.verb == CallVerb.REFUND)).one()
        assert call.status is CallStatus.REFUSED
        back = session.scalars(select(Payout).where(Payout.kind == PayoutKind.RETURN)).all()
        assert sum(payout.amount_minor for payout in back) == 15_000_000


def test_a_refund_needs_a_proof_and_a_paid_sale_without_dispute(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    sale = paid_by_card(clock, fake)
    kind = DecisionKind.REFUND
    with pytest.raises(Refused), atomic() as session:
        disputes.propose_about_sale(
            session, sale.scene.olga, kind, sale.deal.id, minor=1, reason="why", proof=" "
        )
    with atomic() as session:
        waits = disputes.propose_about_sale(
            session, sale.scene.olga, kind, sale.deal.id, minor=1, reason="why", proof="paper"
        )
    with pytest.raises(Conflict) as refused, atomic() as session:
        disputes.propose_about_sale(
            session, sale.scene.olga, kind, sale.deal.id, minor=1, reason="why", proof="paper"
        )
    assert refused.value.reason is DisputeReason.DECISION_WAITS
    with atomic() as session:
        disputes.refuse(session, sale.scene.otto, waits.id, "no such judgment")
    with pytest.raises(Conflict), atomic() as session:
        disputes.approve(session, sale.scene.otto, waits.id, "after all")


def test_card_money_is_held_back_and_bank_money_is_not(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    by_card, by_bank = paid_by_card(clock, fake), paid_by_bank(clock)
    with atomic() as session:
        held, free = bank_payout(session, by_card), bank_payout(session, by_bank)
        assert free.not_before is None
        assert held.not_before is not None
        assert (held.not_before - session.get_one(Deal, by_card.deal.id).paid_at).days == 14  # type: ignore[operator]
    with pytest.raises(Conflict) as refused, atomic() as session:
        service.prepare_payout(session, by_card.scene.olga, held.id, "too soon")
    assert refused.value.reason is Hold.HELD_BACK
    pass_hold_back(clock)
    collect(by_card)
    release(by_card, held)


def test_two_persons_may_waive_the_hold_back(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale = paid_by_card(clock, fake)
    kind = DecisionKind.WAIVE_HOLD_BACK
    with atomic() as session:
        decision = disputes.propose_about_sale(
            session, sale.scene.olga, kind, sale.deal.id, reason="the card holder has confirmed"
        )
    with atomic() as session:
        disputes.approve(session, sale.scene.otto, decision.id, "we bear it")
        payout = bank_payout(session, sale)
        service.prepare_payout(session, sale.scene.olga, payout.id, "as settled")
    with pytest.raises(Conflict), atomic() as session:
        disputes.propose_about_sale(session, sale.scene.olga, kind, sale.deal.id, reason="again")
