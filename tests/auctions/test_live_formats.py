"""The room of every format, without scripts: what is offered to whom when, and what nobody may see."""

import uuid
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from live_cast import Somebody, Stage, a_stage

from auctions import service
from auctions.models import Auction
from auctions.rules import Action
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus

from .test_pages import hidden, text_of

CLOCK = {"step": "1000.00", "interval_seconds": 60, "steps": 10}
DUTCH: dict[str, Any] = {
    "auction_format": "dutch",
    "increment_minor": None,
    "reserve_minor": None,
    "options": CLOCK,
    "hours": None,
}
HYBRID = DUTCH | {"auction_format": "hybrid_dutch"}
ROUNDS: dict[str, Any] = {
    "auction_format": "english_rounds",
    "reserve_minor": None,
    "options": {},
    "hours": None,
}


def act(stage: Stage, who: Somebody, path: str, **form: str) -> Any:
    data = {"idempotency_key": uuid.uuid4().hex, **form}
    return who.client.post(f"{stage.url}/{path}", data=data)


def room(stage: Stage, client: FlaskClient) -> str:
    return text_of(client.get(stage.url))


def test_the_clock_falls_and_is_taken_in_two_steps(
    app: Flask, client: FlaskClient, clock: FixedClock
) -> None:
    stage = a_stage(app, clock, **(DUTCH | {"reserve_minor": 9_200_000, "reserve_public": True}))
    page = room(stage, stage.carol.client)
    assert "Take at 100,000.00 CNY …" in page
    assert "Price falls in" in page
    assert "It then falls to 99,000.00 CNY." in page
    assert "The last price is 92,000.00 CNY" in page
    assert "Take at" not in room(stage, client)
    asked = text_of(act(stage, stage.carol, "take", amount="100000.00"))
    assert "Confirm that you take at 100,000.00 CNY" in asked
    clock.advance(seconds=60)
    sure = {"amount": "100000.00", "confirmed": "yes", "seen_price": hidden(asked, "seen_price")}
    again = act(stage, stage.carol, "take", **sure)
    text = text_of(again)
    assert (again.status_code, hidden(text, "amount")) == (200, "99000.00")
    assert "The price has moved to 99,000.00 CNY since you looked. Nothing was bid yet" in text
    sure = {"amount": "99000.00", "confirmed": "yes", "seen_price": "99000.00"}
    assert act(stage, stage.carol, "take", **sure).status_code == 303
    assert "You have won" in room(stage, stage.carol.client)
    late = act(stage, stage.dave, "take", **sure)
    assert late.status_code == 422


def test_a_take_at_a_price_that_was_is_explained(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock, **DUTCH)
    clock.advance(seconds=60)
    body = {"action": "take", "amount": "100000.00", "idempotency_key": uuid.uuid4().hex}
    answer = stage.carol.client.post(f"/api{stage.url}/bids", json=body)
    assert (answer.status_code, answer.get_json()["reason"]) == (422, "stale_price")


def test_the_clock_does_not_betray_a_secret_reserve(
    app: Flask, client: FlaskClient, clock: FixedClock
) -> None:
    stage = a_stage(app, clock, **(DUTCH | {"reserve_minor": 9_512_300}))
    for window in (client, stage.carol.client, stage.dave.client, stage.olga.client):
        page = room(stage, window)
        assert "95,123" not in page
        assert "The clock runs until" in page
    clock.advance(minutes=4)
    stage.everybody_signs_in()
    assert "95,123" not in room(stage, stage.carol.client)


def test_silence_does_not_say_that_there_is_a_secret_reserve(
    app: Flask, client: FlaskClient, clock: FixedClock
) -> None:
    page = room(a_stage(app, clock, **DUTCH), client)
    assert "The clock runs until" in page
    assert "The last price is" not in page


