"""Where an auction stands for somebody who looks at it now. Pure."""

from datetime import datetime
from enum import StrEnum

from auctions.rules import Outcome


class Stage(StrEnum):
    """`CLOSING`: the end has passed without a result yet; `AWAITING_OPENING`: bids are still sealed."""

    SCHEDULED = "scheduled"
    LIVE = "live"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    AWAITING_OPENING = "awaiting_opening"
    SOLD = "sold"
    UNSOLD = "unsold"
    CANCELLED = "cancelled"


ENDED = frozenset({Stage.SOLD, Stage.UNSOLD, Stage.CANCELLED})
RUNNING = frozenset({Stage.LIVE, Stage.SUSPENDED, Stage.CLOSING, Stage.AWAITING_OPENING})

_BY_OUTCOME = {Outcome.SOLD: Stage.SOLD, Outcome.UNSOLD: Stage.UNSOLD, Outcome.CANCELLED: Stage.CANCELLED}


def effective_end(closes_at: datetime | None, *, suspended: bool) -> datetime | None:
    """When bidding ends as things stand: the one answer for pages, streams and the countdown.

    None while the auction is suspended, because resuming moves the end, and where the format sets none.
    """
    return None if suspended else closes_at


def stage_of(
    outcome: Outcome, opens_at: datetime, closes_at: datetime | None, now: datetime, *, suspended: bool
) -> Stage:
    """The stage at `now`; the end itself is already too late for a bid."""
    if outcome is not Outcome.OPEN:
        return _BY_OUTCOME[outcome]
    if suspended:
        return Stage.SUSPENDED
    if now < opens_at:
        return Stage.SCHEDULED
    end = effective_end(closes_at, suspended=suspended)
    return Stage.CLOSING if end is not None and now >= end else Stage.LIVE
