"""Debts that come of lost disputes: paid, borne by the payees, written off, set off, reminded of."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, Refused
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from payments import service
from payments.bank.queries import by_hand
from payments.disputes import queries
from payments.disputes import service as disputes
from payments.disputes.models import SettlementCorrection
from payments.disputes.rules import DebtStatus, DecisionKind, DisputeReason
from payments.ledger import Purpose
from payments.models import Payout
from payments.releasing import Hold
from payments.rules import Method, PayoutStatus

from .dispute_scene import decide, lost, only_debt
from .paid import (
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


def test_a_lost_dispute_makes_the_buyer_owe_the_price_again(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    sale = paid_by_card(clock, fake)
    pass_hold_back(clock)
    lost(sale, app, fake)
    carol = sale.carol.institution_id
    assert standing(Purpose.DEBT, sale, carol) == 14_000_000
    assert cash(Method.STRIPE) == 0
    with atomic() as session:
        debt, payout = only_debt(session), bank_payout(session, sale)
        with pytest.raises(Conflict) as refused:
            service.prepare_payout(session, sale.scene.olga, payout.id, "as settled")
        assert refused.value.reason is Hold.PRICE_TAKEN_BACK
    with pytest.raises(Refused), atomic() as session:
        disputes.record_payment(session, sale.scene.olga, debt.id, minor=14_000_001, bank_reference="L1")
    with atomic() as session:
        disputes.record_payment(session, sale.scene.olga, debt.id, minor=4_000_000, bank_reference="L1")
    with atomic() as session:
        (_, minor) = by_hand(session, {"L1"})["L1"]
        assert minor == 4_000_000
    with pytest.raises(Conflict), atomic() as session:
        disputes.record_payment(session, sale.scene.olga, debt.id, minor=4_000_000, bank_reference="L1")
    with atomic() as session:
        assert only_debt(session).open_minor == 10_000_000
        disputes.record_payment(session, sale.scene.olga, debt.id, minor=10_000_000, bank_reference="L2")
    with atomic() as session:
        assert queries.find_debt(session, debt.id).status is DebtStatus.PAID
        service.prepare_payout(session, sale.scene.olga, payout.id, "as settled")
    assert standing(Purpose.DEBT, sale, carol) == 0


def test_a_loss_before_payout_reduces_the_settlement_from_its_end(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    sale = paid_by_card(clock, fake)
    lost(sale, app, fake)
    with atomic() as session:
        debt = only_debt(session)
    decide(sale, DecisionKind.CHARGE_TO_SALE, debt)
    with atomic() as session:
        correction = session.scalars(select(SettlementCorrection)).one()
        cut = {line["step"]: (line["minor"], line["withheld"], line["debt"]) for line in correction.lines}
        assert cut == {"surplus": (3_000_000, 3_000_000, 0), "claim": (11_000_000, 11_000_000, 0)}
        kept = session.scalars(select(Payout).where(Payout.status == PayoutStatus.WITHHELD))
        assert sorted(payout.amount_minor for payout in kept) == [3_000_000, 11_000_000]
        left = session.scalars(select(Payout).where(Payout.status == PayoutStatus.DUE)).one()
        assert left.amount_minor == 1_000_000
        assert queries.find_debt(session, debt.id).status is DebtStatus.CHARGED_TO_SALE
    pass_hold_back(clock)
    release(sale, left)
    assert cash(Method.BANK_TRANSFER) == 0


def test_case_35_money_that_was_passed_on_becomes_a_debt_of_who_has_it(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    """The price was paid out, then taken back; the payee's account was empty and the platform paid."""
    sale = paid_by_card(clock, fake)
    pass_hold_back(clock)
    collect(sale)
    with atomic() as session:
        alice = bank_payout(session, sale)
    release(sale, alice)
    lost(sale, app, fake)
    with atomic() as session:
        buyers = only_debt(session)
        owed = queries.price_owed_again(session, sale.deal.id)
        assert [debt.id for debt in owed] == [buyers.id]
    decide(sale, DecisionKind.CHARGE_TO_SALE, buyers)
    bank = sale.scene.bank.institution_id
    with atomic() as session:
        debt = only_debt(session)
        assert (debt.institution_id, debt.open_minor, debt.payout_id) == (bank, 11_000_000, alice.id)
        assert payout_to(session, "Taishan Holding").status is PayoutStatus.WITHHELD
    assert standing(Purpose.DEBT, sale, bank) == 11_000_000
    # The gateway held nothing any more: we owe it what it took.
    assert cash(Method.STRIPE) == 0
    with atomic() as session:
        disputes.record_payment(session, sale.scene.olga, debt.id, minor=11_000_000, bank_reference="BACK")
        disputes.pay_gateway(
            session, sale.scene.olga, minor=14_000_000, currency="CNY", bank_reference="TO-STRIPE"
        )
        known = by_hand(session, {"BACK", "TO-STRIPE"})
        assert {line: minor for line, (_, minor) in known.items()} == {
            "BACK": 11_000_000,
            "TO-STRIPE": -14_000_000,
        }
    assert cash(Method.BANK_TRANSFER) == 0
    work(sale.known)


