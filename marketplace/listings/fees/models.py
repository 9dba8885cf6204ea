"""The platform's commission: terms with the day from which they hold, and what was fixed for a lot."""

import uuid
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.commission import Bearer
from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.four_eyes import TwoPersons
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution


class PlatformTerms(TwoPersons, Model):
    """What the platform takes from one side of a sale, for a rule pack or for one lot.

    Attributes:
        operator_id: who earns it.
        lot_id: the one lot they are for; None for every lot of the pack.
        rate: decimal fraction of the price as text; empty where `table` says it. "0" takes nothing.
        least_minor, most_minor: bounds in minor units of `currency`; a lot in another currency has none.
        agency_share: decimal fraction of it that the agency gets which brought the price; "0" for none.
        agreement: reference of the agreement by which more than the pack's limit is taken.
        effective_from: lots published before run under the terms before.
    """

    __tablename__ = "platform_terms"

    id: Mapped[uuid.UUID] = identity()
    operator_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    operator: Mapped[Institution] = relationship()
    rule_pack: Mapped[str] = mapped_column(String(20), index=True)
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot | None] = relationship()
    borne_by: Mapped[Bearer]
    rate: Mapped[str] = mapped_column(String(20))
    table: Mapped[str] = mapped_column(String(20), default="")
    least_minor: Mapped[int] = minor_units(default=0)
    most_minor: Mapped[int | None] = minor_units(optional=True)
    currency: Mapped[str] = currency_code()
    agency_share: Mapped[str] = mapped_column(String(20), default="0")
    agreement: Mapped[str] = mapped_column(String(200), default="")
    effective_from: Mapped[datetime]


class LotCommission(AppendOnly, Model):
    """One commission as it was fixed when the lot was published; later terms do not touch it.

    Attributes:
        position: the order in which they are paid while the money lasts.
        party: who gets it: an institution's id, or a name; empty for the agency that brought the price.
        name: what `share_of` of another one calls it.
        terms_id: the terms it came from.
    """

    __tablename__ = "lot_commissions"
    __table_args__ = (UniqueConstraint("lot_id", "position"),)

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    position: Mapped[int]
    party: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(200), default="")
    borne_by: Mapped[Bearer | None]
    rate: Mapped[str] = mapped_column(String(20))
    table: Mapped[str] = mapped_column(String(20), default="")
    share_of: Mapped[str] = mapped_column(String(200), default="")
    least_minor: Mapped[int] = minor_units(default=0)
    most_minor: Mapped[int | None] = minor_units(optional=True)
    terms_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("platform_terms.id"))
    fixed_at: Mapped[datetime]

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.rate or "0")
