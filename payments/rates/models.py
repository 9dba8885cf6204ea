"""The rate of the day for claims on a deal's lot that are in another currency than its price."""

import uuid
from datetime import date
from fractions import Fraction

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity
from marketplace.deals.models import Deal
from marketplace.four_eyes import TwoPersons


class DealRate(TwoPersons, Model):
    """Entered by one person of the operator, confirmed by another.

    Attributes:
        currency: of the claim.
        rate: how much of the deal's currency one unit of `currency` is, as decimal text.
        rate_on: the day it was published for.
        source: who published it.
    """

    __tablename__ = "deal_rates"

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), index=True)
    deal: Mapped[Deal] = relationship()
    currency: Mapped[str] = currency_code()
    rate: Mapped[str] = mapped_column(String(30))
    rate_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.rate)
