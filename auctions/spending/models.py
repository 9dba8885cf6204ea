"""The spending limits of bidders."""

import uuid

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import Model, currency_code, identity, minor_units


class SpendingLimit(Model):
    """One deposit of an institution for all lots that take it; its row's lock orders the bids it stands for.

    Attributes:
        deposit_minor: payments says how much is held. What the bids bind of it stands with the registrations.
    """

    __tablename__ = "spending_limits"
    __table_args__ = (UniqueConstraint("institution_id", "currency"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    currency: Mapped[str] = currency_code()
    deposit_minor: Mapped[int] = minor_units(default=0)
