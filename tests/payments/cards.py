"""Bidders who pay by card, against the Stripe fake."""

from typing import Any

import stripe_fake
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from stripe_fake import StripeFake

from auctions.models import Registration
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments import service
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
    gateway = StripeGateway(
        stripe_fake.API_KEY, stripe_fake.WEBHOOK_SECRET, api_base=fake.base, payment_method=payment_method
    )
    return {Method.STRIPE: gateway}


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
