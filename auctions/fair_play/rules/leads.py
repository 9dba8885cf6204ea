"""Leads: what a signal says, for a person to look into. No lead changes what anybody may do. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marketplace.status import Moves

# A lead that somebody dismissed comes back only when the signal has grown by this much.
GROWN_BY = 0.1
MOST_LINES = 12
MOST_SEQUENCES = 20


class LeadKind(StrEnum):
    SHILL = "shill"
    RING = "ring"
    SHARED_TRACE = "shared_trace"
    NON_PAYMENT = "non_payment"
    POSSIBLE_TIE = "possible_tie"


class LeadStatus(StrEnum):
    OPENED = "opened"
    LOOKED_INTO = "looked_into"
    DISMISSED = "dismissed"
    LED_TO_PROPOSAL = "led_to_proposal"


LEAD_MOVES: Moves[LeadStatus] = {
    LeadStatus.OPENED: frozenset({LeadStatus.LOOKED_INTO}),
    LeadStatus.LOOKED_INTO: frozenset({LeadStatus.DISMISSED, LeadStatus.LED_TO_PROPOSAL}),
    LeadStatus.DISMISSED: frozenset(),
    LeadStatus.LED_TO_PROPOSAL: frozenset(),
}

OPEN = frozenset({LeadStatus.OPENED, LeadStatus.LOOKED_INTO})


class LineKind(StrEnum):
    """One fact of the evidence; `texts.LINES` says it in words with its figures."""

    SHILL_SELLER = "shill_seller"
    SHILL_WINS = "shill_wins"
    SHILL_EARLY = "shill_early"
    SHILL_RAISES = "shill_raises"
    SHILL_SHARE = "shill_share"
    SHILL_RESERVE = "shill_reserve"
    RING_TOGETHER = "ring_together"
    RING_TURNS = "ring_turns"
    RING_RESTRAINT = "ring_restraint"
    RING_PRICES = "ring_prices"
    TRACE_DEVICE = "trace_device"
    TRACE_BROWSER = "trace_browser"
    TRACE_ADDRESS = "trace_address"
    DEFAULTS = "defaults"
    TIE = "tie"
    BIDS = "bids"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of evidence.

    Attributes:
        figures: what the sentence is filled with; whole numbers, percentages or short texts.
        auction: the auction whose journal shows it, or None.
        sequences: the journal entries that show it.
    """

    kind: LineKind
    figures: dict[str, Any]
    auction: str | None = None
    sequences: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """What the measures found about some bidders.

    Attributes:
        subjects: institution ids, in order.
        strength: 0 is what an honest bidder shows, 1 the clearest case. Not a probability of guilt.
        context: what else makes it another suspicion: the seller on whose lots a shill would bid.
    """

    kind: LeadKind
    subjects: tuple[str, ...]
    strength: float
    lines: tuple[Line, ...]
    context: str = ""

    @property
    def fingerprint(self) -> str:
        """The same suspicion about the same bidders is one lead, however often it is found."""
        return f"{self.kind}:{','.join(self.subjects)}:{self.context}"


def share(part: float, whole: float) -> float:
    """The part of a whole between 0 and 1; 0 of nothing."""
    return min(max(part / whole, 0.0), 1.0) if whole else 0.0


def percent(fraction: float) -> int:
    return round(100 * fraction)
