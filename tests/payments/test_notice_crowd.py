"""One notice that is delivered fifty times at the same moment has one effect."""

import uuid

import pytest
import stripe_fake
from crowd import at_once
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stripe_fake import StripeFake

from marketplace import clock as clocks
from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments import queries, service
from payments.gateways import GatewayNotice, registry
from payments.models import GatewayCall, GatewayEvent
from payments.rules import CallVerb, EventStatus
from payments.service import calls

from .card_scene import a_notice, choose_card, gateways, poster
from .scene import a_bidder, a_scene, deposit_of, work

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("databases", ["postgresql"], indirect=True),
]

DELIVERIES = 50


def deliver_at_once(app: Flask, fake: StripeFake) -> None:
    """Deliver a notice about a page fifty times at once, and ask for one effect."""
    known = gateways(fake)
    registry.install(app, known)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work(known)
    choose_card(carol, carols)
    work(known)
    with atomic() as session:
        body = a_notice("evt_crowd", deposit_of(session, carols).gateway_object)
    header = stripe_fake.sign(body)
    answers = at_once(app, [lambda: poster(app.test_client())(body, header)] * DELIVERIES)
    assert answers == [200] * DELIVERIES
    with atomic() as session:
        looked = select(func.count(GatewayCall.id)).where(GatewayCall.verb == CallVerb.LOOK_UP)
        assert session.scalar(looked) == 1
        assert session.scalar(select(func.count(GatewayEvent.id))) == 1


def test_case_26_fifty_deliveries_at_once_have_one_effect(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    """Many deliveries of one event at the same moment: one finds it new, the others find it kept."""
    deliver_at_once(app, fake)


def forgetful(session: Session, notice: GatewayNotice) -> GatewayEvent:
    """The planted fault: every delivery counts as the first."""
    now = clocks.now()
    event = GatewayEvent(
        event_id=f"{notice.event_id}-{uuid.uuid4()}",
        event_type=notice.event_type,
        gateway_object=notice.object_id,
        status=EventStatus.APPLIED,
        received_at=now,
        due_at=now,
    )
    session.add(event)
    owner = queries.owner_of_object(session, notice.object_id)
    assert owner is not None
    calls.prepare(session, CallVerb.LOOK_UP, owner, gateway_object=notice.object_id)
    return event


def test_without_the_unique_id_it_would_be_seen(
    app: Flask, clock: FixedClock, fake: StripeFake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "receive", forgetful)
    with pytest.raises(AssertionError, match=f"assert {DELIVERIES} == 1"):
        deliver_at_once(app, fake)
