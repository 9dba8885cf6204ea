"""What every format shares: the words of an auction, admission, and what happens after the close."""

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
    DEFAULT = "default"
    DISQUALIFY = "disqualify"


class Outcome(StrEnum):
    OPEN = "open"
    SOLD = "sold"
    UNSOLD = "unsold"
    CANCELLED = "cancelled"
