"""While bids are sealed only their own bidder sees amounts, who leads or how bidders stand (canaries)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage, somebody

from auctions import service
from auctions.live.fanout import hub
from auctions.rules import Action
from auctions.scenarios.recorded import NeverOpened, as_scenario
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db

from .test_secrecy import leaks

# Carol's sealed amount and one she was refused for, as minor units, as decimals and with thousands.
CANARY = ("177777", "177,777")
REFUSED = ("93111", "93,111")
ROUNDS: dict[str, Any] = {"auction_format": "english_rounds", "options": {}}
HYBRID: dict[str, Any] = {
    "auction_format": "hybrid_dutch",
    "increment_minor": None,
    "reserve_minor": None,
    "options": {"step": "1000.00", "interval_seconds": 600, "steps": 10},
}


def before_rounds(app: Flask, clock: FixedClock) -> Stage:
    """Carol has left a sealed initial bid an hour before the opening."""
    stage = a_stage(app, clock, opened=False, **ROUNDS)
    stage.bid(stage.carol, "177777.00")
    stage.bid(stage.carol, "93111.00")
    return stage


def in_sealed_stage(app: Flask, clock: FixedClock) -> Stage:
    """Dave has taken the start price; Carol has left a sealed bid above it."""
    stage = a_stage(app, clock, **HYBRID)
    stage.bid(stage.dave, "100000.00", Action.TAKE)
    stage.bid(stage.carol, "177777.00")
    stage.bid(stage.carol, "93111.00")
    return stage


HIDDEN = {"english_rounds": before_rounds, "hybrid_dutch": in_sealed_stage}
Play = Callable[[Flask, FixedClock], Stage]


@pytest.mark.parametrize("play", HIDDEN.values(), ids=HIDDEN)
def test_nobody_sees_a_sealed_bid(app: Flask, clock: FixedClock, client: FlaskClient, play: Play) -> None:
    stage = play(app, clock)
    regulator = somebody(app, InstitutionKind.REGULATOR, "Rita", "The Regulator")
    for reader in (client, stage.dave.client, stage.alice.client, stage.olga.client, regulator.client):
        assert leaks(app, stage, reader, (*CANARY, *REFUSED)) == []
        assert stage.alias("carol") not in reader.get(f"/api{stage.url}").get_data(as_text=True)
        assert stage.alias("carol") not in reader.get(f"/api{stage.url}/bids").get_data(as_text=True)
    assert hub().idle(5)


def test_a_take_is_public_while_what_follows_is_sealed(
    app: Flask, clock: FixedClock, client: FlaskClient
) -> None:
    stage = in_sealed_stage(app, clock)
    state = client.get(f"/api{stage.url}").get_json()
    assert (state["price"], state["leader"], state["bids"]) == ("100000.00", stage.alias("dave"), 1)
    assert (state["phase"]["kind"], state["phase"]["hidden"]) == ("sealed_bids", True)
    bids = client.get(f"/api{stage.url}/bids").get_json()["bids"]
    assert [bid["bidder"] for bid in bids] == [stage.alias("dave")]


def test_once_opened_everybody_sees_them(app: Flask, clock: FixedClock, client: FlaskClient) -> None:
    """Of these tests the fault: the same search finds the amount as soon as it is public."""
    stage = in_sealed_stage(app, clock)
    clock.advance(seconds=600)
    with atomic() as session:
        assert service.close_due(session)
    state = client.get(f"/api{stage.url}").get_json()
    assert (state["price"], state["leader"]) == ("177777.00", stage.alias("carol"))
    assert state["phase"]["turn_of"] == stage.alias("dave")
    assert leaks(app, stage, client, CANARY) != []


def test_the_api_takes_passes_and_withdraws(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock, **HYBRID)

    def send(who: Any, key: str, **body: Any) -> tuple[int, Any]:
        answer = who.client.post(f"/api{stage.url}/bids", json={"idempotency_key": f"api-take-{key}"} | body)
        return answer.status_code, json.loads(answer.data)

    assert send(stage.dave, "1", action="take", amount="99000.00")[1]["reason"] == "stale_price"
    assert send(stage.dave, "2", action="take", amount="100000.00")[0] == 201
    assert send(stage.carol, "3", action="take", amount="100000.00")[1]["reason"] == "taken"
    code, refused = send(stage.carol, "4", action="bid", amount="100000.00")
    assert (code, refused["reason"]) == (422, "below_minimum")
    assert "100,000.01" in refused["error"]
    assert send(stage.carol, "5", action="bid", amount="120000.00")[0] == 201
    assert send(stage.carol, "6", action="withdraw")[0] == 201
    assert send(stage.carol, "7", action="pass")[1]["reason"] == "not_allowed_in_stage"
    assert send(stage.carol, "8", action="withdraw", amount="1.00")[0] == 422
    assert send(stage.carol, "9", action="take")[0] == 422
    clock.advance(seconds=600)
    with atomic() as session:
        assert service.close_due(session)
    assert app.test_client().get(f"/api{stage.url}").get_json()["outcome"] == "sold"


def test_a_cancelled_sealed_stage_stays_sealed(app: Flask, clock: FixedClock, client: FlaskClient) -> None:
    stage = in_sealed_stage(app, clock)
    with atomic() as session:
        service.control(session, stage.olga.actor, stage.auction.id, Action.CANCEL, "a fault")
    assert leaks(app, stage, client, CANARY) == []
    assert leaks(app, stage, stage.alice.client, CANARY) == []
    with pytest.raises(NeverOpened):
        as_scenario(db.session(), stage.auction.id)
