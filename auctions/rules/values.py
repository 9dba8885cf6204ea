"""What every format shares: the frozen values the rules read and return.

Amounts are integers in the minor unit of the auction's currency; moments are aware UTC; bidders are named
by the alias under which everybody sees them. Nothing here reads a clock or a database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from auctions.rules.stages import NO_CLOCK, USUAL_TURNS, ClockTimes, Standing, Taken, Turns, TurnTimes
from auctions.rules.words import Action, EndReason, Grid, NextRoundKind, Outcome, PhaseKind, Pricing, Reason
from marketplace.rule_packs import Pack


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
        pricing: what the winner of a sealed auction pays.
        countdown_seconds: how long a sale-off runs on from its first bid.
        turns, clock: the times of the formats that have such stages.
    """

    grid: Grid = Grid.FREE
    proxy: bool = False
    extension_window_seconds: int = 300
    extension_seconds: int = 300
    hard_stop_at: datetime | None = None
    increment_table: tuple[Step, ...] = ()
    round: int = 1
    pricing: Pricing = Pricing.FIRST
    countdown_seconds: int = 86_400
    turns: TurnTimes = USUAL_TURNS
    clock: ClockTimes = NO_CLOCK


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
        headroom: the most it may bid, in minor units, where one deposit stands for several lots; else None.
    """

    id: str
    priority_order: int | None = None
    admitted: bool = True
    deposit_held: bool = True
    barred: str = ""
    headroom: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that arrived. `amount` is the text as it came; None where the action has none."""

    at: datetime
    action: Action
    bidder: str | None = None
    amount: str | None = None


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
        closes_at: the end as extended and moved so far; in a format with stages the earliest end that is
            possible now, and None as long as nobody can know it.
        suspended_at: since when bidding stands still; None while it does not.
        moved: for how long the auction has stood still altogether, so far.
        standing: every bidder's own best bid.
        maxima: every proxy's maximum, exhausted ones too. Secret until the end.
        bids: how many bids are in the record, automatic ones included.
        events: how many accepted bids and proxies there were: the next `order`.
        struck: winners that defaulted or were disqualified, in that order.
        forfeited: those among them whose deposit is forfeited.
        turns: where an auction in rounds stands; None before its opening.
        taken: the take that stopped a falling price; None before it.
        concealed: the amounts are sealed and stand nowhere here: nothing ends before they have been opened.
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
    moved: timedelta = timedelta(0)
    turns: Turns | None = None
    taken: Taken | None = None
    concealed: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """What pages need to say of an auction at a moment, for everybody or for one bidder.

    Attributes:
        hidden: whether the amounts that are bid now are hidden from everybody; they must appear nowhere but
            with their own bidder, and nobody may see who leads.
        price: what leads, or the price of the clock; None where there is none or it is hidden.
        least: the least amount that the bidder asked about, or else a newcomer, can bid in this phase, or in
            the first one where bidding has not opened; None where it cannot bid. Whether it can now is in
            `actions`.
        ends_at: when this phase ends unless something happens; None where nobody can know it.
        changes_at: when the price next changes by itself.
        turn_of: whose turn it is.
        round: of an auction in rounds.
        actions: what the bidder asked about, or anybody at all, may do now.
    """

    kind: PhaseKind
    hidden: bool = False
    suspended: bool = False
    price: int | None = None
    least: int | None = None
    ends_at: datetime | None = None
    changes_at: datetime | None = None
    turn_of: str | None = None
    round: int | None = None
    actions: frozenset[Action] = frozenset()


def stronger(challenger: int | None, holder: int | None) -> bool:
    """Whether the challenger's priority beats the holder's: 1 beats 2 beats none (2016 rules, art. 21)."""
    return challenger is not None and (holder is None or challenger < holder)
