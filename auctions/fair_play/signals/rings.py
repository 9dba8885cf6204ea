"""Rings: bidders who meet often, spare each other, and take turns being ahead at the end, cheaply. Pure.

Measured between two, then joined: a bidder's strength is the mean of its two strongest pairs, so that a ring
of three stands out against two who happen to buy in the same field.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean, median

from auctions.fair_play.rules.leads import (
    MOST_SEQUENCES,
    LeadKind,
    Line,
    LineKind,
    Signal,
    percent,
    share,
)
from auctions.fair_play.signals.records import EndedAuction

THRESHOLD = 0.42
LEAST_TOGETHER = 6
DOUBT = 3
MOST_MEMBERS = 8
# An auction with more registered bidders is left out of the pairs: a ring of that size hides nothing.
MOST_REGISTERED = 60


@dataclass(frozen=True, slots=True)
class PairScore:
    """How two bidders behave towards each other.

    Attributes:
        together: auctions in which both were registered.
        turns: how evenly they stand ahead at the end: 1 when each does as often as the other.
        restraint: share of those auctions in which they did not outbid each other again and again.
        cheapness: how far the prices at which one of them was ahead stay below the market's usual rise.
        taken: share of those auctions at whose end one of them was ahead.
    """

    one: str
    other: str
    together: tuple[EndedAuction, ...]
    turns: float
    restraint: float
    cheapness: float
    taken: float

    @property
    def strength(self) -> float:
        """All four have to be there: the product is rooted, then taken down while there are few auctions."""
        product = self.turns * self.restraint * self.cheapness * min(1.0, 2 * self.taken)
        return float(product**0.25) * share(len(self.together), len(self.together) + DOUBT)


def pair_scores(records: Iterable[EndedAuction]) -> list[PairScore]:
    """The score of every two who were registered together at least `LEAST_TOGETHER` times."""
    known = tuple(records)
    usual = _usual_rise(known)
    together: dict[tuple[str, str], list[EndedAuction]] = defaultdict(list)
    for record in known:
        if len(record.registered) <= MOST_REGISTERED:
            for pair in combinations(sorted(record.registered), 2):
                together[pair].append(record)
    return [
        _pair(one, other, tuple(met), usual)
        for (one, other), met in sorted(together.items())
        if len(met) >= LEAST_TOGETHER
    ]


def _pair(one: str, other: str, met: tuple[EndedAuction, ...], usual: float) -> PairScore:
    wins = [sum(bidder in record.ahead for record in met) for bidder in (one, other)]
    won = [record for record in met if record.ahead & {one, other}]
    rises = [_rise(record) for record in won]
    return PairScore(
        one,
        other,
        met,
        turns=share(2 * min(wins), sum(wins)),
        restraint=1 - share(sum(_fought(record, one, other) for record in met), len(met)),
        cheapness=1 - share(fmean(rises), usual) if rises else 0.0,
        taken=share(len(won), len(met)),
    )


def _fought(record: EndedAuction, one: str, other: str) -> bool:
    """Whether one of the two answered the other's bid with a bid, at least twice."""
    pairs = zip(record.bids, record.bids[1:], strict=False)
    return sum({before.bidder, after.bidder} == {one, other} for before, after in pairs) > 1


def _rise(record: EndedAuction) -> float:
    """How far the price rose above the start, as a part of the start price."""
    return (record.price or record.start_price) / record.start_price - 1


def _usual_rise(records: Sequence[EndedAuction]) -> float:
    """The median rise where somebody bid; a market in which nothing rises has no usual rise."""
    rises = [_rise(record) for record in records if record.bids]
    return median(rises) if rises else 0.0


def member_scores(pairs: Iterable[PairScore]) -> dict[str, float]:
    """For each bidder the mean of its two strongest pairs."""
    strengths: dict[str, list[float]] = defaultdict(list)
    for pair in pairs:
        for member in (pair.one, pair.other):
            strengths[member].append(pair.strength)
    return {member: sum(sorted(found)[-2:]) / 2 for member, found in strengths.items()}


def signals(records: Iterable[EndedAuction], threshold: float = THRESHOLD) -> list[Signal]:
    """A signal for every group that hangs together by pairs at or above the threshold, at least three."""
    strong = [pair for pair in pair_scores(records) if pair.strength >= threshold]
    found = []
    for members in _groups(strong):
        inside = [pair for pair in strong if {pair.one, pair.other} <= members]
        strength = fmean(pair.strength for pair in inside)
        subjects = tuple(sorted(members))
        found.append(Signal(LeadKind.RING, subjects, round(strength, 3), _lines(inside, members)))
    return sorted(found, key=lambda signal: (-signal.strength, signal.subjects))


def _groups(pairs: Sequence[PairScore]) -> list[frozenset[str]]:
    """Each pair with whoever is paired with both of them: rings know each other all around."""
    partners: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        partners[pair.one].add(pair.other)
        partners[pair.other].add(pair.one)
    groups: list[frozenset[str]] = []
    for pair in sorted(pairs, key=lambda one: -one.strength):
        members = {pair.one, pair.other}
        for candidate in sorted(partners[pair.one] & partners[pair.other]):
            if members <= partners[candidate] and len(members) < MOST_MEMBERS:
                members.add(candidate)
        if len(members) > 2 and not any(members <= known for known in groups):
            groups.append(frozenset(members))
    return groups


def _lines(pairs: Sequence[PairScore], members: frozenset[str]) -> tuple[Line, ...]:
    met = {record.id: record for pair in pairs for record in pair.together}
    won = [record for record in met.values() if record.ahead & members]
    last = max(won, key=lambda record: record.id)
    shown = tuple(bid.sequence for bid in last.bids if bid.bidder in members)[:MOST_SEQUENCES]
    return (
        Line(LineKind.RING_TOGETHER, {"auctions": len(met), "members": len(members)}),
        Line(LineKind.RING_TURNS, {"won": len(won), "evenness": percent(fmean(one.turns for one in pairs))}),
        Line(LineKind.RING_RESTRAINT, {"share": percent(fmean(one.restraint for one in pairs))}),
        Line(LineKind.RING_PRICES, {"rise": percent(fmean(_rise(record) for record in won))}),
        Line(LineKind.BIDS, {"count": len(shown)}, last.id, shown),
    )
