"""What is news about a lot: two states of it compared."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from auctions.rules import Outcome
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus


class Happening(StrEnum):
    """What watchers of a lot are told, named after what has happened."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    RESCHEDULED = "rescheduled"
    OPENS_SOON = "opens_soon"
    PRICE_CHANGED = "price_changed"
    SOLD = "sold"
    UNSOLD = "unsold"
    GONE = "gone"


# Whoever was registered for an auction that ended so was told of these by the auction itself.
TOLD_BY_AUCTION = {
    Happening.SOLD: frozenset({Outcome.SOLD}),
    Happening.GONE: frozenset({Outcome.UNSOLD, Outcome.CANCELLED}),
    Happening.PUBLISHED: frozenset({Outcome.UNSOLD, Outcome.CANCELLED}),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What watchers care about in a lot.

    Attributes:
        price_minor: where bidding starts, in minor units of `currency`.
        auction: identity of the running or coming auction; empty for none.
        opens_at, closes_at: of that auction as announced, else as the lot announces them.
        published: when the lot was last published, as text; tells one offer of a lot from the next.
    """

    status: LotStatus
    currency: str
    price_minor: int | None = None
    auction: str = ""
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    published: str = ""

    @property
    def public(self) -> bool:
        """Whether anybody may see the lot."""
        return self.status in PUBLIC_STATUSES


def interest(facts: Facts) -> str:
    """A digest that changes when price, state or dates do; a saved search tells of a lot once for each."""
    parts = (
        facts.published,
        facts.status,
        facts.currency,
        facts.price_minor,
        facts.auction,
        facts.opens_at and facts.opens_at.isoformat(),
        facts.closes_at and facts.closes_at.isoformat(),
    )
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def happenings(before: Facts, after: Facts) -> list[Happening]:
    """What has happened between two states of a lot; what nobody may see any more is only gone."""
    if not after.public:
        return [Happening.GONE] if before.public else []
    if not before.public:
        return [Happening.PUBLISHED, *_dates(before, after)]
    return [*_status(before, after), *_price(before, after), *_dates(before, after)]


def _status(before: Facts, after: Facts) -> list[Happening]:
    ends = {LotStatus.SOLD: Happening.SOLD, LotStatus.UNSOLD: Happening.UNSOLD}
    if before.status is after.status:
        return [Happening.PUBLISHED] if before.published != after.published else []
    if after.status in ends:
        return [ends[after.status]]
    offered_again = before.status is LotStatus.UNSOLD and before.published != after.published
    return [Happening.PUBLISHED] if offered_again else []


def _price(before: Facts, after: Facts) -> list[Happening]:
    same = (before.price_minor, before.currency) == (after.price_minor, after.currency)
    return [] if same else [Happening.PRICE_CHANGED]


def _dates(before: Facts, after: Facts) -> list[Happening]:
    if not after.auction:
        return []
    if before.auction != after.auction:
        return [Happening.SCHEDULED]
    moved = (before.opens_at, before.closes_at) != (after.opens_at, after.closes_at)
    return [Happening.RESCHEDULED] if moved else []
