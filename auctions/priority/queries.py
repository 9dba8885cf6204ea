"""Named selects of claims of a right of first refusal."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from auctions.models import JournalEntry
from auctions.priority.models import PriorityClaim, PriorityOutcome
from auctions.priority.rules import ClaimStatus
from auctions.queries import ACCEPTED
from auctions.rules import Action
from marketplace.errors import NotFound
from marketplace.listings.priority.models import PriorityHolder

MOST_CLAIMS = 500


def find_claim(session: Session, claim_id: uuid.UUID) -> PriorityClaim:
    """The claim; raises NotFound. Lock its auction before changing it."""
    claim = session.get(PriorityClaim, claim_id, populate_existing=True)
    if claim is None:
        raise NotFound("claim")
    return claim


def claims_of(session: Session, auction_id: uuid.UUID) -> Sequence[PriorityClaim]:
    """The auction's claims, the earliest first."""
    statement = (
        select(PriorityClaim)
        .where(PriorityClaim.auction_id == auction_id)
        .options(joinedload(PriorityClaim.registration), joinedload(PriorityClaim.holder))
        .order_by(PriorityClaim.claimed_at, PriorityClaim.id)
        .limit(MOST_CLAIMS)
    )
    return session.scalars(statement).unique().all()


def own_claims(session: Session, registration_id: uuid.UUID) -> Sequence[PriorityClaim]:
    """What one bidder has claimed, the latest first."""
    statement = (
        select(PriorityClaim)
        .where(PriorityClaim.registration_id == registration_id)
        .order_by(PriorityClaim.claimed_at.desc(), PriorityClaim.id)
        .limit(MOST_CLAIMS)
    )
    return session.scalars(statement).all()


def bidders_by_holder(session: Session, auction_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """The registration of each holder that is confirmed in this auction."""
    statement = select(PriorityClaim.holder_id, PriorityClaim.registration_id).where(
        PriorityClaim.auction_id == auction_id,
        PriorityClaim.status == ClaimStatus.CONFIRMED,
        PriorityClaim.holder_id.is_not(None),
    )
    return dict(session.execute(statement).all())  # type: ignore[arg-type]


def has_bid(session: Session, registration_id: uuid.UUID | None) -> bool:
    """Whether a bid or maximum of this registration was accepted."""
    if registration_id is None:
        return False
    statement = select(JournalEntry.id).where(
        JournalEntry.registration_id == registration_id,
        JournalEntry.action.in_([Action.BID, Action.PROXY, Action.TAKE]),
        JournalEntry.decision == ACCEPTED,
    )
    return session.scalar(statement.limit(1)) is not None


def outcomes_of(session: Session, auction_id: uuid.UUID) -> Sequence[tuple[PriorityOutcome, PriorityHolder]]:
    """What became of each right when the auction closed, the strongest first."""
    statement = (
        select(PriorityOutcome, PriorityHolder)
        .join(PriorityHolder, PriorityHolder.id == PriorityOutcome.holder_id)
        .where(PriorityOutcome.auction_id == auction_id)
        .order_by(PriorityHolder.order, PriorityHolder.name)
        .limit(MOST_CLAIMS)
    )
    return [(outcome, holder) for outcome, holder in session.execute(statement)]
