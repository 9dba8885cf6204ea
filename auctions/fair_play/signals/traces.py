"""Common device, browser or address: two bidders whose sign-ins leave the same mark. Pure.

A mark that many share says little: the way out of an office building or a telephone network. So each counts
for its kind's weight divided by how many others have it, and different marks count together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

from auctions.fair_play.rules.leads import LeadKind, Line, LineKind, Signal
from auctions.fair_play.signals.records import Trace, TraceKind

THRESHOLD = 0.5
WEIGHTS: Mapping[TraceKind, float] = {
    TraceKind.DEVICE: 0.8,
    TraceKind.BROWSER: 0.45,
    TraceKind.ADDRESS: 0.25,
}
# A mark that more than this many have is nobody's.
MOST_SHARING = 20

_LINES = {
    TraceKind.DEVICE: LineKind.TRACE_DEVICE,
    TraceKind.BROWSER: LineKind.TRACE_BROWSER,
    TraceKind.ADDRESS: LineKind.TRACE_ADDRESS,
}

Pair = tuple[str, str]


def shared(traces: Iterable[Trace]) -> dict[Pair, list[tuple[TraceKind, int]]]:
    """For every two who share a mark: each such mark's kind and how many have it."""
    owners: dict[tuple[TraceKind, str], set[str]] = defaultdict(set)
    for trace in traces:
        owners[trace.kind, trace.digest].add(trace.bidder)
    found: dict[Pair, list[tuple[TraceKind, int]]] = defaultdict(list)
    for (kind, _), bidders in sorted(owners.items()):
        if 2 <= len(bidders) <= MOST_SHARING:
            for pair in combinations(sorted(bidders), 2):
                found[pair].append((kind, len(bidders)))
    return found


def strength(marks: Iterable[tuple[TraceKind, int]]) -> float:
    """1 minus the product of what each mark leaves open."""
    left_open = 1.0
    for kind, sharing in marks:
        left_open *= 1 - WEIGHTS[kind] / (sharing - 1)
    return 1 - left_open


def pair_strengths(traces: Iterable[Trace]) -> dict[Pair, float]:
    return {pair: strength(marks) for pair, marks in shared(traces).items()}


def signals(traces: Iterable[Trace], threshold: float = THRESHOLD) -> list[Signal]:
    """A signal for every two whose common marks reach the threshold, the strongest first."""
    found = [
        Signal(LeadKind.SHARED_TRACE, pair, round(strength(marks), 3), _lines(marks))
        for pair, marks in shared(traces).items()
        if strength(marks) >= threshold
    ]
    return sorted(found, key=lambda signal: (-signal.strength, signal.subjects))


def _lines(marks: Iterable[tuple[TraceKind, int]]) -> tuple[Line, ...]:
    counted = [(kind, sharing) for kind, sharing in marks]
    return tuple(
        Line(
            _LINES[kind],
            {
                "count": sum(one == kind for one, _ in counted),
                "sharing": min(sharing for one, sharing in counted if one == kind),
            },
        )
        for kind in TraceKind
        if any(one == kind for one, _ in counted)
    )
