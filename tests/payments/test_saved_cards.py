"""A card is saved once; the deposit is held on it late, without its holder."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from stripe_fake import StripeFake

from auctions.models import Auction, Registration
from auctions.rules import Outcome
from marketplace.access import Actor
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Conflict, NotAllowed, NotFound, Refused
from marketplace.notices.rules import NoticeKind
from payments import service
from payments.cards import service as cards
from payments.cards.models import GatewayCustomer, SavedCard
from payments.cards.rules import MOST_CARDS, PLACED_BEFORE_OPENING, CardReason, CardStatus
from payments.cards.service import saving
from payments.rules import AUTHENTICATION_REQUIRED, DepositStatus, Method, Reason

from .card_scene import (
    BOTH,
    SAVED,
    gateways,
    heard,
    kinds,
    on_card,
    saved,
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


def a_distant_scene() -> tuple[Scene, Actor, Registration]:
    """An auction that opens in some weeks, with one bidder."""
    with atomic() as session:
        scene = a_scene(session, opens_in=timedelta(days=20))
        carol, carols = a_bidder(session, scene)
    work()
    return scene, carol, carols


def test_a_card_is_saved_on_the_gateways_page(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake)
    with atomic() as session:
        carol, _ = a_bidder(session, a_scene(session))
        card = cards.begin_saving(session, carol, BOTH)
    work(known)
    with atomic() as session:
        asked = session.get_one(SavedCard, card.id)
        assert (asked.status, asked.hosted_url.startswith(fake.base)) == (CardStatus.ASKED, True)
        with pytest.raises(Conflict):
            cards.remove(session, carol, card.id)
    fake.complete(asked.gateway_object)
    with atomic() as session:
        saving.heard_of(session, session.get_one(SavedCard, card.id))
    work(known)
    with atomic() as session:
        kept = session.get_one(SavedCard, card.id)
        assert (kept.status, kept.brand, kept.last_four, kept.expiry) == (
            CardStatus.SAVED, "visa", "4242", (12, 2030)
        )  # fmt: skip
        assert kept.hosted_url == ""


def test_a_page_nobody_completes_saves_nothing(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake)
    with atomic() as session:
        carol, _ = a_bidder(session, a_scene(session))
        card = cards.begin_saving(session, carol, BOTH)
    work(known)
    clock.advance(hours=25)
    with atomic() as session:
        saving.heard_of(session, session.get_one(SavedCard, card.id))
    work(known)
    with atomic() as session:
        assert session.get_one(SavedCard, card.id).status is CardStatus.FAILED


def test_a_refused_card_is_not_saved(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    with atomic() as session:
        carol, _ = a_bidder(session, a_scene(session))
    card = saved(carol, gateways(fake, "pm_card_chargeDeclined"))
    assert (card.status, card.problem) == (CardStatus.FAILED, "Your card was declined.")


def test_cards_have_a_limit_an_owner_and_a_customer(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    with atomic() as session:
        scene = a_scene(session)
        (carol, _), (dave, _) = a_bidder(session, scene), a_bidder(session, scene)
    mine = [saved(carol, known) for _ in range(MOST_CARDS)]
    with atomic() as session:
        assert len(session.scalars(select(GatewayCustomer)).all()) == 1
        with pytest.raises(Refused) as refused:
            cards.begin_saving(session, carol, BOTH)
        assert refused.value.reason is CardReason.TOO_MANY_CARDS
        with pytest.raises((NotAllowed, NotFound)):
            cards.remove(session, dave, mine[0].id)
        with pytest.raises(Refused) as refused:
            cards.begin_saving(session, dave, frozenset({Method.BANK_TRANSFER}))
        assert refused.value.reason is Reason.METHOD_NOT_OFFERED
        cards.remove(session, carol, mine[0].id)
    work(known)
    with atomic() as session:
        assert session.get_one(SavedCard, mine[0].id).status is CardStatus.REMOVED
        assert fake.methods[mine[0].payment_method]["customer"] is None


def test_nothing_is_held_weeks_before_the_auction(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    scene, carol, carols = a_distant_scene()
    card = saved(carol, known)
    before = len(fake.intents)
    on_card(carol, carols, card)
    work(known)
    assert len(fake.intents) == before
    with atomic() as session, pytest.raises(Conflict) as refused:
        cards.remove(session, carol, card.id)
    assert refused.value.reason is CardReason.CARD_IN_USE
    clock.move_to(scene.auction.opens_at - PLACED_BEFORE_OPENING - timedelta(seconds=1))
    work(known)
    assert len(fake.intents) == before
    clock.advance(seconds=1)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.registration.deposit_held) == (DepositStatus.HELD, True)
        assert deposit.hold_expires_at == clock() + timedelta(days=4, hours=18)
    open_auction(scene, clock)
    assert bid(scene, carol, "150000.00") == "accepted"


def test_a_method_can_be_changed_before_anything_is_held(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    _, carol, carols = a_distant_scene()
    on_card(carol, carols, saved(carol, known))
    with atomic() as session:
        assert service.choose_again(session, carol, deposit_of(session, carols).id).card_id is None
        assert deposit_of(session, carols).status is DepositStatus.REQUIRED


def test_only_ones_own_card_can_be_chosen(app: Flask, clock: FixedClock, fake: StripeFake) -> None:
    known = gateways(fake, SAVED)
    with atomic() as session:
        scene = a_scene(session)
        (carol, carols), (dave, _) = a_bidder(session, scene), a_bidder(session, scene)
    work()
    foreign = saved(dave, known)
    with pytest.raises(Refused) as refused:
        on_card(carol, carols, foreign)
    assert refused.value.reason is CardReason.CARD_NOT_SAVED


def test_a_bank_that_wants_its_customer_leads_to_the_card_page(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    work()
    on_card(carol, carols, saved(carol, gateways(fake, "pm_card_authenticationRequired")))
    known = gateways(fake)
    work(known)
    with atomic() as session:
        deposit = deposit_of(session, carols)
        assert (deposit.status, deposit.card_id) == (DepositStatus.PENDING, None)
        assert deposit.hosted_url.startswith(fake.base)
        assert deposit.problem == AUTHENTICATION_REQUIRED
        assert kinds(session, carol).count(NoticeKind.DEPOSIT_DUE) == 2
    fake.complete(deposit.gateway_object, card="pm_card_authenticationRequired")
    heard(fake, deposit.gateway_object)
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD


def test_a_deposit_never_placed_fails_with_the_auction(
    app: Flask, clock: FixedClock, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    scene, carol, carols = a_distant_scene()
    on_card(carol, carols, saved(carol, known))
    before = len(fake.intents)
    with atomic() as session:
        session.get_one(Auction, scene.auction.id).outcome = Outcome.CANCELLED
    work(known)
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.FAILED
    assert len(fake.intents) == before
