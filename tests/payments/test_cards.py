"""The life of money by card: rows first, the call outside the transaction, signed notices in any order."""

import pytest
import stripe_fake
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, Refused
from payments import service
from payments.cards import service as cards
from payments.gateways import registry
from payments.models import GatewayCall, GatewayEvent
from payments.rules import DepositStatus, EventStatus, Method, PaymentStatus, Reason

from .card_scene import BOTH, SAVED, a_notice, choose_card, gateways, poster, with_card_deposits
from .scene import (
    DEPOSIT,
    a_bidder,
    a_scene,
    bid,
    close_auction,
    deal_of,
    deposit_of,
    due_payouts,
    open_auction,
    pay_out_everything,
    payment_of,
    transfer,
    work,
)


def test_card_holds_from_the_bid_to_the_last_fen(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    scene, [(carol, carols), (dave, daves)] = with_card_deposits(clock, known)
    open_auction(scene, clock)
    bid(scene, carol, "149000.00")
    bid(scene, dave, "150000.00")
    close_auction(scene, clock, known)
    with atomic() as session:
        lost, won = deposit_of(session, carols), deposit_of(session, daves)
        assert (lost.status, won.status) == (DepositStatus.RELEASED, DepositStatus.HELD)
        assert (lost.captured_minor, won.captured_minor) == (0, DEPOSIT)
        assert fake.intents[lost.gateway_object]["status"] == "canceled"
        assert fake.intents[won.gateway_object]["status"] == "succeeded"
        assert due_payouts(session) == []
        deal = deal_of(session, scene)
        payment = payment_of(session, deal)
        service.choose_payment_method(session, dave, payment.id, Method.STRIPE, BOTH)
    work(known)
    with atomic() as session:
        assert payment_of(session, deal).status is PaymentStatus.SUCCEEDED
        assert deal_of(session, scene).status is DealStatus.PAID
        assert deposit_of(session, daves).status is DepositStatus.APPLIED
    transfer(scene, deal)
    work(known)
    clock.advance(days=15)  # what a card paid is held back
    with atomic() as session:
        service.collect_from_gateway(
            session, scene.olga, minor=15_000_000, currency="CNY", bank_reference="STRIPE-1"
        )
    with atomic() as session, pytest.raises(Conflict):
        service.collect_from_gateway(
            session, scene.olga, minor=15_000_000, currency="CNY", bank_reference="STRIPE-1"
        )
    pay_out_everything(scene)
    work(known)
    with atomic() as session:
        assert deal_of(session, scene).status is DealStatus.COMPLETED


def test_nothing_is_paid_from_the_bank_before_the_gateway_paid_it_in(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    scene, [(carol, _)] = with_card_deposits(clock, known, bidders=1)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    with atomic() as session:
        deal = deal_of(session, scene)
        service.choose_payment_method(session, carol, payment_of(session, deal).id, Method.STRIPE, BOTH)
    work(known)
    transfer(scene, deal)
    work(known)
    clock.advance(days=15)  # what a card paid is held back
    with pytest.raises(Refused) as refused:
        pay_out_everything(scene)
    assert refused.value.reason is Reason.OVERDRAWN
    with atomic() as session, pytest.raises(Refused):
        service.collect_from_gateway(session, scene.olga, minor=0, currency="CNY", bank_reference="X")
    with atomic() as session, pytest.raises(Refused):
        service.collect_from_gateway(session, scene.olga, minor=1, currency="CNY", bank_reference=" ")


def test_the_buyer_enters_the_card_on_the_hosted_page(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known = gateways(fake)
    registry.install(app, known)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work(known)
    choose_card(carol, carols)
    with atomic() as session:
        assert cards.place_holds(session)
    with atomic() as session, pytest.raises(Conflict):
        service.choose_again(session, carol, deposit_of(session, carols).id)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert deposit.status is DepositStatus.PENDING
        assert deposit.hosted_url.startswith(fake.base)
    fake.complete(deposit.gateway_object)
    # The intent's own notice speaks of an object nobody knows here yet; the page's comes after it.
    assert fake.deliver(poster(client), copies=2) == [200, 200, 200, 200]
    with atomic() as session:
        events = {event.event_type: event.status for event in session.scalars(select(GatewayEvent))}
        assert events == {
            "payment_intent.amount_capturable_updated": EventStatus.PARKED,
            "checkout.session.completed": EventStatus.APPLIED,
        }
    clock.advance(minutes=1)
    work(known)
    clock.advance(minutes=1)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.hosted_url) == (DepositStatus.HELD, "")
        assert deposit.registration.deposit_held
        assert {event.status for event in session.scalars(select(GatewayEvent))} == {EventStatus.APPLIED}


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_notices_in_any_order_lead_to_the_same_end(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    registry.install(app, known)
    scene, [(carol, carols), (_, daves)] = with_card_deposits(clock, known)
    open_auction(scene, clock)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    assert set(fake.deliver(poster(client), copies=3, order=lambda events: events[::-1])) == {200}
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).captured_minor == DEPOSIT
        assert deposit_of(session, daves).status is DepositStatus.RELEASED
        ids = list(session.scalars(select(GatewayEvent.event_id)))
        assert len(ids) == len(set(ids)) == 4


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_an_unsigned_notice_is_kept_nowhere(app: Flask, client: FlaskClient, fake: StripeFake) -> None:
    registry.install(app, gateways(fake))
    body = a_notice("evt_x", "pi_x")
    post = poster(client)
    assert post(body, stripe_fake.sign(body, secret="whsec_other")) == 400
    assert post(body + b" ", stripe_fake.sign(body)) == 400
    assert client.post("/webhooks/stripe", data=body).status_code == 400
    assert client.get("/webhooks/stripe").status_code == 405
    assert post(body, stripe_fake.sign(body)) == 200
    with atomic() as session:
        assert session.scalars(select(GatewayEvent)).one().event_id == "evt_x"


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_without_cards_there_is_no_webhook(app: Flask, client: FlaskClient) -> None:
    assert client.post("/webhooks/stripe", data=b"{}").status_code == 404


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_notice_about_a_stranger_is_let_go_in_the_end(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    registry.install(app, gateways(fake))
    for object_id in ("pi_stranger", "in_invoice"):
        content = a_notice(f"evt_{object_id}", object_id)
        assert poster(client)(content, stripe_fake.sign(content)) == 200
    for _ in range(15):
        clock.advance(hours=3)
        work()
    with atomic() as session:
        assert {event.status for event in session.scalars(select(GatewayEvent))} == {EventStatus.IGNORED}
        assert session.scalars(select(GatewayCall)).all() == []
