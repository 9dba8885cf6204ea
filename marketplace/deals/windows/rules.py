"""When offers may be left for an unsold lot, for how long, and from which price. Pure.

A window is a way to a price by agreement, so it is open only to packs that let a seller agree at all
(`offers_window_days_most`): a court's lot and a state-owned seller's are sold in public.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.errors import Conflict, Refused
from marketplace.listings.rules import LotStatus
from marketplace.rule_packs import Pack
from marketplace.status import Moves


class WindowStatus(StrEnum):
    PROPOSED = "proposed"
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    REFUSED = "refused"
    DROPPED = "dropped"


# proposed → approved by a second person: open at once for an unsold lot, else planned until the auction has
# found no buyer → closed by its time, by a deal, or by the seller with a reason.
WINDOW_MOVES: Moves[WindowStatus] = {
    WindowStatus.PROPOSED: frozenset({WindowStatus.PLANNED, WindowStatus.OPEN, WindowStatus.REFUSED}),
    WindowStatus.PLANNED: frozenset({WindowStatus.OPEN, WindowStatus.DROPPED}),
    WindowStatus.OPEN: frozenset({WindowStatus.CLOSED}),
    WindowStatus.CLOSED: frozenset(),
    WindowStatus.REFUSED: frozenset(),
    WindowStatus.DROPPED: frozenset(),
}

# A lot has at most one window in these.
STANDING = frozenset({WindowStatus.PROPOSED, WindowStatus.PLANNED, WindowStatus.OPEN})

# What may still end without a buyer, or has.
WITH_WINDOW = frozenset({LotStatus.APPROVED, LotStatus.PUBLISHED, LotStatus.RESERVED, LotStatus.UNSOLD})


# Why a window ended otherwise than by its time or a person's reason.
BY_DEAL = "deal"
LOT_OVER = "lot_over"


class WindowReason(StrEnum):
    SOLD_IN_PUBLIC_ONLY = "sold_in_public_only"
    DAYS_OUT_OF_RANGE = "days_out_of_range"
    FLOOR_NOT_POSITIVE = "floor_not_positive"
    LOT_NOT_SUITED = "lot_not_suited"
    WINDOW_STANDS_ALREADY = "window_stands_already"
    OFFERS_ARE_TAKEN = "offers_are_taken"
    PROPOSER_IS_APPROVER = "proposer_is_approver"
    REASON_MISSING = "reason_missing"
    WINDOW_NOT_OPEN = "window_not_open"
    BELOW_FLOOR = "below_floor"
    NOT_ABOVE_OWN = "not_above_own"
    SELLER_MAY_NOT_OFFER = "seller_may_not_offer"
    MANDATE_NEEDED = "mandate_needed"
    BUYER_NOT_VERIFIED = "buyer_not_verified"
    OFFER_BINDS = "offer_binds"


def check_terms(pack: Pack, days: int, floor_minor: int | None, status: LotStatus) -> None:
    """Refuse a window the pack does not know, one that lasts too long, one that cannot follow this lot."""
    most = pack.offers_window_days_most
    if most is None:
        raise Refused(WindowReason.SOLD_IN_PUBLIC_ONLY)
    if not 1 <= days <= most.value:
        raise Refused(WindowReason.DAYS_OUT_OF_RANGE, field="days", most=most.value, article=most.source)
    if floor_minor is not None and floor_minor <= 0:
        raise Refused(WindowReason.FLOOR_NOT_POSITIVE, field="floor")
    if status not in WITH_WINDOW:
        raise Conflict(WindowReason.LOT_NOT_SUITED)


def next_status(lot: LotStatus) -> WindowStatus:
    """What a window becomes when a second person approves it: open for a lot that is unsold by now."""
    return WindowStatus.OPEN if lot is LotStatus.UNSOLD else WindowStatus.PLANNED


def end_of(opened_at: datetime, days: int) -> datetime:
    """When a window closes; an offer at that moment is too late."""
    return opened_at + timedelta(days=days)


def is_open(status: WindowStatus, closes_at: datetime | None, now: datetime) -> bool:
    """Whether offers are taken at `now`, however late the worker is."""
    return status is WindowStatus.OPEN and closes_at is not None and now < closes_at


def check_offer(price_minor: int, *, floor_minor: int | None, own_minor: int | None) -> None:
    """Refuse an offer below the floor, or not above the same buyer's own standing one, which it replaces."""
    if price_minor <= 0 or (floor_minor is not None and price_minor < floor_minor):
        raise Refused(WindowReason.BELOW_FLOOR, field="price", least_minor=max(floor_minor or 1, 1))
    if own_minor is not None and price_minor <= own_minor:
        raise Refused(WindowReason.NOT_ABOVE_OWN, field="price", least_minor=own_minor)


def shows_count(pack: Pack) -> bool:
    """Whether everybody may see how many offers there are; amounts and names are the seller's alone."""
    return pack.offers_count_public is not None and pack.offers_count_public.value
