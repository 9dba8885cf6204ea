"""The second step of a bid: bound to its amount and to the price that its reader saw."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from live_cast import Stage, a_stage

from auctions import queries
from auctions.rules import Action
from marketplace.clock import FixedClock
from marketplace.db import db
from marketplace.taxes import TaxBearer, Treatment

from .test_pages import hidden, text_of


def send(stage: Stage, client: FlaskClient, amount: str, path: str = "bids", **more: str) -> Any:
    field = "maximum" if path == "maximum" else "amount"
    headers = {"X-Part": more.pop("part", "")}
    data = {field: amount, "idempotency_key": uuid.uuid4().hex, **more}
    return client.post(f"{stage.url}/{path}", data=data, headers=headers)


def entries(stage: Stage) -> int:
    db.session.rollback()
    return queries.count_journal(db.session(), stage.auction.id)


@pytest.mark.parametrize(("path", "amount"), [("bids", "160000.00"), ("maximum", "170000.00")])
def test_a_price_that_moved_is_said_and_asked_about_again(
    app: Flask, clock: FixedClock, path: str, amount: str
) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.dave, "110000.00")
    page = text_of(send(stage, stage.carol.client, amount, path))
    seen = hidden(page, "seen_price")
    assert seen == "110000.00"
    before = entries(stage)
    moved = send(stage, stage.carol.client, amount, path, confirmed="yes", seen_price="100000.00")
    assert moved.status_code == 200
    text = text_of(moved)
    assert "The price has moved to 110,000.00 CNY since you looked. Nothing was bid yet" in text
    assert entries(stage) == before
    assert hidden(text, "amount" if path == "bids" else "maximum") == amount
    sure = {"confirmed": "yes", "seen_price": hidden(text, "seen_price")}
    assert send(stage, stage.carol.client, amount, path, **sure).status_code == 303


def test_a_confirmation_that_says_no_price_is_asked_about(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    asked = send(stage, stage.carol.client, "100000.00", confirmed="yes")
    assert (asked.status_code, entries(stage)) == (200, 0)


def test_a_price_that_moved_above_the_amount_refuses_it(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.dave, "150000.00")
    answer = send(stage, stage.carol.client, "120000.00", confirmed="yes", seen_price="none")
    assert answer.status_code == 422
    moved = "The price has moved to 150,000.00 CNY since you looked."
    assert f"{moved} The next bid must be at least 151,000.00 CNY" in text_of(answer)
    assert entries(stage) == 1


def test_too_little_is_answered_with_the_least_and_nobody_else_is_blamed(
    app: Flask, clock: FixedClock
) -> None:
    stage = a_stage(app, clock)
    old = hidden(text_of(stage.carol.client.get(stage.url)), "seen_price")
    stage.bid(stage.dave, "150000.00")
    seen = hidden(text_of(stage.carol.client.get(stage.url)), "seen_price")
    assert (old, seen) == ("none", "150000.00")
    for path in ("bids", "maximum"):
        text = text_of(send(stage, stage.carol.client, "1.00", path, seen_price=seen))
        assert "The next bid must be at least 151,000.00 CNY" in text
        assert "since you looked" not in text
        stale = text_of(send(stage, stage.carol.client, "1.00", path, seen_price=old))
        assert "The price has moved to 150,000.00 CNY since you looked" in stale


def test_sending_a_confirmation_twice_bids_once_though_the_price_moved_by_it(
    app: Flask, clock: FixedClock
) -> None:
    stage = a_stage(app, clock)
    sure = {"confirmed": "yes", "seen_price": "none", "idempotency_key": uuid.uuid4().hex}
    first = send(stage, stage.carol.client, "100000.00", **sure)
    again = send(stage, stage.carol.client, "100000.00", **sure)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    assert entries(stage) == 1


def test_the_dialog_is_the_same_without_the_page_around_it(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock, rule_pack="cn-bank", reserve_minor=None)
    whole = text_of(send(stage, stage.carol.client, "100000.00"))
    part = text_of(send(stage, stage.carol.client, "100000.00", part="dialog"))
    assert "<html" in whole
    assert "<html" not in part
    for page in (whole, part):
        assert "Stamp duty, estimated; you pay it to the tax office" in page
        assert "30.00 CNY" in page
        assert "100,030.00 CNY" in page
        assert "90,000.00 CNY" in page
        assert "moves the end to 5 minutes after that bid" in page
        assert "Commission of the platform" in page


def test_the_room_counts_for_the_seller_and_the_operator_only(
    app: Flask, client: FlaskClient, clock: FixedClock
) -> None:
    stage = a_stage(app, clock)
    stage.bid(stage.carol, "100000.00")
    stage.bid(stage.dave, "100000.00")
    for who in (stage.alice, stage.olga):
        page = text_of(who.client.get(stage.url))
        assert "<dt>Deposits held</dt><dd>2</dd>" in page
        assert "<dt>Refused acts</dt><dd>1</dd>" in page
    assert "The reserve is not met yet." in text_of(stage.alice.client.get(stage.url))
    stage.bid(stage.dave, "130000.00")
    assert "The reserve is met." in text_of(stage.alice.client.get(stage.url))
    for window in (stage.olga.client, stage.carol.client, client):
        assert "The reserve is" not in text_of(window.get(stage.url))
    for window in (stage.carol.client, client):
        assert "Seen by seller and operator only" not in text_of(window.get(stage.url))


def test_the_server_says_its_time(client: FlaskClient, clock: FixedClock) -> None:
    answer = client.get("/auctions/time")
    assert answer.get_json() == {"server_now": "2026-03-02T02:00:00Z"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_maximum_shows_what_it_would_cost(app: Flask, clock: FixedClock) -> None:
    stage = a_stage(app, clock)
    page = text_of(send(stage, stage.carol.client, "150000.00", "maximum"))
    assert "Confirm your maximum of 150,000.00 CNY" in page
    assert "140,000.00 CNY" in page
    assert stage.bid(stage.dave, "100000.00").action is Action.BID


@pytest.mark.parametrize(
    ("bearer", "shown"),
    [
        (TaxBearer.EACH_OWN, (None, "30.00 CNY", "100,030.00 CNY")),
        (TaxBearer.SELLER, (None, None, "100,000.00 CNY")),
        (TaxBearer.BUYER, ("6,000.00 CNY", "60.00 CNY", "106,060.00 CNY")),
    ],
)
def test_the_whole_cost_says_what_taxes_the_buyer_bears(
    app: Flask, clock: FixedClock, bearer: TaxBearer, shown: tuple[str | None, str | None, str]
) -> None:
    tax, duty, total = shown
    changes: dict[str, Any] = {"tax_bearer": bearer, "price_tax": Treatment.GENERAL}
    stage = a_stage(app, clock, rule_pack="cn-bank", reserve_minor=None, **changes)
    page = text_of(send(stage, stage.carol.client, "100000.00"))
    assert ("Value added tax, borne by the buyer" in page) == (tax is not None)
    assert ("Stamp duty, estimated" in page) == (duty is not None)
    for amount in (tax, duty, total):
        assert amount is None or amount in page
    assert ("The buyer bears the taxes of both sides." in page) == (bearer is TaxBearer.BUYER)
