"""What every format shares: the words of an auction and the frozen values the rules read and return.

Amounts are integers in the minor unit of the auction's currency; moments are aware UTC; bidders are named
by the alias under which everybody sees them. Nothing here reads a clock or a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from marketplace.rule_packs import Pack


class Action(StrEnum):
    BID = "bid"
    PROXY = "proxy"
    PASS = "pass"  # noqa: S105 - a bidder passes
    WITHDRAW = "withdraw"
    TAKE = "take"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    DEFAULT = "default"
    DISQUALIFY = "disqualify"


# Who acts: the bidder, the platform for the whole auction, or the platform about its winner.
BIDDING = frozenset({Action.BID, Action.PROXY, Action.PASS, Action.WITHDRAW, Action.TAKE})
CONTROL = frozenset({Action.SUSPEND, Action.RESUME, Action.CANCEL})
AFTER_CLOSE = frozenset({Action.DEFAULT, Action.DISQUALIFY})
WITH_AMOUNT = frozenset({Action.BID, Action.PROXY, Action.TAKE})


class Outcome(StrEnum):
    OPEN = "open"
    SOLD = "sold"
    UNSOLD = "unsold"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why an event is refused."""

    NOT_OPEN = "not_open"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    NOT_ADMITTED = "not_admitted"
    NO_DEPOSIT = "no_deposit"
    BARRED = "barred"
    MALFORMED_AMOUNT = "malformed_amount"
    BELOW_START = "below_start"
    BELOW_MINIMUM = "below_minimum"
    OFF_GRID = "off_grid"
    ALREADY_LEADING = "already_leading"
    LOWER_THAN_MAXIMUM = "lower_than_maximum"
    NOT_YOUR_TURN = "not_your_turn"
    STALE_PRICE = "stale_price"
    TAKEN = "taken"
    NOT_ALLOWED_IN_STAGE = "not_allowed_in_stage"
    PROXY_NOT_OFFERED = "proxy_not_offered"


ADMISSION_REASONS = frozenset({Reason.NOT_ADMITTED, Reason.BARRED, Reason.NO_DEPOSIT})


class EndReason(StrEnum):
    """Why nothing was sold. A disqualified winner ends the sale as a defaulting one does."""

    NO_BIDS = "no_bids"
    RESERVE_NOT_MET = "reserve_not_met"
    WINNER_DEFAULTED = "winner_defaulted"


class NextRoundKind(StrEnum):
    RE_AUCTION = "re_auction"
    SECOND_AUCTION = "second_auction"
    SALE_OFF = "sale_off"


class Grid(StrEnum):
    FREE = "free"
    MULTIPLE = "multiple"


@dataclass(frozen=True, slots=True)
class Step:
    """The raise that holds while the price is below `below`; None for every higher price."""

    below: int | None
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a lot may settle itself; what it leaves open comes from its rule pack.

    Attributes:
        extension_window_seconds: a bid this close to the end, or closer, extends it.
        extension_seconds: the new end lies this long after the bid.
        hard_stop_at: no extension goes beyond; None for no cap.
        increment_table: raises by price, in place of the one increment; empty for none.
        round: 1 for the first auction of the lot, 2 for the one after it failed.
    """

    grid: Grid = Grid.FREE
    proxy: bool = False
    extension_window_seconds: int = 300
    extension_seconds: int = 300
    hard_stop_at: datetime | None = None
    increment_table: tuple[Step, ...] = ()
    round: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was published: fixed before the first bid and never changed after."""

    auction_format: str
    pack: Pack
    currency: str
    start_price: int
    increment: int | None
    reserve_price: int | None
    reference_price: int | None
    deposit: int | None
    opens_at: datetime
    closes_at: datetime | None
    options: Options


@dataclass(frozen=True, slots=True)
class Bidder:
    """Who bids, as admission sees it at that moment.

    Attributes:
        priority_order: 1 is the strongest holder of a right of first refusal; None for none.
        barred: why this bidder may not bid; empty when it may.
    """

    id: str
    priority_order: int | None = None
    admitted: bool = True
    deposit_held: bool = True
    barred: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that arrived. `amount` is the text as it came; None where the action has none."""

    at: datetime
    action: Action
    bidder: str | None = None
    amount: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A bidder's own best bid. Of two at the same moment, the lower `order` was committed first."""

    amount: int
    at: datetime
    order: int
    priority_order: int | None


@dataclass(frozen=True, slots=True)
class Maximum:
    """A proxy's hidden maximum; `order` is when it was left."""

    amount: int
    order: int


@dataclass(frozen=True, slots=True)
class RecordedBid:
    """A bid that entered the record, by hand or by the system for its owner."""

    bidder: str
    amount: int


@dataclass(frozen=True, slots=True)
class NextRound:
    """What the rule pack has follow: amounts in minor units, None where it says nothing."""

    kind: NextRoundKind
    least_start_price: int | None = None
    start_price: int | None = None
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the rules carry from one event to the next; replaying the events gives it again.

    Attributes:
        closes_at: the end as extended and moved so far.
        suspended_at: since when bidding stands still; None while it does not.
        standing: every bidder's own best bid.
        maxima: every proxy's maximum, exhausted ones too. Secret until the end.
        bids: how many bids are in the record, automatic ones included.
        events: how many accepted bids and proxies there were: the next `order`.
        struck: winners that defaulted or were disqualified, in that order.
        forfeited: those among them whose deposit is forfeited.
    """

    closes_at: datetime | None
    suspended_at: datetime | None = None
    outcome: Outcome = Outcome.OPEN
    reason: EndReason | None = None
    price: int | None = None
    leader: str | None = None
    winner: str | None = None
    standing: Mapping[str, Standing] = field(default_factory=dict)
    maxima: Mapping[str, Maximum] = field(default_factory=dict)
    bids: int = 0
    events: int = 0
    struck: tuple[str, ...] = ()
    forfeited: tuple[str, ...] = ()
    next_round: NextRound | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What a format made of an accepted act of a bidder: the new state and the bids it put in the record."""

    state: State
    recorded: tuple[RecordedBid, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one event.

    Attributes:
        reason: None when accepted.
        state: the state after it; a refused event leaves what it found.
        amount_minor: the amount when it was well formed.
        automatic: bids the system made because of this event, in order.
    """

    reason: Reason | None
    state: State
    amount_minor: int | None = None
    automatic: tuple[RecordedBid, ...] = ()

    def __str__(self) -> str:
        return "accepted" if self.reason is None else f"refused:{self.reason}"


def stronger(challenger: int | None, holder: int | None) -> bool:
    """Whether the challenger's priority beats the holder's: 1 beats 2 beats none (2016 rules, art. 21)."""
    return challenger is not None and (holder is None or challenger < holder)
