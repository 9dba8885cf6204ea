"""The options of every format: their usual values, how they are written, and what is wrong with them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auctions.formats import FORMATS
from auctions.rules import Action, Bidder, Event, Outcome, Phase, PhaseKind, State, Terms, Threshold
from auctions.rules.decisions import advance, begin, decide, due_at, phase
from auctions.rules.planning import planned
from auctions.written.reading import Malformed
from auctions.written.terms import read_terms, write_terms

OPENS = datetime(2026, 5, 11, 10, 0, tzinfo=UTC)
CLOCK: dict[str, Any] = {"step": "10.00", "interval_seconds": 60, "steps": 3}
OWN_END = "2026-05-12T10:00:00Z"
USUAL: dict[str, dict[str, Any]] = {
    "english": {"increment": "10.00", "closes_at": OWN_END},
    "english_rounds": {"increment": "10.00"},
    "dutch": {"options": CLOCK},
    "hybrid_dutch": {"options": CLOCK},
    "sealed": {"closes_at": OWN_END},
    "sale_off": {"increment": "10.00"},
}


def raw(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "format": name,
        "rule_pack": "open",
        "currency": "CNY",
        "start_price": "100.00",
        "opens_at": "2026-05-11T10:00:00Z",
        **USUAL[name],
        **changes,
    }


def terms(name: str, **changes: Any) -> Terms:
    return read_terms(raw(name, **changes))


def with_initial_bids(count: int) -> tuple[Terms, State]:
    found = terms("english_rounds")
    state = begin(found)
    for number in range(count):
        event = Event(OPENS - timedelta(hours=1), Action.BID, f"B{number}", "100.00")
        state = decide(found, state, event, Bidder(f"B{number}")).state
    return found, advance(found, state, OPENS)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10])
def test_rounds_close_660_seconds_and_540_per_bidder_after_the_opening(count: int) -> None:
    found, state = with_initial_bids(count)
    assert state.closes_at == OPENS + timedelta(seconds=660 + 540 * count)
    assert max(stage.ends_at or OPENS for stage in planned(found, count)) == (
        state.closes_at if count else OPENS + timedelta(seconds=660)
    )


def test_the_usual_times_are_those_of_the_description() -> None:
    turns = terms("english_rounds").options.turns
    times = (turns.first_pause_seconds, turns.rounds, turns.turn_seconds, turns.pause_seconds)
    assert (times, turns.threshold) == ((300, 3, 180, 180), Threshold.NONE)
    clock = terms("hybrid_dutch").options.clock
    assert (clock.sealed_seconds, clock.best_bid_seconds, clock.best_bid_step) == (600, 300, 100)
    assert begin(terms("dutch")).closes_at == OPENS + timedelta(seconds=4 * 60)
    sale_off = terms("sale_off")
    assert (sale_off.options.countdown_seconds, sale_off.closes_at) == (86_400, OPENS + timedelta(days=60))
    assert terms("sale_off", rule_pack="cn-court").closes_at == OPENS + timedelta(days=60)
    english = terms("sale_off").options
    assert (english.extension_window_seconds, english.extension_seconds) == (300, 300)


@pytest.mark.parametrize("name", FORMATS)
def test_terms_are_stored_and_read_back_the_same(name: str) -> None:
    found = terms(name)
    assert read_terms(write_terms(found)) == found


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ({"step": "10.00"}, 1000),
        ({"step": "2.5%"}, 250),
        ({"step_percent": "2.5"}, 250),
        ({"step_percent": "100"}, 10_000),
        ({"step_percent": "0.005"}, 1),
    ],
)
def test_a_step_is_an_amount_or_a_share(written: dict[str, Any], step: int) -> None:
    options = {"interval_seconds": 60, "steps": 3, **written}
    assert terms("dutch", options=options).options.clock.step == step


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("dutch", {"options": {}}, "options.interval_seconds", "missing"),
    ("dutch", {"options": {"interval_seconds": 60}}, "options.steps", "missing"),
    ("dutch", {"options": {"interval_seconds": 60, "steps": 3}}, "options.step", "missing"),
    ("dutch", {"options": CLOCK | {"step_percent": "1"}}, "options.step_percent", "name one of them"),
    ("dutch", {"options": CLOCK | {"step": "0.00"}}, "options.step", "at least one minor unit"),
    ("dutch", {"options": CLOCK | {"step": 10}}, "options.step", "decimal string"),
    ("dutch", {"options": CLOCK | {"step": "101%"}}, "options.step", "percentage"),
    ("dutch", {"options": {**CLOCK, "step": None, "step_percent": 1}}, "options.step_percent", "as text"),
    ("dutch", {"options": {**CLOCK, "step": None, "step_percent": "0"}}, "options.step_percent", "above 0"),
    ("dutch", {"options": {**CLOCK, "step": None, "step_percent": "1e1"}}, "options.step_percent", "plain"),
    ("dutch", {"options": CLOCK | {"steps": 0}}, "options.steps", "from 1"),
    ("dutch", {"options": CLOCK | {"interval_seconds": 1.5}}, "options.interval_seconds", "whole number"),
    ("dutch", {"options": CLOCK | {"sealed_seconds": 60}}, "options.sealed_seconds", "not a known field"),
    ("dutch", {"reserve_price": "100.01"}, "reserve_price", "not be above start_price"),
    ("dutch", {"closes_at": OWN_END}, "closes_at", "leave it out"),
    (
        "hybrid_dutch",
        {"start_price": "0.49", "options": CLOCK | {"step": "0.01"}},
        "options.best_bid_step",
        "minor",
    ),
    ("hybrid_dutch", {"options": CLOCK | {"sealed_seconds": 0}}, "options.sealed_seconds", "from 1"),
    ("sealed", {"closes_at": None}, "closes_at", "need one"),
    ("sealed", {"closes_at": "2026-05-11T10:00:00Z"}, "closes_at", "after opens_at"),
    ("sealed", {"options": {"pricing": "third"}}, "options.pricing", "first, second"),
    ("sealed", {"options": {"grid": "free"}}, "options.grid", "not a known field"),
    ("english_rounds", {"increment": None}, "increment", "above zero"),
    ("english_rounds", {"closes_at": OWN_END}, "closes_at", "leave it out"),
    ("english_rounds", {"options": {"rounds": 0}}, "options.rounds", "from 1"),
    ("english_rounds", {"options": {"turn_seconds": "180"}}, "options.turn_seconds", "whole number"),
    ("english_rounds", {"options": {"threshold": "high"}}, "options.threshold", "start_plus_increment"),
    ("sale_off", {"increment": None}, "increment", "above zero"),
    ("sale_off", {"options": {"countdown_seconds": 0}}, "options.countdown_seconds", "from 1"),
]


@pytest.mark.parametrize(("name", "changes", "path", "reason"), FAULTS)
def test_a_fault_names_field_and_reason(name: str, changes: dict[str, Any], path: str, reason: str) -> None:
    with pytest.raises(Malformed) as fault:
        terms(name, **changes)
    assert fault.value.path == f"auction.{path}"
    assert reason in fault.value.reason


@pytest.mark.parametrize("name", FORMATS)
def test_a_cancelled_or_suspended_auction_has_its_phase(name: str) -> None:
    found = terms(name)
    state = decide(found, begin(found), Event(OPENS, Action.SUSPEND)).state
    still = phase(found, state, OPENS + timedelta(days=1))
    assert (still.suspended, still.actions, still.ends_at, due_at(found, state)) == (
        True,
        frozenset(),
        None,
        None,
    )
    over = phase(found, decide(found, state, Event(OPENS, Action.CANCEL)).state, OPENS)
    assert (over.kind, over.price, over.hidden) == (PhaseKind.ENDED, None, name == "sealed")


def test_the_phases_of_a_clock_say_when_the_price_falls() -> None:
    found = terms("dutch", reserve_price="85.00")

    def at(seconds: int) -> Phase:
        return phase(found, begin(found), OPENS + timedelta(seconds=seconds))

    assert (at(-1).kind, at(-1).least, at(-1).ends_at) == (PhaseKind.WAITING, 10_000, OPENS)
    assert (at(0).price, at(0).changes_at) == (10_000, OPENS + timedelta(seconds=60))
    assert (at(119).price, at(119).changes_at) == (9000, OPENS + timedelta(seconds=120))
    assert (at(120).price, at(120).changes_at) == (8500, None)
    assert (at(239).ends_at, at(240).kind) == (OPENS + timedelta(seconds=240), PhaseKind.ENDED)
    assert [stage.price for stage in planned(found, 3)] == [10_000, 9000, 8500]
    assert [stage.seconds for stage in planned(found, 3)] == [60, 60, 120]


def test_a_sale_off_counts_down_from_its_first_bid() -> None:
    found, start = terms("sale_off"), OPENS + timedelta(hours=1)
    first = decide(found, begin(found), Event(start, Action.BID, "A", "100.00"), Bidder("A")).state
    assert phase(found, begin(found), OPENS).kind is PhaseKind.BIDDING
    counting = phase(found, first, start, Bidder("B", 1))
    assert (counting.kind, counting.least, counting.ends_at) == (
        PhaseKind.COUNTDOWN, 10_000, start + timedelta(days=1),
    )  # fmt: skip
    assert phase(found, first, start, Bidder("B")).least == 11_000
    assert phase(found, first, start, Bidder("A")).least is None
    assert advance(found, first, start + timedelta(days=1)).outcome is Outcome.SOLD


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_plan(name: str) -> None:
    stages = planned(terms(name), 2)
    assert stages[0].kind in set(PhaseKind)
    kinds = {stage.kind for stage in stages}
    assert all((stage.length is None) == (stage.seconds is None) for stage in stages)
    assert (PhaseKind.BEST_BID in kinds) == (name == "hybrid_dutch")
