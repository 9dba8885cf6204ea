"""How many bids a second the rules alone decide, beside the shortest loop that compares two amounts."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from auctions.rules import Action, Bidder, Event
from auctions.scenarios.scenario import decide_all
from benchmarks.bidding.stage import START, STEP, amount, terms

DECISIONS = 20_000


def run() -> list[dict[str, Any]]:
    """One row."""
    opens_at = datetime(2026, 3, 2, tzinfo=UTC)
    bidders = {name: Bidder(name) for name in "AB"}
    events = [
        Event(opens_at + timedelta(seconds=number), Action.BID, "AB"[number % 2], amount(number))
        for number in range(DECISIONS)
    ]
    start = time.perf_counter()
    decisions, state = decide_all(terms(opens_at), bidders, events)
    taken = time.perf_counter() - start
    assert state.bids == len(decisions) == DECISIONS
    bare = _bare()
    row = {
        "name": "english_decisions_pure",
        "value": round(DECISIONS / taken),
        "unit": "1/s",
        "baseline": round(DECISIONS / bare),
        "ratio": round(bare / taken, 4),
        "note": "baseline: a loop comparing two integers",
    }
    return [row]


def _bare() -> float:
    price, start = START - STEP, time.perf_counter()
    for number in range(DECISIONS):
        if START + number * STEP >= price + STEP:
            price = START + number * STEP
    return time.perf_counter() - start
