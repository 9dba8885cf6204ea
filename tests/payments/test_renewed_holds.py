"""A hold that would run out before the auction ends is renewed: the new one first, alone or by its holder."""

from datetime import timedelta

import pytest
from flask import Flask
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict
from marketplace.notices.rules import NoticeKind
from payments import service
from payments.cards.queries import holds_running_out
from payments.rules import DepositStatus

from .card_scene import (
    LONG,
    SAVED,
    a_day_before_the_end,
    card_of,
    gateways,
    heard,
    held_on_card,
    kinds,
)
from .scene import (
    bid,
    close_auction,
    deposit_of,
    open_auction,
    work,
)

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_a_hold_is_renewed_before_it_runs_out(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    scene, carol, carols = held_on_card(known)
    open_auction(scene, clock)
    first = a_day_before_the_end(clock, carols)
    clock.advance(seconds=-1)
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).gateway_object == first
    clock.advance(seconds=1)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        second = deposit.gateway_object
        assert (deposit.status, deposit.registration.deposit_held) == (DepositStatus.HELD, True)
        assert second != first
        assert deposit.hold_expires_at == clock() + timedelta(days=4, hours=18)
        assert deposit.warned_at is None
        assert {NoticeKind.HOLD_EXPIRING, NoticeKind.HOLD_RENEWED} <= set(kinds(session, carol))
    assert (fake.intents[first]["status"], fake.intents[second]["status"]) == ("canceled", "requires_capture")
    placed = [path for _, path in fake.calls if path.startswith("/v1/payment_intents")]
    assert placed.index(f"/v1/payment_intents/{first}/cancel") > placed.index("/v1/payment_intents")
    a_day_before_the_end(clock, carols)
    work(known)
    close_auction(scene, clock, known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.RELEASED
    assert {intent["status"] for intent in list(fake.intents.values())[-3:]} == {"canceled"}


def test_a_hold_that_lasts_is_not_renewed(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known, fake.extends = gateways(fake, SAVED), True
    scene, carol, carols = held_on_card(known)
    with atomic() as session:
        first = deposit_of(session, carols).gateway_object
    open_auction(scene, clock)
    clock.advance(days=9)
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).gateway_object == first
        assert NoticeKind.HOLD_EXPIRING not in kinds(session, carol)


def test_a_card_that_is_declined_for_renewal_suspends_its_bidder_in_the_end(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    scene, carol, carols = held_on_card(known)
    open_auction(scene, clock)
    with atomic() as session:
        fake.methods[card_of(session, carols)]["does"] = "declined"
    first = a_day_before_the_end(clock, carols)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.gateway_object, deposit.problem) == (first, "Your card was declined.")
        assert NoticeKind.HOLD_NOT_RENEWED in kinds(session, carol)
    assert bid(scene, carol, "149000.00") == "accepted"
    clock.advance(hours=24)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.registration.deposit_held) == (DepositStatus.REQUIRED, False)
    assert bid(scene, carol, "150000.00") == "refused:no_deposit"


def test_a_renewal_that_needs_its_holder_is_done_on_the_page(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    scene, carol, carols = held_on_card(known)
    open_auction(scene, clock)
    with atomic() as session:
        fake.methods[card_of(session, carols)]["does"] = "needs_payer"
    first = a_day_before_the_end(clock, carols)
    pages = gateways(fake)
    work(pages)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.gateway_object) == (DepositStatus.HELD, first)
        assert deposit.hosted_url.startswith(fake.base)
        with pytest.raises(Conflict):
            service.renew_by_page(session, carol, deposit.id)
    fake.complete(deposit.renewal_object, card="pm_card_authenticationRequired")
    heard(fake, deposit.renewal_object)
    work(pages)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert deposit.gateway_object != first
        assert (deposit.renewal_object, deposit.hosted_url, deposit.problem) == ("", "", "")
        assert deposit.hold_expires_at == clock() + timedelta(days=7)
    assert fake.intents[first]["status"] == "canceled"


def test_a_renewal_page_that_is_left_open_is_closed_with_the_hold(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    pages = gateways(fake)
    scene, carol, carols = held_on_card(gateways(fake, SAVED))
    open_auction(scene, clock)
    with atomic() as session:
        service.renew_by_page(session, carol, deposit_of(session, carols).id)
    work(pages)
    with atomic() as session:
        page = deposit_of(session, carols).renewal_object
    clock.advance(hours=25)
    heard(fake, page)
    work(pages)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.renewal_object, deposit.hosted_url) == (DepositStatus.HELD, "", "")


def test_a_renewal_that_comes_after_the_auction_is_let_go(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    pages = gateways(fake)
    scene, carol, carols = held_on_card(gateways(fake, SAVED))
    open_auction(scene, clock)
    clock.move_to(scene.auction.opens_at + LONG - timedelta(hours=2))
    with atomic() as session:
        deposit_of(session, carols).hold_expires_at = clock() + timedelta(days=2)
        service.renew_by_page(session, carol, deposit_of(session, carols).id)
    work(pages)
    with atomic() as session:
        page = deposit_of(session, carols).renewal_object
    close_auction(scene, clock, pages)
    fake.complete(page)
    heard(fake, page)
    work(pages)
    second = fake.sessions[page]["payment_intent"]
    assert fake.intents[second]["status"] == "canceled"


def test_the_operator_sees_what_runs_out(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    scene, _, carols = held_on_card(known)
    open_auction(scene, clock)
    with atomic() as session:
        assert holds_running_out(session, clock()) == []
    a_day_before_the_end(clock, carols)
    with atomic() as session:
        assert [row.id for row in holds_running_out(session, clock())] == [deposit_of(session, carols).id]
