"""Case 10: what is no amount is refused through every door, and changes nothing."""

import uuid
from typing import Any

import pytest
from flask import Flask
from live_cast import Stage, a_stage

from auctions import queries
from auctions.rules import Action
from marketplace.clock import FixedClock
from marketplace.db import atomic

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

# Beyond the limit, no numbers, other notations of numbers, other digits, too many places, and hidden signs.
MALFORMED = (
    "", " ", "-", "+", ".", "abc", "NaN", "nan", "Infinity", "-inf", "1e400", "1e5", "1E+6", "0x186A0",
    "-100000.00", "-0.01", "+100000.00", "100000.000", "100000.001", "100000.", ".50", "00100000.00",
    "100000,00", "1,00000.00", "100 000.00", "100_000", "100000.00 CNY", "￥100000.00", "１０００００.００",
    "١٠٠٠٠٠", "十万", "100000.00\x00", "100000.00\n100000.00", "1000000000000000.00", "9" * 64, "9" * 400,
    "true", "[100000]", "100000.00;--", "100000.00\u200b", "100000\u202e.00", "½",
)  # fmt: skip
SURE = {"confirmed": "yes", "seen_price": "none"}
# What JSON can carry where the text of an amount belongs.
NO_TEXT: tuple[Any, ...] = (100000, 100000.0, 1e300, -1, True, None, [], ["100000.00"], {}, {"amount": "1"})


@pytest.fixture
def stage(app: Flask, clock: FixedClock) -> Stage:
    return a_stage(app, clock, reserve_minor=None)


def nothing_changed(stage: Stage) -> None:
    """No price, no leader, no amount; what the journal keeps of it is a refusal."""
    with atomic() as session:
        found = queries.find_auction(session, stage.auction.id)
        assert (found.price_minor, found.leader_id, found.bid_count) == (None, None, 0)
        assert found.state.get("maxima", {}) == {}
        kept = [entry for entry, _ in queries.journal_of(session, stage.auction.id)]
        assert {entry.decision for entry in kept} <= {"refused:malformed_amount"}
        assert [entry.amount_minor for entry in kept] == [None] * len(kept)


def test_case_10_the_form_takes_no_malformed_amount(stage: Stage) -> None:
    """Bids above the limit, NaN, 1e400, negative ones and ones with three decimals were stored."""
    for text in MALFORMED:
        for path, field in (("bids", "amount"), ("maximum", "maximum")):
            form = {
                field: text,
                "idempotency_key": uuid.uuid4().hex,
                "confirmed": "yes",
                "seen_price": "none",
            }
            answer = stage.carol.client.post(f"{stage.url}/{path}", data=form)
            assert answer.status_code == 422, (path, text)
    nothing_changed(stage)


def test_case_10_the_api_takes_no_malformed_amount(stage: Stage) -> None:
    """The same as JSON, where an amount that is a number and not a text is refused as well."""
    for value in (*MALFORMED, *NO_TEXT):
        for action in ("bid", "proxy"):
            body = {"action": action, "amount": value, "idempotency_key": uuid.uuid4().hex}
            answer = stage.carol.client.post(f"/api{stage.url}/bids", json=body)
            assert (answer.status_code, answer.get_json()["field"]) == (422, "amount"), value
    nothing_changed(stage)


def test_case_10_the_service_takes_no_malformed_amount(stage: Stage) -> None:
    """The same where no form stands before it."""
    for text in MALFORMED:
        for action in (Action.BID, Action.PROXY):
            assert stage.bid(stage.carol, text, action).decision == "refused:malformed_amount", text
    nothing_changed(stage)


def test_case_10_what_is_well_formed_is_taken(stage: Stage) -> None:
    """The doors above refuse by the amount and not altogether."""
    body = {"action": "bid", "amount": "100000.00", "idempotency_key": uuid.uuid4().hex}
    assert stage.carol.client.post(f"/api{stage.url}/bids", json=body).status_code == 201
