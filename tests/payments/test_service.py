"""The life of money in a sale, by bank transfer: held, released or applied, paid, settled, paid out."""

import uuid
from typing import Any

import pytest
from builders import a_mandate, an_actor, an_institution
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.listings.rules import LotStatus
from payments import service
from payments.models import Payout, Settlement
from payments.rules import DepositStatus, Method, PaymentStatus, PayoutKind, PayoutStatus, Reason

from .scene import (
    DEPOSIT,
    Scene,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    deposit_of,
    due_payouts,
    hold_by_bank,
    open_auction,
    pay_out_everything,
    payment_of,
    receive,
    transfer,
    work,
)

BANK_ONLY = frozenset({Method.BANK_TRANSFER})
# The longer stories run on both databases.
SQLITE_ONLY = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_a_sale_from_the_deposit_to_the_last_fen(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session)
        agency = an_institution(session, InstitutionKind.AGENCY)
        a_mandate(session, agency, scene.lot.institution, commission_basis_points=300)
        (carol, carols), (dave, daves) = a_bidder(session, scene), a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols, daves)
    open_auction(scene, clock)
    assert bid(scene, carol, "149000.00") == "accepted"
    assert bid(scene, dave, "150000.00") == "accepted"
    close_auction(scene, clock)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.RELEASED
        won = deposit_of(session, daves)
        deal = deal_of(session, scene)
        assert (won.status, won.deal_id) == (DepositStatus.HELD, deal.id)
        payment = payment_of(session, deal)
        assert payment.amount_minor == 15_000_000 - DEPOSIT
        (back,) = due_payouts(session)
        returned = (back.kind, back.institution_id, back.amount_minor)
        assert returned == (PayoutKind.RETURN, carol.institution_id, DEPOSIT)
    short = receive(scene, payment, 13_999_999)
    assert (short.missing, short.over) == (1, 0)
    with atomic() as session:
        assert deal_of(session, scene).status is DealStatus.AGREED
    assert receive(scene, payment, 501).over == 500
    with atomic() as session:
        assert deal_of(session, scene).status is DealStatus.PAID
        assert deposit_of(session, daves).status is DepositStatus.APPLIED
        assert payment_of(session, deal).status is PaymentStatus.SUCCEEDED
        assert [payout.amount_minor for payout in due_payouts(session)] == [500, DEPOSIT]
    transfer(scene, deal)
    work()
    with atomic() as session:
        settlement = session.scalars(select(Settlement)).one()
        paid = {line["name"]: line["paid"] for line in settlement.lines}
        assert paid == {
            agency.name: 450_000,
            scene.lot.institution.name: 12_000_000,
            "Taishan Holding": 2_550_000,
        }
        assert deal_of(session, scene).status is DealStatus.PAID
    pay_out_everything(scene)
    work()
    with atomic() as session:
        assert deal_of(session, scene).status is DealStatus.COMPLETED
        assert deal_of(session, scene).lot.status is LotStatus.SOLD
        assert {payout.status for payout in session.scalars(select(Payout))} == {PayoutStatus.PAID}


def a_paid_deal(app: Flask, clock: FixedClock) -> tuple[Scene, Deal]:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    clock.advance(minutes=1)
    hold_by_bank(scene, carols)
    open_auction(scene, clock)
    assert bid(scene, carol, "150000.00") == "accepted"
    close_auction(scene, clock)
    with atomic() as session:
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
    receive(scene, payment, payment.amount_minor)
    return scene, deal


@SQLITE_ONLY
def test_nothing_is_settled_before_title_is_transferred(app: Flask, clock: FixedClock) -> None:
    scene, deal = a_paid_deal(app, clock)
    work()
    with atomic() as session:
        assert session.scalars(select(Settlement)).all() == []
    transfer(scene, deal)
    work()
    with atomic() as session:
        assert len(session.scalars(select(Settlement)).all()) == 1
        assert not service.settle_transferred(session)


@SQLITE_ONLY
def test_costs_come_first(app: Flask, clock: FixedClock) -> None:
    scene, deal = a_paid_deal(app, clock)
    with atomic() as session:
        service.record_cost(session, scene.olga, deal.id, payee="Notary", kind="notary", minor=90_000)
    transfer(scene, deal)
    work()
    with atomic() as session:
        settlement = session.scalars(select(Settlement)).one()
        assert settlement.lines[0]["name"] == "Notary"
        assert settlement.lines[-1]["paid"] == 15_000_000 - 12_000_000 - 90_000
    with atomic() as session, pytest.raises(Conflict):
        service.record_cost(session, scene.olga, deal.id, payee="Notary", kind="notary", minor=1)


