"""Shill patterns: somebody who raises the price for a seller and takes care not to win. Pure.

The components are those of the published shill score (Trevathan and Read, "Detecting shill bidding in online
English auctions": loyalty to one seller, share of the bids, losing, quick answers, small raises, an early
start), and two more that a market with secret reserves shows: leaving well before the end, and stopping just
below the reserve. The weights are our own; each component lies between 0 and 1.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

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

THRESHOLD = 0.6
# One or two auctions show nothing.
LEAST_AUCTIONS = 3
# With this many auctions a pattern counts for half of what it would with very many.
DOUBT = 2
# A best bid from this share of the reserve upwards is "just below" it.
JUST_BELOW = 0.85

WEIGHTS: Mapping[str, float] = {
    "loyalty": 3.0,
    "share": 1.5,
    "losing": 3.0,
    "quick": 0.5,
    "small_raises": 1.5,
    "early": 1.0,
    "leaving": 1.5,
    "below_reserve": 2.0,
}


@dataclass(frozen=True, slots=True)
class ShillScore:
    """How one bidder behaves towards one seller.

    Attributes:
        auctions: those of the seller in which it bid; wins: how many of them it won.
        all_auctions: those of everybody in which it bid.
        components: each between 0 and 1, named as in `WEIGHTS`.
    """

    bidder: str
    seller: str
    auctions: tuple[EndedAuction, ...]
    all_auctions: int
    wins: int
    components: Mapping[str, float]

    @property
    def strength(self) -> float:
        """The weighted mean, taken down while there are few auctions."""
        mean = sum(WEIGHTS[name] * value for name, value in self.components.items()) / sum(WEIGHTS.values())
        return mean * share(len(self.auctions), len(self.auctions) + DOUBT)


def scores(records: Iterable[EndedAuction]) -> list[ShillScore]:
    """The score of every bidder towards every seller on whose lots it bid."""
    bid_in: dict[str, list[EndedAuction]] = defaultdict(list)
    for record in records:
        for bidder in {bid.bidder for bid in record.bids}:
            bid_in[bidder].append(record)
    return [
        _score(bidder, seller, theirs)
        for bidder, theirs in sorted(bid_in.items())
        for seller in sorted({record.seller for record in theirs})
    ]


def _score(bidder: str, seller: str, everywhere: Sequence[EndedAuction]) -> ShillScore:
    here = tuple(record for record in everywhere if record.seller == seller)
    wins = sum(bidder in record.winners for record in here)
    components = {
        "loyalty": share(len(here), len(everywhere)),
        "losing": 1 - share(wins, len(here)),
        **{name: fmean(measure(record, bidder) for record in here) for name, measure in _BY_AUCTION.items()},
        "below_reserve": _below_reserve(bidder, here),
    }
    return ShillScore(bidder, seller, here, len(everywhere), wins, components)


def _share_of_bids(record: EndedAuction, bidder: str) -> float:
    """Nobody can make more than about half of the bids; that half counts as everything."""
    return share(2 * len(record.bids_of(bidder)), len(record.bids))


def _small_raises(record: EndedAuction, bidder: str) -> float:
    raises = [bid.raised for bid in record.bids_of(bidder) if bid.raised]
    return share(sum(2 * raised <= 3 * record.step for raised in raises), len(raises))


def _early(record: EndedAuction, bidder: str) -> float:
    return 1 - record.bids_of(bidder)[0].elapsed


def _leaving(record: EndedAuction, bidder: str) -> float:
    """How long before the end the last bid came, unless that bid won."""
    return 0.0 if bidder in record.winners else 1 - record.bids_of(bidder)[-1].elapsed


def _quick(record: EndedAuction, bidder: str) -> float:
    """How soon it answers another's bid: at once is 1, after a tenth of the running time 0."""
    pairs = zip(record.bids, record.bids[1:], strict=False)
    waits = [after.elapsed - before.elapsed for before, after in pairs if after.bidder == bidder]
    return fmean(1 - share(wait, 0.1) for wait in waits) if waits else 0.0


_BY_AUCTION = {
    "share": _share_of_bids,
    "small_raises": _small_raises,
    "early": _early,
    "leaving": _leaving,
    "quick": _quick,
}


def _below_reserve(bidder: str, records: Sequence[EndedAuction]) -> float:
    secret = [record for record in records if record.reserve and bidder not in record.winners]
    return share(sum(_stopped_below(record, bidder) for record in secret), len(secret))


def _stopped_below(record: EndedAuction, bidder: str) -> bool:
    best = max(bid.amount for bid in record.bids_of(bidder))
    return record.reserve is not None and JUST_BELOW * record.reserve <= best < record.reserve


def signals(records: Iterable[EndedAuction], threshold: float = THRESHOLD) -> list[Signal]:
    """A signal for every bidder and seller whose score reaches the threshold, the strongest first."""
    strong = [
        score
        for score in scores(records)
        if score.strength >= threshold and len(score.auctions) >= LEAST_AUCTIONS
    ]
    strong.sort(key=lambda score: (-score.strength, score.bidder, score.seller))
    return [
        Signal(LeadKind.SHILL, (score.bidder,), round(score.strength, 3), _lines(score), score.seller)
        for score in strong
    ]


def _lines(score: ShillScore) -> tuple[Line, ...]:
    parts, last = score.components, score.auctions[-1]
    shown = tuple(bid.sequence for bid in last.bids_of(score.bidder)[:MOST_SEQUENCES])
    count = len(score.auctions)
    below = sum(_stopped_below(record, score.bidder) for record in score.auctions)
    return (
        Line(LineKind.SHILL_SELLER, {"here": count, "everywhere": score.all_auctions}),
        Line(LineKind.SHILL_WINS, {"wins": score.wins, "auctions": count}),
        Line(
            LineKind.SHILL_EARLY,
            {"first": percent(1 - parts["early"]), "last": percent(1 - parts["leaving"])},
        ),
        Line(LineKind.SHILL_RAISES, {"small": percent(parts["small_raises"])}),
        Line(LineKind.SHILL_SHARE, {"share": percent(parts["share"] / 2)}),
        *((Line(LineKind.SHILL_RESERVE, {"below": below, "auctions": count}),) if below else ()),
        Line(LineKind.BIDS, {"count": len(last.bids_of(score.bidder))}, last.id, shown),
    )
