"""What the formats with stages add to an auction's options and to its state: small parts of their own."""

from dataclasses import dataclass
from datetime import datetime

from auctions.rules.words import Threshold


@dataclass(frozen=True, slots=True)
class Standing:
    """A bidder's own best bid. Of two at the same moment, the lower `order` was committed first."""

    amount: int
    at: datetime
    order: int
    priority_order: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTimes:
    """How an auction in rounds runs: a pause, then in every round one turn per bidder; pauses between rounds.

    Attributes:
        threshold: from which amount on a bid is valid at the end.
    """

    rounds: int = 3
    turn_seconds: int = 180
    first_pause_seconds: int = 300
    pause_seconds: int = 180
    threshold: Threshold = Threshold.NONE


USUAL_TURNS = TurnTimes()


@dataclass(frozen=True, slots=True)
class Turns:
    """Where an auction in rounds stands since its opening.

    Attributes:
        round: 1 for the first; in a pause, the round that follows.
        turn: 0 for the first bidder of the round; None in a pause.
        order: the bidders of this round in the order in which they speak; it does not change within it.
            Nobody speaks once all is over.
        held: what the bidder whose turn it is held before its first bid of this turn; None before that bid.
    """

    round: int
    turn: int | None
    order: tuple[str, ...]
    held: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTimes:
    """How a falling price runs, and in a hybrid what follows the take.

    Attributes:
        step: by how much the price falls, in minor units; 0 where there is no clock.
        steps: how many times it falls, so that there is one price more than steps.
        sealed_seconds: how long sealed bids are taken after the take.
        best_bid_seconds: how long the taker may then better the best of them.
        best_bid_step: by how much at least, in minor units.
    """

    step: int = 0
    interval_seconds: int = 0
    steps: int = 0
    sealed_seconds: int = 600
    best_bid_seconds: int = 300
    best_bid_step: int = 0


NO_CLOCK = ClockTimes()


@dataclass(frozen=True, slots=True)
class Taken:
    """The take that stopped a falling price.

    Attributes:
        by, price: who took, and at what price.
        at: when, by the auction's own clock, which stands still while the auction is suspended.
        unsealed: whether the sealed bids of a hybrid have been opened: only the taker may bid now.
        take: the standing of the take itself, to which a withdrawn best bid falls back.
    """

    by: str
    price: int
    at: datetime
    take: Standing
    unsealed: bool = False
