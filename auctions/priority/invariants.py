"""What must always hold of rights of first refusal in auctions."""

from collections.abc import Callable

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from auctions.models import Auction, Registration
from auctions.priority.models import PriorityClaim, PriorityOutcome
from auctions.priority.rules import ClaimStatus
from auctions.rules import Outcome
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.rules import HolderStatus


def orders_nobody_confirmed(session: Session) -> list[str]:
    """A bidder's order is that of the holder it was confirmed as, and of no other."""
    confirmed = (
        select(PriorityClaim.id)
        .join(PriorityHolder, PriorityHolder.id == PriorityClaim.holder_id)
        .where(
            PriorityClaim.registration_id == Registration.id,
            PriorityClaim.status == ClaimStatus.CONFIRMED,
            PriorityHolder.order == Registration.priority_order,
            PriorityHolder.institution_id == Registration.institution_id,
        )
        .exists()
    )
    forged = select(Registration.id).where(Registration.priority_order.is_not(None), ~confirmed)
    return [f"registration {found} has an order without its holder" for found in session.scalars(forged)]


def confirmed_without_order(session: Session) -> list[str]:
    claims = (
        select(PriorityClaim.id)
        .join(Registration, Registration.id == PriorityClaim.registration_id)
        .where(
            PriorityClaim.status == ClaimStatus.CONFIRMED,
            or_(Registration.priority_order.is_(None), PriorityClaim.holder_id.is_(None)),
        )
    )
    return [f"claim {found} is confirmed and its bidder has no order" for found in session.scalars(claims)]


def bidding_without_a_right(session: Session) -> list[str]:
    """In an auction that is not over, every confirmed bidder's right still stands."""
    claims = (
        select(PriorityClaim.id)
        .join(Auction, Auction.id == PriorityClaim.auction_id)
        .join(PriorityHolder, PriorityHolder.id == PriorityClaim.holder_id)
        .where(
            PriorityClaim.status == ClaimStatus.CONFIRMED,
            Auction.outcome == Outcome.OPEN,
            PriorityHolder.status != HolderStatus.TAKES_PART,
        )
    )
    return [f"claim {found} is confirmed and its right is over" for found in session.scalars(claims)]


def ends_not_recorded(session: Session) -> list[str]:
    """When an auction has been decided, somebody absent is deemed to have waived, and it is written down."""
    written = (
        select(PriorityOutcome.id).where(
            PriorityOutcome.auction_id == Auction.id, PriorityOutcome.holder_id == PriorityHolder.id
        )
    ).exists()
    took_part = and_(PriorityClaim.holder_id == PriorityHolder.id, PriorityClaim.auction_id == Auction.id)
    claims = (
        select(Auction.id, PriorityHolder.id)
        .join(PriorityClaim, PriorityClaim.auction_id == Auction.id)
        .join(PriorityHolder, took_part)
        .where(
            Auction.outcome.in_([Outcome.SOLD, Outcome.UNSOLD]),
            PriorityClaim.status == ClaimStatus.CONFIRMED,
            ~written,
        )
    )
    return [f"auction {auction}: the end of holder {holder}" for auction, holder in session.execute(claims)]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("an order of first refusal is that of a confirmed holder", orders_nobody_confirmed),
    ("a confirmed holder has its order", confirmed_without_order),
    ("nobody bids on a right that is over", bidding_without_a_right),
    ("what became of a confirmed right is recorded at the close", ends_not_recorded),
)
