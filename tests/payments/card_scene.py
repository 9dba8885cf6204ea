"""Bidders who pay by card, against the Stripe fake."""

import json
from datetime import timedelta
from typing import Any

import stripe_fake
from builders import signed_in
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from stripe_fake import StripeFake
from stripe_fake.answers import clock_seconds

from auctions.models import Registration
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.notices.models import Notice
from marketplace.notices.rules import NoticeKind
from marketplace.parties.models import Person
from payments import service
from payments.cards import service as cards
from payments.cards.models import SavedCard
from payments.gateways import GatewayNotice
from payments.gateways.registry import Gateways
from payments.gateways.stripe import StripeGateway
from payments.rules import DepositStatus, Method

from .scene import (
    Scene,
    a_bidder,
    a_scene,
    deal_of,
    deposit_of,
    payment_of,
    work,
)

BOTH = frozenset(Method)


def gateways(fake: StripeFake, payment_method: str = "") -> Gateways:
    return {Method.STRIPE: saved_card(fake.base, payment_method)}


SAVED = "pm_card_visa"


def choose_card(scene_actor: Actor, registration: Registration) -> None:
    with atomic() as session:
        service.choose_method(session, scene_actor, deposit_of(session, registration).id, Method.STRIPE, BOTH)


def with_card_deposits(
    clock: FixedClock, known: Gateways, bidders: int = 2
) -> tuple[Scene, list[tuple[Actor, Registration]]]:
    """A scene in which every bidder's deposit is held on a saved card."""
    with atomic() as session:
        scene = a_scene(session)
        cast = [a_bidder(session, scene) for _ in range(bidders)]
    work()
    for actor, registration in cast:
        choose_card(actor, registration)
    work(known)
    with atomic() as session:
        for _, registration in cast:
            assert deposit_of(session, registration).status is DepositStatus.HELD
    return scene, cast


def poster(client: FlaskClient) -> Any:
    def post(body: bytes, header: str) -> int:
        headers = {"Stripe-Signature": header}
        return client.post("/webhooks/stripe", data=body, headers=headers).status_code

    return post


def won(session: Session, scene: Scene, carol: Actor) -> Any:
    payment = payment_of(session, deal_of(session, scene))
    return service.choose_payment_method(session, carol, payment.id, Method.STRIPE, BOTH)


def a_notice(event_id: str, object_id: str, **changes: Any) -> bytes:
    """The body of a notice about an object, as Stripe would write it now."""
    event = {"id": event_id, "object": "event", "type": "payment_intent.succeeded", "livemode": False}
    event |= {"created": clock_seconds(), "data": {"object": {"id": object_id}}}
    return json.dumps(event | changes).encode()


def saved_card(address: str, payment_method: str = SAVED) -> StripeGateway:
    """The adapter that holds on a payment method directly, against a double at an address."""
    return StripeGateway(
        stripe_fake.API_KEY, stripe_fake.WEBHOOK_SECRET, api_base=address, payment_method=payment_method
    )


def saved(actor: Actor, known: Gateways) -> SavedCard:
    """A card of the actor's institution, saved by a gateway that needs no page."""
    with atomic() as session:
        card = cards.begin_saving(session, actor, BOTH)
    work(known)
    with atomic() as session:
        return session.get_one(SavedCard, card.id)


def on_card(actor: Actor, registration: Registration, card: SavedCard) -> None:
    with atomic() as session:
        deposit = deposit_of(session, registration)
        service.choose_method(session, actor, deposit.id, Method.STRIPE, BOTH, card_id=card.id)


def kinds(session: Session, actor: Actor) -> list[NoticeKind]:
    statement = select(Notice.kind).where(Notice.institution_id == actor.institution_id).order_by(Notice.at)
    return list(session.scalars(statement))


LONG = timedelta(days=10)


def held_on_card(known: Gateways) -> tuple[Scene, Actor, Registration]:
    """A bidder whose deposit is held on a saved card, for an auction that outlives the hold."""
    with atomic() as session:
        scene = a_scene(session, lasts=LONG)
        carol, carols = a_bidder(session, scene)
    work()
    on_card(carol, carols, saved(carol, known))
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD
    return scene, carol, carols


def card_of(session: Session, registration: Registration) -> str:
    """How the gateway names the card on which the deposit is held."""
    card_id = deposit_of(session, registration).card_id
    return session.get_one(SavedCard, card_id).payment_method


def a_day_before_the_end(clock: FixedClock, registration: Registration) -> str:
    """Move to the moment at which the hold is renewed; returns the hold."""
    with atomic() as session:
        deposit = deposit_of(session, registration)
        assert deposit.hold_expires_at is not None
        clock.move_to(deposit.hold_expires_at - timedelta(hours=24))
        return deposit.gateway_object


def heard(fake: StripeFake, gateway_object: str) -> None:
    """The gateway's notice about an object arrives."""
    with atomic() as session:
        service.receive(session, GatewayNotice(fake.name("evt"), "checkout.session.x", gateway_object))


def signed_in_as(client: FlaskClient, actor: Actor) -> FlaskClient:
    with atomic() as session:
        person = session.get_one(Person, actor.person_id)
    return signed_in(client, person)
