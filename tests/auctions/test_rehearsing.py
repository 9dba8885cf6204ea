"""Rehearsals: every format runs to its end, repeatably, and nobody pays more than its limit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auctions.formats import FORMATS
from auctions.rehearsal.rules import MOST_BIDDERS, Manner, Player, a_cast
from auctions.rehearsal.run import MOST_ACTS, Interventions, Rehearsal, rehearse
from auctions.rules import Action, Bidder, Outcome, Terms
from auctions.rules.decisions import conclude
from auctions.scenarios.scenario import decide_all
from auctions.written.terms import read_terms

OPENS_AT = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
OPTIONS: dict[str, dict[str, Any]] = {
    "english": {"proxy": True},
    "dutch": {"step": "2000.00", "interval_seconds": 60, "steps": 40},
    "hybrid_dutch": {"step": "2000.00", "interval_seconds": 60, "steps": 40},
}
WITH_END = {"english": timedelta(hours=24), "sealed": timedelta(days=7), "sale_off": timedelta(days=60)}
NOTHING = Interventions()


def terms_of(auction_format: str, **changes: Any) -> Terms:
    length = WITH_END.get(auction_format)
    raw: dict[str, Any] = {
        "format": auction_format,
        "rule_pack": "open",
        "currency": "CNY",
        "start_price": "100000.00",
        "increment": "1000.00" if auction_format in {"english", "english_rounds", "sale_off"} else None,
        "reserve_price": None,
        "reference_price": None,
        "deposit": None,
        "opens_at": OPENS_AT.isoformat().replace("+00:00", "Z"),
        "closes_at": length and (OPENS_AT + length).isoformat().replace("+00:00", "Z"),
        "options": OPTIONS.get(auction_format, {}),
    }
    return read_terms(raw | changes)


def run(auction_format: str, seed: int = 1, interventions: Interventions = NOTHING) -> Rehearsal:
    terms = terms_of(auction_format)
    return rehearse(terms, a_cast(terms, 6, 60, 180, seed), interventions, seed)


@pytest.mark.parametrize("auction_format", sorted(FORMATS))
def test_every_format_runs_to_its_end(auction_format: str) -> None:
    found = run(auction_format)
    assert found.state.outcome is Outcome.SOLD
    assert not found.cut_short
    assert all(act.decision.reason is None for act in found.acts), "scripted bidders know the rules"


@pytest.mark.parametrize("auction_format", sorted(FORMATS))
def test_the_same_seed_gives_the_same_run_and_another_another(auction_format: str) -> None:
    assert run(auction_format) == run(auction_format)
    assert run(auction_format).acts != run(auction_format, seed=2).acts


@pytest.mark.parametrize("auction_format", sorted(FORMATS))
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), count=st.integers(1, MOST_BIDDERS), spread=st.integers(10, 300))
def test_a_run_is_what_the_rules_say_and_nobody_exceeds_its_limit(
    auction_format: str, seed: int, count: int, spread: int
) -> None:
    terms = terms_of(auction_format)
    players = a_cast(terms, count, 50, spread, seed)
    found = rehearse(terms, players, NOTHING, seed)
    limits = {player.id: player.limit for player in players}
    for act in found.acts:
        if act.decision.amount_minor is not None and act.event.bidder:
            assert act.decision.amount_minor <= limits[act.event.bidder]
    if found.state.winner is not None:
        assert (found.state.price or 0) <= limits[found.state.winner]
    assert len(found.acts) <= MOST_ACTS


def test_nobody_bids_where_all_limits_lie_below_the_start_price() -> None:
    terms = terms_of("english")
    found = rehearse(terms, a_cast(terms, 5, 10, 90, 1), NOTHING, 1)
    assert (found.state.outcome, found.acts) == (Outcome.UNSOLD, ())


def test_a_pause_moves_the_end_and_a_default_hands_the_lot_on() -> None:
    found = run("english", interventions=Interventions(pause=True, default=True))
    actions = [act.event.action for act in found.acts]
    assert Action.SUSPEND in actions
    assert Action.RESUME in actions
    assert actions[-1] is Action.DEFAULT
    assert found.state.struck
    plain = run("english")
    assert (found.state.closes_at or OPENS_AT) >= OPENS_AT + timedelta(hours=24, minutes=10)
    assert (plain.state.closes_at or OPENS_AT) >= OPENS_AT + timedelta(hours=24)


def test_a_maximum_is_left_once_and_lies_on_the_grid() -> None:
    terms = terms_of("english", options={"proxy": True, "grid": "multiple"})
    player = Player("R1", 15_050_050, Manner.MAXIMUM)
    found = rehearse(terms, [player, Player("R2", 14_000_000, Manner.STEADY)], NOTHING, 3)
    left = [act.decision.amount_minor for act in found.acts if act.event.action is Action.PROXY]
    assert left == [15_000_000]
    assert found.state.winner == "R1"


def test_a_long_duel_is_cut_short_and_says_so() -> None:
    terms = replace(terms_of("english"), increment=1)
    players = [Player(f"R{number}", 10**9, Manner.STEADY) for number in range(2)]
    found = rehearse(terms, players, NOTHING, 1)
    assert found.cut_short
    assert len(found.acts) == MOST_ACTS


def test_the_events_of_a_rehearsal_replay_to_the_same_state() -> None:
    found = run("english_rounds")
    bidders = {player.id: Bidder(player.id) for player in found.players}
    _, state = decide_all(found.terms, bidders, [act.event for act in found.acts])
    assert conclude(found.terms, state) == found.state


def test_a_cast_is_one_to_twenty() -> None:
    terms = terms_of("english")
    for count in (0, MOST_BIDDERS + 1):
        with pytest.raises(ValueError, match="1 to 20"):
            a_cast(terms, count, 50, 100, 1)