def test_case_35_what_nobody_pays_back_is_written_off_by_two_persons(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    """A loss was carried on for ever, or taken quietly out of other sellers' money."""
    sale = paid_by_card(clock, fake)
    lost(sale, app, fake)
    with atomic() as session:
        debt = only_debt(session)
    decide(sale, DecisionKind.WRITE_OFF, debt)
    with atomic() as session:
        assert queries.find_debt(session, debt.id).status is DebtStatus.WRITTEN_OFF
        with pytest.raises(Conflict):
            disputes.record_payment(session, sale.scene.olga, debt.id, minor=1, bank_reference="LATE")
    assert standing(Purpose.WRITTEN_OFF, sale, "operator") == 14_000_000


def test_a_debt_is_set_off_only_by_an_officers_act(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale = paid_by_card(clock, fake)
    pass_hold_back(clock)
    collect(sale)
    with atomic() as session:
        alice = bank_payout(session, sale)
    release(sale, alice)
    lost(sale, app, fake)
    with atomic() as session:
        buyers = only_debt(session)
    decide(sale, DecisionKind.CHARGE_TO_SALE, buyers)
    other = paid_by_bank(clock)
    with atomic() as session:
        debt = only_debt(session)
        foreign = bank_payout(session, other)
    with pytest.raises(Refused) as refused, atomic() as session:
        disputes.set_off(session, other.scene.olga, debt.id, foreign.id, "it has to pay us")
    assert refused.value.reason is DisputeReason.DEBT_OF_ANOTHER
    with atomic() as session:
        session.get_one(Payout, foreign.id).institution_id = debt.institution_id
    with pytest.raises(NotAllowed), atomic() as session:
        disputes.set_off(session, sale.scene.bank, debt.id, foreign.id, "it has to pay us")
    with atomic() as session:
        disputes.set_off(session, other.scene.olga, debt.id, foreign.id, "set off with notice")
    with atomic() as session:
        assert queries.find_debt(session, debt.id).status is DebtStatus.PAID
        left = session.get_one(Payout, foreign.id)
        assert (left.status, left.amount_minor) == (PayoutStatus.DUE, 12_000_000 - 11_000_000)
    work(sale.known)


def test_debtors_are_reminded(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    sale = paid_by_card(clock, fake)
    lost(sale, app, fake)
    with atomic() as session:
        assert not disputes.remind_due(session)
    clock.advance(days=8)
    with atomic() as session:
        assert disputes.remind_due(session)
        assert not disputes.remind_due(session)
        debt = only_debt(session)
        assert debt.remind_at - debt.arose_at == timedelta(days=14)
        kinds = list(session.scalars(select(Notice.kind).where(Notice.kind == NoticeKind.DEBT_REMINDER)))
        assert len(kinds) == 1
