"""Repeated non-payment: winning and not paying, again and again. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from auctions.fair_play.rules.leads import LeadKind, Line, LineKind, Signal, share
from auctions.fair_play.signals.records import EndedAuction

# Once can happen to anybody.
LEAST_DEFAULTS = 2
THRESHOLD = 0.25
DOUBT = 2


def strengths(records: Iterable[EndedAuction]) -> dict[str, float]:
    """Unpaid wins as a part of all wins, taken down while there are few; for everybody who has won."""
    return {bidder: share(len(unpaid), won + DOUBT) for bidder, (won, unpaid) in _counts(records).items()}


def _counts(records: Iterable[EndedAuction]) -> dict[str, tuple[int, list[EndedAuction]]]:
    won: dict[str, int] = defaultdict(int)
    unpaid: dict[str, list[EndedAuction]] = defaultdict(list)
    for record in records:
        for bidder in record.winners:
            won[bidder] += 1
        for bidder in record.defaulted:
            unpaid[bidder].append(record)
    return {bidder: (count, unpaid.get(bidder, [])) for bidder, count in sorted(won.items())}


def signals(records: Iterable[EndedAuction], threshold: float = THRESHOLD) -> list[Signal]:
    """A signal for everybody who left at least two wins unpaid and reaches the threshold."""
    found = []
    for bidder, (won, unpaid) in _counts(records).items():
        strength = share(len(unpaid), won + DOUBT)
        if len(unpaid) >= LEAST_DEFAULTS and strength >= threshold:
            line = Line(LineKind.DEFAULTS, {"unpaid": len(unpaid), "won": won}, unpaid[-1].id)
            found.append(Signal(LeadKind.NON_PAYMENT, (bidder,), round(strength, 3), (line,)))
    return sorted(found, key=lambda signal: (-signal.strength, signal.subjects))
