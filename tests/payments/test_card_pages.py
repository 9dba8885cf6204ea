"""The pages of saved cards and of holds: saved, chosen, raised, renewed, removed; foreign ones are 404."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import atomic
from payments.cards.models import SavedCard
from payments.cards.rules import CardStatus
from payments.gateways import registry
from payments.models import GatewayEvent
from payments.rules import DepositStatus

from .card_scene import (
    SAVED,
    a_day_before_the_end,
    gateways,
    held_on_card,
    poster,
    saved,
    signed_in_as,
)
from .scene import a_bidder, a_scene, deposit_of, open_auction, work

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_a_card_is_saved_chosen_and_removed_by_its_pages(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    pages = gateways(fake)
    registry.install(app, pages)
    with atomic() as session:
        scene = a_scene(session)
        carol, carols = a_bidder(session, scene)
    address = f"/money/registrations/{carols.id}/deposit"
    work(pages)
    buyer = signed_in_as(client, carol)
    assert "No card is saved" in buyer.get("/money/cards").text
    assert buyer.post("/money/cards").status_code == 303
    assert "Reload this page" in buyer.get("/money/cards").text
    work(pages)
    with atomic() as session:
        card = session.scalars(select(SavedCard)).one()
    assert card.hosted_url in buyer.get("/money/cards").text
    fake.complete(card.gateway_object)
    assert set(fake.deliver(poster(app.test_client()))) == {200}
    work(pages)
    assert "Visa ···· 4242" in buyer.get("/money/cards").text
    with atomic() as session:
        assert "setup_intent.succeeded" in set(session.scalars(select(GatewayEvent.event_type)))
    assert f"card:{card.id}" in buyer.get(address).text
    assert buyer.post(address, data={"method": f"card:{card.id}"}).status_code == 303
    assert buyer.post(f"/money/cards/{card.id}/remove").status_code == 409
    work(pages)
    assert "The deposit is held. You can bid." in buyer.get(address).text
    assert buyer.post(address, data={"method": "card:none"}).status_code == 422


def test_a_card_in_no_use_is_removed(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    registry.install(app, known)
    with atomic() as session:
        scene = a_scene(session)
        (carol, _), (dave, _) = a_bidder(session, scene), a_bidder(session, scene)
    card = saved(carol, known)
    assert signed_in_as(app.test_client(), dave).post(f"/money/cards/{card.id}/remove").status_code == 404
    buyer = signed_in_as(client, carol)
    assert buyer.post(f"/money/cards/{card.id}/remove").status_code == 303
    assert "Visa" not in buyer.get("/money/cards").text
    with atomic() as session:
        assert session.get_one(SavedCard, card.id).status is CardStatus.REMOVED


def test_without_cards_none_is_saved(app: Flask, clock: FixedClock, client: FlaskClient) -> None:
    registry.install(app, {})
    with atomic() as session:
        carol, _ = a_bidder(session, a_scene(session))
    buyer = signed_in_as(client, carol)
    assert "Cards are not taken here at present" in buyer.get("/money/cards").text
    assert buyer.post("/money/cards").status_code == 422


def test_more_is_held_and_a_hold_renewed_by_the_pages(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known, pages = gateways(fake, SAVED), gateways(fake)
    registry.install(app, pages)
    scene, carol, carols = held_on_card(known)
    buyer, address = signed_in_as(client, carol), f"/money/registrations/{carols.id}/hold"
    assert "10,000.00" in buyer.get(address).text
    assert buyer.post(address, data={"amount": "many"}).status_code == 422
    assert "greater than what is held" in buyer.post(address, data={"amount": "10000"}).text
    assert buyer.post(address, data={"amount": "1000000.00"}).status_code == 422
    assert buyer.post(address, data={"amount": "20,000.00"}).status_code == 303
    work(pages)
    assert "20,000.00" in buyer.get(address).text
    open_auction(scene, clock)
    a_day_before_the_end(clock, carols)
    work(gateways(fake, "pm_card_chargeDeclined"))
    renew, buyer = f"{address}/renew", signed_in_as(client, carol)
    assert buyer.post(renew).status_code == 303
    work(pages)
    assert buyer.post(renew).status_code == 409
    assert "Renew on the card page" in buyer.get(f"/money/registrations/{carols.id}/deposit").text


def test_foreign_holds_are_not_there(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    registry.install(app, known)
    scene, _, carols = held_on_card(known)
    with atomic() as session:
        mallory, _ = a_bidder(session, scene)
    stranger, address = signed_in_as(client, mallory), f"/money/registrations/{carols.id}/hold"
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, data={"amount": "20000"}).status_code == 404
    assert stranger.post(f"{address}/renew").status_code == 404
    assert stranger.get("/money/events").status_code == 403
    with atomic() as session:
        assert deposit_of(session, carols).status is DepositStatus.HELD


def test_the_desk_shows_the_holds_that_run_out(
    app: Flask, clock: FixedClock, client: FlaskClient, fake: StripeFake
) -> None:
    known = gateways(fake, SAVED)
    registry.install(app, known)
    scene, _, carols = held_on_card(known)
    open_auction(scene, clock)
    desk = signed_in_as(client, scene.olga)
    assert "Card holds that run out within a day" not in desk.get("/money/desk").text
    a_day_before_the_end(clock, carols)
    desk = signed_in_as(client, scene.olga)
    assert "Card holds that run out within a day" in desk.get("/money/desk").text