def test_the_three_stages_of_a_hybrid(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = a_stage(app, clock, **HYBRID)
    clock.advance(seconds=60)
    sure = {"amount": "99000.00", "confirmed": "yes", "seen_price": "99000.00"}
    assert act(stage, stage.carol, "take", **sure).status_code == 303
    assert "You stopped the clock. The others may now bid more" in room(stage, stage.carol.client)
    page = room(stage, stage.dave.client)
    assert "Nobody sees your amount before this stage ends." in page
    sealed = {"amount": "123456.00", "confirmed": "yes", "seen_price": "99000.00"}
    assert act(stage, stage.dave, "bids", **sealed).status_code == 303
    own = room(stage, stage.dave.client)
    assert "Your bid is in" in own
    assert "You stand at: <b>123,456.00 CNY</b>" in own
    for window in (client, stage.carol.client, stage.alice.client, stage.olga.client):
        assert "123,456" not in room(stage, window)
    clock.advance(minutes=10)
    stage.everybody_signs_in()
    page = room(stage, stage.carol.client)
    assert "now you alone may bid more than the best sealed bid" in page
    assert "123,456.00 CNY" in page
    assert "Only the bidder who stopped the clock may bid now." in room(stage, stage.dave.client)
    best = {"amount": "130000.00", "confirmed": "yes", "seen_price": "123456.00"}
    assert act(stage, stage.carol, "bids", **best).status_code == 303
    clock.advance(minutes=6)
    with atomic() as session:
        while service.close_due(session):
            pass
    stage.everybody_signs_in()
    assert "You have won" in room(stage, stage.carol.client)


def test_a_round_of_turns(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    stage = rounds_before_opening(app, clock)
    page = room(stage, stage.carol.client)
    assert "Your first bid, sealed until the opening." in page
    for who, amount in ((stage.carol, "100000.00"), (stage.dave, "111222.00")):
        first = {"amount": amount, "confirmed": "yes", "seen_price": "none"}
        assert act(stage, who, "bids", **first).status_code == 303
    assert "You stand at: <b>111,222.00 CNY</b>" in room(stage, stage.dave.client)
    for window in (client, stage.carol.client, stage.alice.client, stage.olga.client):
        assert "111,222" not in room(stage, window)
    clock.move_to(stage.auction.opens_at + timedelta(minutes=5))
    stage.everybody_signs_in()
    assert "It is your turn." in room(stage, stage.carol.client)
    assert "It is another bidder's turn" in room(stage, stage.dave.client)
    public = room(stage, client)
    assert f"It is the turn of {stage.alias('carol')}." in public
    assert "Round 1 of 3." in public
    early = act(stage, stage.dave, "bids", amount="120000.00")
    assert (early.status_code, "another bidder" in text_of(early)) == (422, True)
    more = {"amount": "115000.00", "confirmed": "yes", "seen_price": "111222.00"}
    assert act(stage, stage.carol, "bids", **more).status_code == 303
    page = room(stage, stage.carol.client)
    assert "You stand at: <b>115,000.00 CNY</b>" in page
    assert "Take this bid back" in page
    assert act(stage, stage.carol, "withdraw").status_code == 303
    assert "You stand at: <b>100,000.00 CNY</b>" in room(stage, stage.carol.client)
    assert act(stage, stage.carol, "pass").status_code == 303
    refused = act(stage, stage.dave, "pass")
    assert (refused.status_code, "another bidder" in text_of(refused)) == (422, True)
    assert act(stage, stage.carol, "pass", idempotency_key="!").status_code == 422


def rounds_before_opening(app: Flask, clock: FixedClock) -> Stage:
    """The stage as it was half an hour before the opening."""
    stage = a_stage(app, clock, **ROUNDS)
    clock.move_to(stage.auction.opens_at - timedelta(minutes=30))
    with atomic() as session:
        session.get_one(Auction, stage.auction.id).opened_at = None
        session.get_one(Lot, stage.lot.id).status = LotStatus.PUBLISHED
    stage.everybody_signs_in()
    return stage


def test_a_sale_off_waits_for_its_first_bid(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    changes: dict[str, Any] = {
        "auction_format": "sale_off",
        "reserve_minor": None,
        "options": {},
        "hours": 24 * 60,
    }
    stage = a_stage(app, clock, **changes)
    assert "The price stands until somebody bids it." in room(stage, client)
    stage.bid(stage.carol, "100000.00")
    page = room(stage, client)
    assert "The countdown runs: whoever leads when it ends has bought." in page
    leading = room(stage, stage.carol.client)
    assert "You are leading" in leading
    assert "you win at the current price; below a reserve price nothing is sold" in leading
    assert "You lead; there is nothing to do unless somebody bids more" in leading  # where a form would be
    assert stage.bid(stage.dave, "101000.00").action is Action.BID
