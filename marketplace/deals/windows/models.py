"""Windows for offers."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from marketplace.deals.windows.rules import WindowStatus
from marketplace.listings.models import Lot


class OffersWindow(Model):
    """A time in which binding offers may be left for a lot that an auction did not sell.

    Attributes:
        after_id: the auction it follows; None while it is planned, and where the seller opened it later.
        days: how long it is open.
        floor_minor: the least offer, public; None where there is none.
        proposed_by_id, approved_by_id: maker and checker; never the same person.
        reason: why it was refused, dropped or closed before its time.
    """

    __tablename__ = "offers_windows"

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    after_id: Mapped[uuid.UUID | None]
    days: Mapped[int]
    floor_minor: Mapped[int | None] = minor_units(optional=True)
    currency: Mapped[str] = currency_code()
    status: Mapped[WindowStatus] = mapped_column(default=WindowStatus.PROPOSED)
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
