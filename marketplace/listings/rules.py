"""Lots: what a lot is made of and how it moves from draft to sold."""

from datetime import datetime
from enum import StrEnum

from marketplace.status import Moves


class LotStatus(StrEnum):
    DRAFTED = "drafted"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PUBLISHED = "published"
    RESERVED = "reserved"
    SOLD = "sold"
    UNSOLD = "unsold"
    WITHDRAWN = "withdrawn"


# drafted → submitted → approved by a second person → published
# → reserved (auction open or price agreed) → sold.
LOT_MOVES: Moves[LotStatus] = {
    LotStatus.DRAFTED: frozenset({LotStatus.SUBMITTED, LotStatus.WITHDRAWN}),
    LotStatus.SUBMITTED: frozenset({LotStatus.APPROVED, LotStatus.DRAFTED, LotStatus.WITHDRAWN}),
    LotStatus.APPROVED: frozenset({LotStatus.PUBLISHED, LotStatus.DRAFTED, LotStatus.WITHDRAWN}),
    LotStatus.PUBLISHED: frozenset({LotStatus.RESERVED, LotStatus.UNSOLD, LotStatus.WITHDRAWN}),
    LotStatus.RESERVED: frozenset(
        {LotStatus.PUBLISHED, LotStatus.SOLD, LotStatus.UNSOLD, LotStatus.WITHDRAWN}
    ),
    LotStatus.UNSOLD: frozenset(
        {LotStatus.DRAFTED, LotStatus.PUBLISHED, LotStatus.RESERVED, LotStatus.WITHDRAWN}
    ),
    LotStatus.SOLD: frozenset(),
    LotStatus.WITHDRAWN: frozenset(),
}

# What anybody may see without signing in.
PUBLIC_STATUSES = frozenset({LotStatus.PUBLISHED, LotStatus.RESERVED, LotStatus.SOLD, LotStatus.UNSOLD})

# A lot whose terms the bank may change; doing so takes it back to draft.
EDITABLE = frozenset({LotStatus.DRAFTED, LotStatus.SUBMITTED, LotStatus.APPROVED, LotStatus.UNSOLD})


class PriceBasis(StrEnum):
    """Where the reference price comes from; the first four in the order of 确定财产处置参考价规定."""

    AGREED = "agreed"
    INQUIRY = "inquiry"
    ONLINE_INQUIRY = "online_inquiry"
    APPRAISAL = "appraisal"
    INTERNAL = "internal"
    COMPARABLES = "comparables"


# A lot that somebody may still agree a price for.
FOR_SALE = frozenset({LotStatus.PUBLISHED, LotStatus.UNSOLD})


class AuctionFormat(StrEnum):
    """The ways of selling; `auctions.formats` runs them under the same names."""

    ENGLISH = "english"
    ENGLISH_ROUNDS = "english_rounds"
    DUTCH = "dutch"
    HYBRID_DUTCH = "hybrid_dutch"
    SEALED = "sealed"
    SALE_OFF = "sale_off"


# Formats whose end is announced; that of the others follows from their stages.
WITH_OWN_END = frozenset({AuctionFormat.ENGLISH, AuctionFormat.SEALED, AuctionFormat.SALE_OFF})
# Formats in which a bid must top another by a step.
RISING = frozenset({AuctionFormat.ENGLISH, AuctionFormat.ENGLISH_ROUNDS, AuctionFormat.SALE_OFF})


class ListingReason(StrEnum):
    CONTENT_CHANGED = "content_changed"
    REASON_NEEDED = "reason_needed"
    MAKER_IS_CHECKER = "maker_is_checker"
    RIGHT_IN_ANOTHER_LOT = "right_in_another_lot"
    REFERENCE_TAKEN = "reference_taken"
    CURRENCY_DIFFERS = "currency_differs"
    SALE_RUNNING = "sale_running"
    UPLOAD_GONE = "upload_gone"
    FIXED_BY_EARLIER_ATTEMPT = "fixed_by_earlier_attempt"
    TWO_PERSONS_WITHDRAW = "two_persons_withdraw"
    NOTHING_IMPORTED = "nothing_imported"


class NextAction(StrEnum):
    COMPLETE_DRAFT = "complete_draft"
    APPROVE = "approve"
    PUBLISH = "publish"
    AWAIT_OPENING = "await_opening"
    AWAIT_CLOSE = "await_close"
    AWAIT_PAYMENT = "await_payment"
    DECIDE_AGAIN = "decide_again"
    NOTHING = "nothing"


_NEXT = {
    LotStatus.DRAFTED: NextAction.COMPLETE_DRAFT,
    LotStatus.SUBMITTED: NextAction.APPROVE,
    LotStatus.APPROVED: NextAction.PUBLISH,
    LotStatus.UNSOLD: NextAction.DECIDE_AGAIN,
}


def next_action(
    status: LotStatus, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> tuple[NextAction, datetime | None]:
    """What comes next for a lot, and by when or when; None where no date is set.

    A draft, a lot to approve and a lot to publish must be through before the opening.
    """
    if status in _NEXT:
        return _NEXT[status], opens_at if status is not LotStatus.UNSOLD else None
    if status not in {LotStatus.PUBLISHED, LotStatus.RESERVED}:
        return NextAction.NOTHING, None
    ahead = opens_at is not None and opens_at > now
    if status is LotStatus.RESERVED and (ahead or closes_at is None or closes_at <= now):
        return NextAction.AWAIT_PAYMENT, None  # reserved before or after bidding: a price is agreed
    for moment, action in ((opens_at, NextAction.AWAIT_OPENING), (closes_at, NextAction.AWAIT_CLOSE)):
        if moment is not None and moment > now:
            return action, moment
    return NextAction.DECIDE_AGAIN, None
