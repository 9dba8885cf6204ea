"""What broke elsewhere with cards and notices: the numbered failure cases of money."""

import json
from itertools import permutations

import pytest
import stripe_fake
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from stripe_fake import StripeFake

from auctions.models import Registration
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments.gateways import registry
from payments.gateways.registry import Gateways
from payments.models import GatewayCall, GatewayEvent, LedgerTransaction
from payments.rules import CallVerb, DepositStatus, EventStatus

from .card_scene import (
    SAVED,
    a_notice,
    choose_card,
    gateways,
    poster,
    signed_in_as,
)
from .scene import (
    Scene,
    a_bidder,
    a_scene,
    bid,
    deposit_of,
    open_auction,
    work,
)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def on_the_page(app: Flask, known: Gateways) -> tuple[Scene, Actor, Registration, str]:
    """A bidder who has the card page before it; returns the page."""
    registry.install(app, known)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work(known)
    choose_card(carol, carols)
    work(known)
    with atomic() as session:
        return scene, carol, carols, deposit_of(session, carols).gateway_object


def test_case_25_notice_and_return_together_hold_once(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    """A webhook and the return of the payer, with different keys, had charged twice elsewhere."""
    known = gateways(fake)
    _, carol, carols, page = on_the_page(app, known)
    before = len(fake.intents)
    fake.complete(page)
    address = f"/money/registrations/{carols.id}/deposit"
    buyer = signed_in_as(client, carol)
    assert buyer.get(address).status_code == 200
    fake.deliver(poster(client), copies=2)
    assert buyer.post(address, data={"method": "stripe"}).status_code == 409
    fake.broken_answers = 1
    work(known)
    clock.advance(minutes=5)
    work(known)
    assert len(fake.intents) == before + 1
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD
        held = select(func.count(LedgerTransaction.id)).where(LedgerTransaction.key.like("deposit:%:held"))
        assert session.scalar(held) == 1


def test_case_25_each_call_has_one_key_however_often_it_is_made(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    """An answer that is lost is asked for again by the same key: the card is held once."""
    known = gateways(fake, SAVED)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work()
    choose_card(carol, carols)
    before = len(fake.intents)
    fake.broken_answers = 3
    work(known)
    clock.advance(minutes=10)
    work(known)
    assert len(fake.intents) == before + 1
    with atomic() as session:
        call = session.scalars(select(GatewayCall).where(GatewayCall.verb == CallVerb.HOLD)).one()
        assert call.attempts == 2
        assert f"luochui-{call.id}" in fake.answers


def test_case_26_a_notice_that_comes_twice_has_one_effect(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    """The same event, delivered to two endpoints or twice, had its effect twice elsewhere."""
    known = gateways(fake)
    _, _, _, page = on_the_page(app, known)
    body, post = a_notice("evt_once", page), poster(client)
    assert [post(body, stripe_fake.sign(body)) for _ in range(3)] == [200, 200, 200]
    assert post(body, stripe_fake.sign(body, age=60)) == 200
    with atomic() as session:
        event = session.scalars(select(GatewayEvent)).one()
        assert event.status is EventStatus.APPLIED
        asked = select(func.count(GatewayCall.id)).where(GatewayCall.verb == CallVerb.LOOK_UP)
        assert session.scalar(asked) == 1


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_case_27_any_order_leads_to_the_same_end(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake, order: tuple[int, ...]
) -> None:
    """Events out of order left a wrong state elsewhere: here each only has its object looked up."""
    known = gateways(fake)
    scene, carol, carols, page = on_the_page(app, known)
    fake.complete(page)
    held = fake.sessions[page]["payment_intent"]
    fake.emit("charge.captured", {"id": "ch_x", "object": "charge", "payment_intent": held})
    assert set(fake.deliver(poster(client), order=lambda rows: [rows[place] for place in order])) == {200}
    for _ in range(6):
        clock.advance(seconds=40)
        work(known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD
        assert {event.status for event in session.scalars(select(GatewayEvent))} == {EventStatus.APPLIED}
    open_auction(scene, clock)
    assert bid(scene, carol, "150000.00") == "accepted"


def test_case_28_a_notice_before_its_object_is_parked_and_has_its_effect_later(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    """A webhook before the local row was answered with 200 elsewhere, and lost for ever."""
    known = gateways(fake)
    _, _, carols, page = on_the_page(app, known)
    fake.complete(page)
    held = fake.sessions[page]["payment_intent"]
    body = a_notice("evt_early", held)
    assert poster(client)(body, stripe_fake.sign(body)) == 200
    with atomic() as session:
        event = session.scalars(select(GatewayEvent)).one()
        assert (event.status, event.gateway_object) == (EventStatus.PARKED, held)
    late = a_notice("evt_page", page)
    poster(client)(late, stripe_fake.sign(late))
    for _ in range(3):
        work(known)
        clock.advance(seconds=40)
    work(known)
    with atomic() as session:
        assert {event.status for event in session.scalars(select(GatewayEvent))} == {EventStatus.APPLIED}
        assert deposit_of(session, carols).status is DepositStatus.HELD


def test_case_29_only_the_raw_body_that_was_signed_now_is_taken(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    """JSON written anew before the check of the signature: only the raw bytes that were signed count."""
    registry.install(app, gateways(fake))
    body, post = a_notice("evt_1", "pi_1"), poster(client)
    written_otherwise = json.dumps(json.loads(body), indent=1).encode()
    signed = stripe_fake.sign(body)
    assert post(body + b" ", signed) == 400
    assert post(body.replace(b"pi_1", b"pi_2"), signed) == 400
    assert post(written_otherwise, signed) == 400
    assert post(body, stripe_fake.sign(body, age=301)) == 400
    assert post(body, stripe_fake.sign(body, age=-301)) == 400
    assert post(body, stripe_fake.sign(body, secret="whsec_other")) == 400
    assert client.post("/webhooks/stripe", data=body).status_code == 400
    with atomic() as session:
        assert session.scalars(select(GatewayEvent)).all() == []
