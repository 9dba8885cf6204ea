"""More may be held than was asked for; no more than the price is taken."""

import pytest
from flask import Flask
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from payments import service
from payments.cards.rules import CardReason
from payments.rules import DepositStatus, PaymentStatus, Reason

from .card_scene import SAVED, gateways, heard, held_on_card
from .scene import (
    bid,
    close_auction,
    deal_of,
    deposit_of,
    open_auction,
    payment_of,
    work,
)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.mark.parametrize("increments", [True, False], ids=["the same hold", "a second hold"])
def test_a_bidder_may_have_more_held(
    app: Flask,
    clock: FixedClock,
    fake: StripeFake,
    increments: bool,  # noqa: FBT001
) -> None:
    known, fake.increments, fake.extends = gateways(fake, SAVED), increments, True
    scene, carol, carols = held_on_card(known)
    open_auction(scene, clock)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        first, more = deposit.gateway_object, deposit.amount_minor * 3
        with pytest.raises(Refused) as refused:
            service.raise_to(session, carol, deposit.id, deposit.amount_minor)
        assert refused.value.reason is CardReason.NOT_RAISED
        with pytest.raises(Refused) as refused:
            service.raise_to(session, carol, deposit.id, 100_000_000)
        assert refused.value.reason is Reason.ABOVE_CARD_CEILING
        service.raise_to(session, carol, deposit.id, more)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.amount_minor, deposit.gateway_object == first) == (more, increments)
        assert fake.intents[deposit.gateway_object]["amount"] == more
    assert (fake.intents[first]["status"] == "canceled") is not increments
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.captured_minor, deposit.amount_minor) == (more, more)
        assert payment_of(session, deal_of(session, scene)).amount_minor == 15_000_000 - more


def test_no_more_than_the_price_is_captured(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known, fake.extends = gateways(fake, SAVED), True
    scene, carol, carols = held_on_card(known)
    open_auction(scene, clock)
    with atomic() as session:
        service.raise_to(session, carol, deposit_of(session, carols).id, 20_000_000)
    work(known)
    bid(scene, carol, "150000.00")
    close_auction(scene, clock, known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert deposit.captured_minor == 15_000_000
        assert fake.intents[deposit.gateway_object]["amount_received"] == 15_000_000
        assert payment_of(session, deal_of(session, scene)).status is PaymentStatus.SUCCEEDED


def test_a_hold_that_was_raised_and_lost_is_asked_for_as_announced(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    known, fake.extends = gateways(fake, SAVED), True
    scene, carol, carols = held_on_card(known)
    open_auction(scene, clock)
    with atomic() as session:
        announced = deposit_of(session, carols).amount_minor
        service.raise_to(session, carol, deposit_of(session, carols).id, announced * 2)
    work(known)
    with atomic() as session:
        second = deposit_of(session, carols).gateway_object
    fake.expire_hold(second)
    heard(fake, second)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.amount_minor) == (DepositStatus.REQUIRED, announced)
