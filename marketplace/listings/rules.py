"""Lots: what a lot is made of and how it moves from draft to sold."""

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
    LotStatus.UNSOLD: frozenset({LotStatus.DRAFTED, LotStatus.RESERVED, LotStatus.WITHDRAWN}),
    LotStatus.SOLD: frozenset(),
    LotStatus.WITHDRAWN: frozenset(),
}

# What anybody may see without signing in.
PUBLIC_STATUSES = frozenset({LotStatus.PUBLISHED, LotStatus.RESERVED, LotStatus.SOLD, LotStatus.UNSOLD})


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
