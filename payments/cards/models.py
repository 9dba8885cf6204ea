"""Who a gateway knows, and the cards it keeps for them; no number of a card is ever here."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, identity
from marketplace.parties.models import Institution
from payments.cards.rules import CardStatus


class GatewayCustomer(Model):
    """An institution as the card gateway knows it.

    Attributes:
        gateway_object: the gateway's id of the customer.
    """

    __tablename__ = "gateway_customers"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), unique=True)
    gateway_object: Mapped[str] = mapped_column(String(255))
    known_since: Mapped[datetime]


class SavedCard(Model):
    """A card of an institution, kept by the gateway.

    Attributes:
        gateway_object: the gateway's page or set-up on which it is saved; empty before the first answer.
        payment_method: how the gateway's holds name it; empty until it is saved.
        hosted_url: where it is entered, on the gateway's own page; empty when nothing is to be entered.
        brand, last_four, expiry_month, expiry_year: what its holder knows it by.
        problem: what the gateway said when it refused.
    """

    __tablename__ = "saved_cards"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    status: Mapped[CardStatus] = mapped_column(default=CardStatus.ASKED, index=True)
    gateway_object: Mapped[str] = mapped_column(String(255), default="", index=True)
    payment_method: Mapped[str] = mapped_column(String(255), default="")
    hosted_url: Mapped[str] = mapped_column(String(2000), default="")
    brand: Mapped[str] = mapped_column(String(40), default="")
    last_four: Mapped[str] = mapped_column(String(4), default="")
    expiry_month: Mapped[int | None]
    expiry_year: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(300), default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    saved_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    @property
    def expiry(self) -> tuple[int, int] | None:
        """Month and year."""
        return (self.expiry_month, self.expiry_year) if self.expiry_month and self.expiry_year else None
