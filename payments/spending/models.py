"""Deposits that stand for several lots."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity
from marketplace.parties.models import Institution


class LimitDeposit(Model):
    """Where an institution pays in what shall stand for its bids on several lots; the ledger says how much.

    Attributes:
        reference: the code on the purpose line of the bank transfer.
    """

    __tablename__ = "limit_deposits"
    __table_args__ = (UniqueConstraint("institution_id", "currency"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    institution: Mapped[Institution] = relationship()
    currency: Mapped[str] = currency_code()
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    opened_at: Mapped[datetime]
