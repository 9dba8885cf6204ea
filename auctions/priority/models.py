"""Claims of a right of first refusal in an auction, and what became of each right at its end."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.models import Auction, Registration
from auctions.priority.rules import ClaimStatus, RightOutcome
from marketplace.db import AppendOnly, Model, identity
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.rules import HolderKind


class PriorityClaim(Model):
    """A registered bidder says that it is a holder of the lot; whoever confirms it says which.

    Attributes:
        proof: what the bidder names as proof: a document's reference.
        holder_id: the entry of the lot's list that it was confirmed as; None until then.
        reason: why it was not confirmed, or confirmed no longer.
    """

    __tablename__ = "priority_claims"

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    auction: Mapped[Auction] = relationship()
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registrations.id"), index=True)
    registration: Mapped[Registration] = relationship()
    kind: Mapped[HolderKind]
    proof: Mapped[str] = mapped_column(String(500))
    status: Mapped[ClaimStatus] = mapped_column(default=ClaimStatus.CLAIMED)
    holder_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("priority_holders.id"), index=True)
    holder: Mapped[PriorityHolder | None] = relationship()
    claimed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    claimed_at: Mapped[datetime]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")


class PriorityOutcome(AppendOnly, Model):
    """What a holder did with the right in one auction, written when it closed."""

    __tablename__ = "priority_outcomes"
    __table_args__ = (UniqueConstraint("auction_id", "holder_id"),)

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    holder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("priority_holders.id"), index=True)
    outcome: Mapped[RightOutcome]
    at: Mapped[datetime]