def test_money_out_takes_two_persons(app: Flask, clock: FixedClock) -> None:
    scene, deal = a_paid_deal(app, clock)
    transfer(scene, deal)
    work()
    with atomic() as session:
        payout = due_payouts(session)[-1]
        alone = an_actor(session, InstitutionKind.OPERATOR, institution=scene.operator)
    with atomic() as session, pytest.raises(Refused) as refused:
        service.prepare_payout(session, alone, payout.id, " ")
    assert refused.value.reason is Reason.REASON_MISSING
    with atomic() as session, pytest.raises(Conflict):
        service.approve_payout(session, scene.otto, payout.id, "as prepared")
    with atomic() as session:
        service.prepare_payout(session, alone, payout.id, "as settled")
    with atomic() as session, pytest.raises(NotAllowed):
        service.approve_payout(session, alone, payout.id, "my own")
    with atomic() as session, pytest.raises(NotAllowed):
        service.approve_payout(session, scene.olga, payout.id, "an officer only")
    with atomic() as session, pytest.raises(Conflict):
        service.confirm_paid(session, scene.olga, payout.id, "X-1")
    with atomic() as session:
        service.send_back(session, scene.otto, payout.id, "wrong account")
    with atomic() as session:
        service.prepare_payout(session, alone, payout.id, "right account")
    with atomic() as session:
        service.approve_payout(session, scene.otto, payout.id, "checked")
    with atomic() as session, pytest.raises(Conflict):
        service.approve_payout(session, scene.otto, payout.id, "twice")
    with atomic() as session:
        service.confirm_paid(session, scene.olga, payout.id, "X-1")
        assert session.get_one(Payout, payout.id).status is PayoutStatus.PAID


@SQLITE_ONLY
def test_what_was_approved_is_what_was_prepared(app: Flask, clock: FixedClock) -> None:
    scene, deal = a_paid_deal(app, clock)
    transfer(scene, deal)
    work()
    with atomic() as session:
        payout = due_payouts(session)[-1]
        service.prepare_payout(session, scene.olga, payout.id, "as settled")
    with atomic() as session:
        session.get_one(Payout, payout.id).payee = "Mallory"
    with atomic() as session, pytest.raises(Conflict) as conflict:
        service.approve_payout(session, scene.otto, payout.id, "checked")
    assert conflict.value.reason is Reason.CONTENT_CHANGED


def test_a_line_of_the_statement_counts_once(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session)
        _, carols = a_bidder(session, scene)
    work()
    with atomic() as session:
        reference = deposit_of(session, carols).reference

    def confirm(session: Session, **changes: object) -> object:
        values: dict[str, Any] = {
            "reference": reference,
            "minor": 400_000,
            "currency": "CNY",
            "bank_reference": "LINE-1",
        }
        return service.confirm_receipt(session, scene.olga, **(values | changes))

    with atomic() as session:
        confirm(session)
    refusals: list[tuple[dict[str, object], Reason]] = [
        ({}, Reason.RECORDED_ALREADY),
        ({"bank_reference": "LINE-2", "minor": 0}, Reason.NOTHING_RECEIVED),
        ({"bank_reference": "LINE-2", "currency": "USD"}, Reason.WRONG_CURRENCY),
        ({"bank_reference": "LINE-2", "reference": "34679-34679"}, Reason.UNKNOWN_REFERENCE),
        ({"bank_reference": "LINE-2", "reference": "nobody"}, Reason.UNKNOWN_REFERENCE),
        ({"bank_reference": "  "}, Reason.UNKNOWN_REFERENCE),
    ]
    for changes, reason in refusals:
        with atomic() as session, pytest.raises(Refused) as refused:
            confirm(session, **changes)
        assert refused.value.reason is reason
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.REQUIRED
        confirm(session, bank_reference="LINE-2", minor=700_000, reference=reference.lower())
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.method) == (DepositStatus.HELD, Method.BANK_TRANSFER)
        assert deposit.registration.deposit_held
    work()


def test_a_deposit_that_came_too_late_or_too_little_goes_back(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session)
        (carol, carols), (_, daves) = a_bidder(session, scene), a_bidder(session, scene)
    work()
    with atomic() as session:
        little, late = deposit_of(session, carols), deposit_of(session, daves)
        service.choose_method(session, carol, little.id, Method.BANK_TRANSFER, BANK_ONLY)
    receive(scene, little, 5)
    close_auction(scene, clock)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.FAILED
        assert [payout.amount_minor for payout in due_payouts(session)] == [5]
    assert receive(scene, late, DEPOSIT).over == DEPOSIT
    with atomic() as session:
        assert deposit_of(session, daves).status is DepositStatus.FAILED
        assert [payout.amount_minor for payout in due_payouts(session)] == [5, DEPOSIT]
    pay_out_everything(scene)
    work()


@SQLITE_ONLY
def test_whose_deposit_it_is_decides_who_may_pay_it(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session)
        (carol, carols), (dave, _) = a_bidder(session, scene), a_bidder(session, scene)
    work()
    with atomic() as session:
        deposit = deposit_of(session, carols)
        with pytest.raises(NotFound):
            service.choose_method(session, dave, deposit.id, Method.BANK_TRANSFER, BANK_ONLY)
        with pytest.raises(NotFound):
            service.choose_method(session, scene.bank, deposit.id, Method.BANK_TRANSFER, BANK_ONLY)
        with pytest.raises(Refused):
            service.choose_method(session, carol, deposit.id, Method.STRIPE, BANK_ONLY)
        with pytest.raises(Conflict):
            service.choose_again(session, carol, deposit.id)
        service.choose_method(session, carol, deposit.id, Method.BANK_TRANSFER, BANK_ONLY)
        with pytest.raises(Conflict):
            service.choose_method(session, carol, deposit.id, Method.BANK_TRANSFER, BANK_ONLY)
        assert service.choose_again(session, carol, deposit.id).status is DepositStatus.REQUIRED
        with pytest.raises(NotAllowed):
            service.confirm_receipt(
                session, scene.otto, reference=deposit.reference, minor=1, currency="CNY", bank_reference="1"
            )
        with pytest.raises(NotFound):
            service.choose_method(session, carol, uuid.uuid4(), Method.BANK_TRANSFER, BANK_ONLY)
