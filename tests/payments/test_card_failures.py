"""What goes wrong with cards: declined, lost, late, silent; no money is lost or taken twice."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, Refused
from payments import sending, service
from payments.cards import service as cards
from payments.gateways import registry
from payments.models import Deposit, GatewayCall, Payout
from payments.rules import CallStatus, DepositStatus, Method, PaymentStatus, PayoutKind, Reason

from .card_scene import BOTH, SAVED, choose_card, gateways, poster, with_card_deposits, won
from .scene import (
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    default,
    deposit_of,
    open_auction,
    payment_of,
    receive,
    work,
)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_declined_card_may_be_replaced(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work()
    choose_card(carol, carols)
    work(gateways(fake, "pm_card_chargeDeclined"))
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.problem) == (DepositStatus.REQUIRED, "Your card was declined.")
        assert deposit.attempt == 2
    choose_card(carol, carols)
    work(gateways(fake, SAVED))
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_no_answer_is_asked_for_again_and_holds_once(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work()
    choose_card(carol, carols)
    before = len(fake.intents)
    fake.broken_answers = 3
    work(gateways(fake, SAVED))
    with atomic() as session:
        call = session.scalars(select(GatewayCall)).one()
        assert (call.status, call.attempts) == (CallStatus.PREPARED, 1)
        assert deposit_of(session, carols).status is DepositStatus.PENDING
    clock.advance(minutes=1)
    work(gateways(fake, SAVED))
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD
    assert len(fake.intents) == before + 1


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_switched_off_gateway_is_waited_for(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work()
    choose_card(carol, carols)
    with atomic() as session:
        assert cards.place_holds(session)
    assert sending.send_due({}) == 1
    assert sending.send_due({}) == 0
    clock.advance(minutes=5)
    work(gateways(fake, SAVED))
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_hold_that_runs_out_is_asked_for_again(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    scene, [(carol, carols), (_, daves)] = with_card_deposits(clock, known)
    with atomic() as session:
        for row in session.scalars(select(Deposit)):
            row.hold_expires_at = clock.moment + timedelta(minutes=5)
    clock.advance(minutes=5)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.registration.deposit_held) == (DepositStatus.REQUIRED, False)
    choose_card(carol, carols)
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD
        assert deposit_of(session, carols).registration.deposit_held
    close_auction(scene, clock, known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.RELEASED
        assert deposit_of(session, daves).status is DepositStatus.FAILED


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_hold_lost_after_winning_is_owed_with_the_balance(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    scene, [(carol, carols)] = with_card_deposits(clock, known, bidders=1)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    with atomic() as session:
        fake.expire_hold(deposit_of(session, carols).gateway_object)
    close_auction(scene, clock, known)
    with atomic() as session:
        deal = deal_of(session, scene)
        assert deposit_of(session, carols).status is DepositStatus.FAILED
        payment = payment_of(session, deal)
        assert payment.amount_minor == 15_000_000
    receive(scene, payment, 15_000_000)
    with atomic() as session:
        assert deal_of(session, scene).status is DealStatus.PAID
    work(known)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_card_deposit_is_captured_to_be_forfeited(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known, fake.extends = gateways(fake, SAVED), True
    scene, [(carol, carols)] = with_card_deposits(clock, known, bidders=1)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock)
    with atomic() as session:
        clock.move_to(deal_of(session, scene).pay_by + timedelta(seconds=1))
        assert deposit_of(session, carols).captured_minor == 0
    default(scene)
    with atomic() as session:
        assert deal_of(session, scene).status is DealStatus.DEFAULTED
        assert deposit_of(session, carols).status is DepositStatus.HELD
    clock.advance(hours=1)
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.FORFEITED


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_card_payment_after_the_deadline_goes_back_to_the_card(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known, hosted = gateways(fake, SAVED), gateways(fake)
    registry.install(app, hosted)
    scene, [(carol, _)] = with_card_deposits(clock, known, bidders=1)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    with atomic() as session:
        payment = won(session, scene, carol)
    work(hosted)
    with atomic() as session:
        deal = deal_of(session, scene)
        page = payment_of(session, deal).gateway_object
    fake.complete(page)
    clock.move_to(deal.pay_by + timedelta(seconds=1))
    default(scene, hosted)
    fake.deliver(poster(client))
    work(hosted)
    with atomic() as session:
        late = session.get_one(type(payment), payment.id)
        assert late.status is PaymentStatus.FAILED
        assert fake.intents[late.gateway_object]["latest_charge"]["amount_refunded"] == 14_000_000
        assert session.scalars(select(Payout).where(Payout.kind == PayoutKind.RETURN)).all() == []


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_buyer_may_leave_the_card_page_for_a_transfer(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    hosted, saved = gateways(fake), gateways(fake, SAVED)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work()
    choose_card(carol, carols)
    work(hosted)
    with atomic() as session:
        service.choose_again(session, carol, deposit_of(session, carols).id)
    work(hosted)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.method) == (DepositStatus.REQUIRED, None)
    choose_card(carol, carols)
    work(saved)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, saved)
    with atomic() as session:
        payment = won(session, scene, carol)
        with pytest.raises(Conflict):
            service.choose_payment_again(session, carol, payment.id)
    work(hosted)
    with atomic() as session:
        service.choose_payment_again(session, carol, payment.id)
    work(hosted)
    with atomic() as session:
        again = payment_of(session, deal_of(session, scene))
        assert (again.status, again.attempt) == (PaymentStatus.PREPARED, 2)
        service.choose_payment_method(session, carol, again.id, Method.BANK_TRANSFER, BOTH)
        assert service.choose_payment_again(session, carol, again.id).attempt == 3


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_amount_over_the_ceiling_is_refused_in_words(app: Flask, clock: FixedClock) -> None:
    with atomic() as session:
        scene = a_scene(session, start_price_minor=1_000_000_000, deposit_minor=100_000_000,
                        reference_price_minor=1_000_000_000)  # fmt: skip
        carol, carols = a_bidder(session, scene)
    work()
    with pytest.raises(Refused) as refused:
        choose_card(carol, carols)
    assert refused.value.reason is Reason.ABOVE_CARD_CEILING


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_declined_charge_may_be_tried_again(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    scene, [(carol, _)] = with_card_deposits(clock, known, bidders=1)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    with atomic() as session:
        won(session, scene, carol)
    work(gateways(fake, "pm_card_chargeDeclined"))
    with atomic() as session:
        payment = payment_of(session, deal_of(session, scene))
        assert (payment.status, payment.problem) == (PaymentStatus.PREPARED, "Your card was declined.")


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_page_nobody_completes_is_closed_after_the_auction(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    hosted = gateways(fake)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work()
    choose_card(carol, carols)
    work(hosted)
    close_auction(scene, clock, hosted)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert deposit.status is DepositStatus.FAILED
    assert "open" not in {fake.sessions[name]["status"] for name in list(fake.sessions)[-1:]}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_hold_made_at_the_last_moment_is_released(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    hosted = gateways(fake)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work()
    choose_card(carol, carols)
    work(hosted)
    with atomic() as session:
        fake.complete(deposit_of(session, carols).gateway_object)
    close_auction(scene, clock, hosted)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert deposit.status in {DepositStatus.RELEASED, DepositStatus.FAILED}
        assert fake.intents[deposit.gateway_object or list(fake.intents)[-1]]["status"] == "canceled"
