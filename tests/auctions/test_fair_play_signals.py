"""The measures find planted agents in a simulated market; with a scrambled score they would not."""

from functools import cache

import pytest

from auctions.fair_play.rules.leads import LeadKind, LineKind
from auctions.fair_play.signals import defaults, rings, shill, traces
from auctions.fair_play.signals.records import Bid, EndedAuction, Trace, TraceKind
from benchmarks.fair_play import (
    KINDS,
    SEEDS,
    area_under_curve,
    found_share,
    measure,
    scrambled,
)
from benchmarks.fair_play_market import Market, a_market

GOOD_ENOUGH = 0.9
# Among everybody who was not planted, per kind, on average over the seeds.
MOST_FALSE_LEADS = 0.02


@cache
def market(seed: int) -> Market:
    return a_market(seed)


@pytest.mark.parametrize("kind", KINDS)
def test_planted_agents_are_found(kind: str) -> None:
    for seed in SEEDS:
        scores, planted, _ = measure(market(seed))[kind]
        assert area_under_curve(scores, planted) >= GOOD_ENOUGH, seed


@pytest.mark.parametrize("kind", KINDS)
def test_a_scrambled_score_finds_nobody(kind: str) -> None:
    """The planted fault: the same figures dealt to others must not pass."""
    areas = []
    for seed in SEEDS:
        scores, planted, _ = measure(market(seed))[kind]
        areas += [area_under_curve(scrambled(scores, 100 * seed + turn), planted) for turn in range(10)]
    assert 0.4 < sum(areas) / len(areas) < 0.6


@pytest.mark.parametrize("kind", KINDS)
def test_few_honest_bidders_get_a_lead(kind: str) -> None:
    shares = []
    for seed in SEEDS:
        scores, planted, wrong = measure(market(seed))[kind]
        shares.append(wrong / (len(scores) - len(planted)))
    assert sum(shares) / len(shares) <= MOST_FALSE_LEADS


@pytest.mark.parametrize("kind", KINDS)
def test_most_of_the_planted_get_a_lead(kind: str) -> None:
    assert sum(found_share(market(seed), kind) for seed in SEEDS) / len(SEEDS) >= 0.6


def test_the_same_seed_gives_the_same_market() -> None:
    assert a_market(4) == a_market(4)
    assert a_market(4).records != market(5).records


def test_the_area_under_the_curve() -> None:
    assert area_under_curve({"a": 1.0, "b": 0.0}, {"a"}) == 1
    assert area_under_curve({"a": 0.0, "b": 1.0}, {"a"}) == 0
    assert area_under_curve({"a": 1.0, "b": 1.0}, {"a"}) == 0.5


def an_auction(number: int, bids: list[tuple[str, int, float]], **changes: object) -> EndedAuction:
    """Bids as (bidder, amount, elapsed); the last one wins unless told otherwise."""
    price, made = 0, []
    for place, (bidder, amount, elapsed) in enumerate(bids):
        made.append(Bid(place + 1, bidder, amount, amount - price if price else 0, elapsed))
        price = amount
    values: dict[str, object] = {
        "id": f"auction-{number}",
        "seller": "bank",
        "start_price": 100,
        "step": 10,
        "reserve": 200,
        "price": price,
        "winner": bids[-1][0],
        "registered": frozenset(bidder for bidder, _, _ in bids),
        "bids": tuple(made),
    }
    return EndedAuction(**(values | changes))  # type: ignore[arg-type]


def test_a_shill_is_shown_with_its_figures_and_entries() -> None:
    pattern = [("carol", 100, 0.0), ("shill", 110, 0.01), ("carol", 170, 0.1), ("shill", 180, 0.11)]
    records = [an_auction(number, [*pattern, ("carol", 210, 0.9)]) for number in range(6)]
    (found,) = shill.signals(records)
    assert (found.kind, found.subjects, found.context) == (LeadKind.SHILL, ("shill",), "bank")
    lines = {line.kind: line for line in found.lines}
    assert lines[LineKind.SHILL_WINS].figures == {"wins": 0, "auctions": 6}
    assert lines[LineKind.SHILL_RESERVE].figures == {"below": 6, "auctions": 6}
    assert lines[LineKind.BIDS].sequences == (2, 4)
    assert lines[LineKind.BIDS].auction == "auction-5"


def test_two_auctions_show_nothing() -> None:
    records = [an_auction(number, [("shill", 180, 0.0), ("carol", 210, 0.9)]) for number in range(2)]
    assert shill.signals(records, threshold=0) == []
    assert rings.signals(records, threshold=0) == []


def test_a_ring_that_takes_turns_is_one_lead() -> None:
    ring = ("ada", "ben", "cem")
    usual = [an_auction(n, [("x", 100, 0.1), ("y", 200, 0.5), ("x", 300, 0.9)]) for n in range(20)]
    turns = [
        an_auction(20 + n, [(ring[n % 3], 100, 0.5)], registered=frozenset(ring), reserve=None)
        for n in range(12)
    ]
    (found,) = rings.signals([*usual, *turns])
    assert found.subjects == ring
    assert found.strength > 0.7
    assert {line.kind for line in found.lines} >= {LineKind.RING_TURNS, LineKind.RING_PRICES}


def test_a_mark_counts_less_the_more_have_it() -> None:
    def strength(sharing: int) -> float:
        marks = [Trace(f"b{number:02}", TraceKind.DEVICE, "d") for number in range(sharing)]
        return traces.pair_strengths(marks).get(("b00", "b01"), 0.0)

    assert strength(2) == pytest.approx(0.8)
    assert strength(2) > strength(3) > strength(20) > strength(21) == 0


def test_once_unpaid_is_nothing_twice_is_a_lead() -> None:
    def record(number: int, *, paid: bool) -> EndedAuction:
        unpaid = {} if paid else {"winner": None, "defaulted": frozenset({"eve"})}
        return an_auction(number, [("eve", 210, 0.5)], **unpaid)

    once = [record(0, paid=False), record(1, paid=True)]
    assert defaults.signals(once) == []
    (found,) = defaults.signals([*once, record(2, paid=False)])
    assert found.lines[0].figures == {"unpaid": 2, "won": 3}


def test_an_auction_of_very_many_shows_no_ring() -> None:
    crowd = frozenset(f"b{number}" for number in range(rings.MOST_REGISTERED + 1))
    records = [an_auction(number, [("b1", 100, 0.5)], registered=crowd) for number in range(8)]
    assert rings.pair_scores(records) == []
