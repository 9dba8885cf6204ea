"""Whatever happens in a sealed auction, the stored and sealed one comes to what the pure rules come to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auctions.rules import Action, Bidder, Event
from auctions.scenarios.scenario import Scenario, read_scenario, replay, run
from auctions.scenarios.through_database import run_through_database
from auctions.written.reading import Malformed

# Hours since the step before, and what is done.
Step = tuple[int, tuple[Action, str | None, str | None]]

OPENS, CLOSES = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC)
AUCTION = {
    "format": "sealed",
    "rule_pack": "open",
    "currency": "CNY",
    "start_price": "100.00",
    "increment": None,
    "reserve_price": None,
    "reference_price": None,
    "deposit": None,
    "opens_at": "2026-04-01T00:00:00Z",
    "closes_at": "2026-04-02T00:00:00Z",
}
BIDDERS = {
    "A": Bidder("A", priority_order=1),
    "B": Bidder("B"),
    "C": Bidder("C"),
    "D": Bidder("D", deposit_held=False),
}
amounts = st.sampled_from(["100.00", "99.99", "250", "250.00", "300.01", "1e3", "", "¥9", "0.1", "700.005"])
bids = st.tuples(st.just(Action.BID), st.sampled_from("ABCD"), amounts)
others = st.sampled_from(
    [
        (Action.SUSPEND, None, None),
        (Action.RESUME, None, None),
        (Action.PROXY, "A", "400.00"),
        (Action.TAKE, "B", "400.00"),
        (Action.DEFAULT, "A", None),
        (Action.DISQUALIFY, "B", None),
    ]
)
steps = st.lists(st.tuples(st.integers(0, 5), st.one_of(bids, bids, others)), min_size=1, max_size=14)


def scenario_of(pricing: str, reserve: str | None, played: list[Step]) -> Scenario:
    """The steps with their hours between; acts about a winner come only after the close."""
    options = {"options": {"pricing": pricing}, "reserve_price": reserve}
    empty = read_scenario({"scenario": "any", "auction": {**AUCTION, **options}, "bidders": [], "events": []})
    at, events = OPENS - timedelta(hours=1), []
    for hours, (action, bidder, amount) in played:
        at += timedelta(hours=hours)
        if action in {Action.DEFAULT, Action.DISQUALIFY} and at < CLOSES + timedelta(days=9):
            at = CLOSES + timedelta(days=9)
        events.append(Event(at, action, bidder, amount))
    return replace(empty, bidders=BIDDERS, events=tuple(events))


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["first", "second"]), st.sampled_from([None, "260.00"]), steps)
def test_sealed_and_opened_is_as_never_sealed(
    app: Flask, pricing: str, reserve: str | None, played: list[Step]
) -> None:
    scenario = scenario_of(pricing, reserve, played)
    assert replay(scenario, run_through_database) == replay(scenario, run)


def test_no_scenario_opens_bids_itself() -> None:
    raw = {"scenario": "x", "auction": AUCTION, "bidders": []}
    event = {"at": "2026-04-02T00:00:00Z", "action": "open"}
    with pytest.raises(Malformed, match="officers"):
        read_scenario({**raw, "events": [event]})
