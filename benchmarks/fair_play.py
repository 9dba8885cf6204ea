"""Whether the measures of fair play find agents planted in a simulated market, beside a scrambled score.

The area under the curve (AUC) is the chance that a planted agent scores higher than an honest one, ties
counted half: 1 finds all, 0.5 is guessing. Beside it: how many of the honest get a lead by default.
"""

import random
from collections.abc import Collection, Hashable, Mapping
from statistics import fmean
from typing import Any, TypeVar

from auctions.fair_play.signals import defaults, rings, shill, traces
from benchmarks.fair_play_market import Market, a_market

SEEDS = (1, 2, 3, 5, 8)
KINDS = ("shill", "ring", "shared trace", "non-payment")

Subject = TypeVar("Subject", bound=Hashable)
# By kind: how everybody scores, who was planted, and how many leads fall on whom was not.
Measured = dict[str, tuple[dict[Any, float], set[Any], int]]


def area_under_curve(scores: Mapping[Subject, float], planted: Collection[Subject]) -> float:
    """The share of pairs of one planted and one honest that the score puts right, ties counted half."""
    high = [score for subject, score in scores.items() if subject in planted]
    low = [score for subject, score in scores.items() if subject not in planted]
    right = sum((one > other) + 0.5 * (one == other) for one in high for other in low)
    return right / (len(high) * len(low))


def scrambled(scores: Mapping[Subject, float], seed: int) -> dict[Subject, float]:
    """The same scores dealt out anew: the planted fault, which must come to about a half."""
    values = list(scores.values())
    random.Random(seed).shuffle(values)
    return dict(zip(scores, values, strict=True))


def measure(market: Market) -> Measured:
    """Score everybody in a market by every measure."""
    planted = market.shills | market.ring_members | market.defaulters
    everybody = dict.fromkeys(sorted(market.honest | planted), 0.0)
    shill_scores = dict(everybody)
    for score in shill.scores(market.records):
        shill_scores[score.bidder] = max(shill_scores[score.bidder], score.strength)
    ring_scores = everybody | rings.member_scores(rings.pair_scores(market.records))
    names = list(everybody)
    every_pair = {(one, other): 0.0 for place, one in enumerate(names) for other in names[place + 1 :]}
    return {
        "shill": (shill_scores, market.shills, _false(shill.signals(market.records), market.shills)),
        "ring": (
            ring_scores,
            market.ring_members,
            _false(rings.signals(market.records), market.ring_members),
        ),
        "shared trace": (
            every_pair | traces.pair_strengths(market.traces),
            market.device_pairs,
            sum(one.subjects not in market.device_pairs for one in traces.signals(market.traces)),
        ),
        "non-payment": (
            everybody | defaults.strengths(market.records),
            market.defaulters,
            _false(defaults.signals(market.records), market.defaulters),
        ),
    }


def _false(found: Collection[Any], planted: Collection[str]) -> int:
    """How many who were not planted for it are named in a signal."""
    return len({subject for signal in found for subject in signal.subjects if subject not in planted})


def found_share(market: Market, kind: str) -> float:
    """The share of the planted who get a lead at the default threshold."""
    signals: dict[str, tuple[list[Any], Collection[Any]]] = {
        "shill": (shill.signals(market.records), market.shills),
        "ring": (rings.signals(market.records), market.ring_members),
        "non-payment": (defaults.signals(market.records), market.defaulters),
    }
    if kind == "shared trace":
        named = {one.subjects for one in traces.signals(market.traces)}
        return len(named & market.device_pairs) / len(market.device_pairs)
    found, planted = signals[kind]
    return len({subject for one in found for subject in one.subjects} & set(planted)) / len(planted)


def run() -> list[dict[str, Any]]:
    """One row per kind of agent: the mean area over the seeds, beside the scrambled score's."""
    markets = [(seed, a_market(seed)) for seed in SEEDS]
    rows = []
    for kind in KINDS:
        areas, dealt, false, found = [], [], [], []
        for seed, market in markets:
            scores, planted, wrong = measure(market)[kind]
            areas.append(area_under_curve(scores, planted))
            dealt.append(area_under_curve(scrambled(scores, seed), planted))
            false.append(wrong / (len(scores) - len(planted)))
            found.append(found_share(market, kind))
        rows.append(
            {
                "name": f"fair play: planted agents found, {kind}",
                "value": round(fmean(areas), 3),
                "unit": "AUC",
                "baseline": round(fmean(dealt), 3),
                "ratio": round(fmean(areas) / fmean(dealt), 2),
                "note": f"least {min(areas):.3f} of {len(SEEDS)} seeds; at the default threshold "
                f"{fmean(found):.0%} of the planted and {fmean(false):.2%} of the others get a lead",
            }
        )
    return rows
