"""What the next on the ladder was asked, and answered."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.models import Auction, Registration
from auctions.runner_up.rules import Answer
from marketplace.db import Model, currency_code, identity, minor_units


class RunnerUpOffer(Model):
    """The lot, offered to a bidder at his own best amount after the one before him fell away.

    Attributes:
        answer_by: until when; silence is a no.
        answered_by_id: who of the bidder's; None where the time ran out.
    """

    __tablename__ = "runner_up_offers"
    __table_args__ = (UniqueConstraint("auction_id", "registration_id"),)

    id: Mapped[uuid.UUID] = identity()
    auction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("auctions.id"), index=True)
    auction: Mapped[Auction] = relationship()
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registrations.id"), index=True)
    registration: Mapped[Registration] = relationship()
    price_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    answer: Mapped[Answer] = mapped_column(default=Answer.ASKED, index=True)
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime] = mapped_column(index=True)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
