"""Deposits by card: held, let go of for who loses, taken for who wins, on a page of the provider."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import stripe_fake
from flask import Flask
from stories import acts
from stories.browserless import Window
from stories.cast import Stage
from stripe_fake import StripeFake

from marketplace.clock import FixedClock


@pytest.fixture
def stage(site: Flask, clock: FixedClock, stripe_port: StripeFake) -> Stage:
    """The cast, with Stripe's fake behind the card page."""
    site.extensions["settings"] = replace(
        site.extensions["settings"],
        stripe_api_key=stripe_fake.API_KEY,
        stripe_api_base=stripe_port.base,
        stripe_webhook_secret=stripe_fake.WEBHOOK_SECRET,
    )
    return Stage(site, clock).with_cast()


def test_a_card_is_held_then_let_go_of_or_charged(stage: Stage, stripe_port: StripeFake) -> None:
    for name in ("alice", "amy", "olga", "carol", "dave"):
        stage.players[name].sign_in()
    acts.import_portfolio(stage.alice, acts.portfolio_of())
    lot, auction, opens_at = acts.to_auction(stage, "Circuit breakers")
    stage.at(opens_at - timedelta(hours=1), "carol", "dave")
    deposits = {name: deposited(stage, stripe_port, name, auction) for name in ("carol", "dave")}
    stage.at(opens_at + timedelta(minutes=1), "carol", "dave")
    acts.bid(stage.dave, auction, "120000.00")
    acts.bid(stage.carol, auction, "150000.00")
    stage.later("alice", "olga", "otto", "carol", "dave", hours=25)
    deliver(stage, stripe_port)
    assert "released" in stage.dave.window.open(deposits["dave"]).words
    deal = acts.pay(stage, "carol", "130000.00")  # the card's money counts toward the price
    assert stripe_state(stripe_port) == ["canceled", "succeeded"]
    acts.transfer_title(stage, deal)
    collected(stage)
    stage.later("olga", "otto", "carol", days=15)  # what came by card is held back for a while
    acts.pay_out(stage)
    assert "completed" in stage.carol.window.open(deal).text
    assert "sold" in stage.visitor.open(lot).text
    stage.all_holds()


def deposited(stage: Stage, fake: StripeFake, name: str, auction: str) -> str:
    """Registers, chooses the card, enters it on the provider's page; returns the deposit's page."""
    window: Window = stage.players[name].window.open(auction).follow("/register$")
    window.send("/register$", rules_read="y")
    stage.work()
    window.open(auction).follow("/deposit$").send("/deposit", method="stripe")
    stage.work()
    found = re.search(r"/pay/(cs_[0-9]+)", window.open(window.path).text)
    assert found, window.words
    fake.complete(found[1])
    deliver(stage, fake)
    assert "held" in window.open(window.path).words
    return window.path


def deliver(stage: Stage, fake: StripeFake) -> None:
    """Stripe's notices arrive, each of them twice."""

    def post(body: bytes, header: str) -> int:
        headers = {"Stripe-Signature": header}
        return stage.visitor.client.post("/webhooks/stripe", data=body, headers=headers).status_code

    assert set(fake.deliver(post, copies=2)) <= {200}
    stage.work()


def stripe_state(fake: StripeFake) -> list[str]:
    return sorted(intent["status"] for intent in fake.intents.values())


def collected(stage: Stage) -> None:
    """The provider pays the deposit to the operator's bank, which can then pay it out."""
    desk = {"collect__amount": "20000.00", "collect__bank_reference": "STRIPE-1"}
    stage.olga.window.open("/money/desk").send("/money/desk/collected", **desk)
