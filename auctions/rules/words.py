"""The words of an auction: what may be done, how it is answered, how it ends."""

from enum import StrEnum


class Action(StrEnum):
    BID = "bid"
    PROXY = "proxy"
    PASS = "pass"  # noqa: S105 - a bidder passes
    WITHDRAW = "withdraw"
    TAKE = "take"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    EXTEND = "extend"
    """Moves the end; its amount is whole seconds."""
    DEFAULT = "default"
    DISQUALIFY = "disqualify"
    DECLINE = "decline"
    """The next on the ladder was asked and does not want it: no default, nothing is forfeited."""
    OPEN = "open"
    """The officers open sealed bids: recorded as an entry of its own, played by no scenario."""
    GIVE_WAY = "give_way"


# Who acts: the bidder, the platform for the whole auction, or the platform about its winner.
BIDDING = frozenset({Action.BID, Action.PROXY, Action.PASS, Action.WITHDRAW, Action.TAKE})
CONTROL = frozenset({Action.SUSPEND, Action.RESUME, Action.CANCEL, Action.EXTEND})
AFTER_CLOSE = frozenset({Action.DEFAULT, Action.DISQUALIFY, Action.DECLINE, Action.GIVE_WAY})
WITH_AMOUNT = frozenset({Action.BID, Action.PROXY, Action.TAKE})
# What carries a text: money, or in the case of an extension a whole number of seconds.
WITH_TEXT = WITH_AMOUNT | {Action.EXTEND}


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
    TOO_LONG = "too_long"
    OVER_LIMIT = "over_limit"


# What depends on who the bidder was at that moment, which the rules take as given.
ADMISSION_REASONS = frozenset({Reason.NOT_ADMITTED, Reason.BARRED, Reason.NO_DEPOSIT, Reason.OVER_LIMIT})


class EndReason(StrEnum):
    """Why nothing was sold.

    A disqualified winner ends the sale as a defaulting one does; `gave_way`: of lots offered together and
    apart, the other way had the better total.
    """

    NO_BIDS = "no_bids"
    RESERVE_NOT_MET = "reserve_not_met"
    WINNER_DEFAULTED = "winner_defaulted"
    GAVE_WAY = "gave_way"


class NextRoundKind(StrEnum):
    RE_AUCTION = "re_auction"
    SECOND_AUCTION = "second_auction"
    SALE_OFF = "sale_off"


class Grid(StrEnum):
    FREE = "free"
    MULTIPLE = "multiple"


class Pricing(StrEnum):
    """What the winner of a sealed auction pays: its own amount, or the second-best."""

    FIRST = "first"
    SECOND = "second"


class Threshold(StrEnum):
    """From which amount on a final bid of an auction in rounds is valid."""

    NONE = "none"
    START_PLUS_INCREMENT = "start_plus_increment"


class PhaseKind(StrEnum):
    """What is going on in an auction at a moment."""

    WAITING = "waiting"
    INITIAL_BIDS = "initial_bids"
    PAUSE = "pause"
    TURN = "turn"
    CLOCK = "clock"
    SEALED_BIDS = "sealed_bids"
    BEST_BID = "best_bid"
    BIDDING = "bidding"
    COUNTDOWN = "countdown"
    AWAITING_OPENING = "awaiting_opening"
    """Bidding is over, and officers of two institutions have to open the sealed bids."""
    ENDED = "ended"
