"""More time that a buyer asks for, the decision about a forfeited deposit, what a defaulter still owes."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from marketplace.deals.models import Deal
from marketplace.four_eyes import TwoPersons
from marketplace.parties.models import Institution
from payments.defaults.rules import DelayGround, DistributionGround, ShortfallStatus
from payments.models import Payment, Settlement


class MoreTimeRequest(TwoPersons, Model):
    """A buyer asks to pay later; an officer decides.

    Attributes:
        days: asked for, from the deadline.
    """

    __tablename__ = "more_time_requests"

    id: Mapped[uuid.UUID] = identity()
    payment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payments.id"), index=True)
    payment: Mapped[Payment] = relationship()
    days: Mapped[int]
    ground: Mapped[DelayGround]


class ForfeitDecision(TwoPersons, Model):
    """A forfeited deposit whose lot is not sold again is distributed: one officer says so, another agrees."""

    __tablename__ = "forfeit_decisions"

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal] = relationship()
    ground: Mapped[DistributionGround]


class Shortfall(Model):
    """What the defaulter owes beyond the forfeited deposit: the rest of the gap in price.

    Attributes:
        settlement_id: of the forfeited deposit, which says how large it is.
        bank_reference: the line of the statement by which it was paid.
    """

    __tablename__ = "shortfalls"

    id: Mapped[uuid.UUID] = identity()
    settlement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("settlements.id"), unique=True)
    settlement: Mapped[Settlement] = relationship()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal] = relationship()
    debtor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    debtor: Mapped[Institution] = relationship()
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    status: Mapped[ShortfallStatus] = mapped_column(default=ShortfallStatus.OPEN, index=True)
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    bank_reference: Mapped[str] = mapped_column(String(100), default="")


class ShortfallWaiver(TwoPersons, Model):
    """A shortfall is not pursued: one person says so, another agrees."""

    __tablename__ = "shortfall_waivers"

    id: Mapped[uuid.UUID] = identity()
    shortfall_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shortfalls.id"), index=True)
    shortfall: Mapped[Shortfall] = relationship()
