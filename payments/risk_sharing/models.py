"""A risk-sharing agreement about a lot, and the parties' shares."""

import uuid
from fractions import Fraction

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, identity
from marketplace.four_eyes import TwoPersons
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution


class RiskSharing(TwoPersons, Model):
    """Who bears which part of what the sale leaves unpaid of the rank-1 claims.

    Drafted by one person of the bank, agreed by another; the latest agreed one counts, until the lot is
    settled.

    Attributes:
        document: reference of the agreement.
    """

    __tablename__ = "risk_sharings"

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    document: Mapped[str] = mapped_column(String(200))
    shares: Mapped[list["RiskShareRow"]] = relationship(order_by="RiskShareRow.position")


class RiskShareRow(Model):
    """One party's share.

    Attributes:
        party: its name, for whoever is not registered here.
        share: decimal fraction of the remainder as text; all of an agreement sum to at most 1.
    """

    __tablename__ = "risk_shares"
    __table_args__ = (UniqueConstraint("agreement_id", "position"),)

    id: Mapped[uuid.UUID] = identity()
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("risk_sharings.id"), index=True)
    position: Mapped[int]
    party: Mapped[str] = mapped_column(String(200))
    institution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"))
    institution: Mapped[Institution | None] = relationship()
    share: Mapped[str] = mapped_column(String(20))

    @property
    def fraction(self) -> Fraction:
        return Fraction(self.share)

    @property
    def code(self) -> str:
        """The party as settlements name it: the institution's id, or the name."""
        return str(self.institution_id) if self.institution_id else self.party
