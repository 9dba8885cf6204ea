"""Costs of a sale that did not take place."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.procedure.models import StepDecision
from marketplace.db import Model, currency_code, identity, minor_units
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution


class LeavingCost(Model):
    """What the procedure had cost when the lot was withdrawn or redeemed, owed by the one who withdrew.

    Attributes:
        decision_id: the approved proposal that states it (拍卖法 art. 29; 拍卖、变卖规定 art. 19).
        bank_reference: the line of the statement by which it was paid in; empty while it is owed.
    """

    __tablename__ = "leaving_costs"

    id: Mapped[uuid.UUID] = identity()
    decision_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("step_decisions.id"), unique=True)
    decision: Mapped[StepDecision] = relationship()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    debtor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    debtor: Mapped[Institution] = relationship()
    payee: Mapped[str] = mapped_column(String(200))
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    booked_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    bank_reference: Mapped[str] = mapped_column(String(100), default="")
