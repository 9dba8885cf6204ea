"""Default cases and the lots that are sold from them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, LargeBinary, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Base, Model, currency_code, identity, minor_units
from marketplace.listings.rules import LotStatus, PriceBasis
from marketplace.parties.models import Institution
from marketplace.rights.models import Right
from marketplace.rule_packs import ConsentTier
from marketplace.taxes import TaxBearer, Treatment


class DefaultCase(Model):
    """A loan that failed and what is still owed on it, by component (Civil Code 389). Minor units."""

    __tablename__ = "default_cases"
    __table_args__ = (UniqueConstraint("institution_id", "reference"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    reference: Mapped[str] = mapped_column(String(60))
    debtor: Mapped[str] = mapped_column(String(200))
    pledgor: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = currency_code()
    principal_minor: Mapped[int] = minor_units(default=0)
    interest_minor: Mapped[int] = minor_units(default=0)
    penalty_minor: Mapped[int] = minor_units(default=0)
    damages_minor: Mapped[int] = minor_units(default=0)
    costs_minor: Mapped[int] = minor_units(default=0)
    opened_at: Mapped[datetime]

    @property
    def outstanding_minor(self) -> int:
        """The whole claim in minor units."""
        components = (self.principal_minor, self.interest_minor, self.penalty_minor)
        return sum(components) + self.damages_minor + self.costs_minor


lot_rights = Table(
    "lot_rights",
    Base.metadata,
    Column("lot_id", ForeignKey("lots.id"), primary_key=True),
    Column("right_id", ForeignKey("rights.id"), primary_key=True, index=True),
)


class Lot(Model):
    """One or more rights offered together.

    Attributes:
        institution_id: the selling bank.
        default_case_id: None for a voluntary sale.
        reserve_minor: least price at which the bank sells; None where there is none.
        reserve_public: whether the reserve may be shown to anyone but the bank.
        rule_pack, rule_pack_version: the rules this lot runs under, fixed when it is drafted.
        auction_format: a name in `auctions.formats.FORMATS`.
        options: per-format options that differ from the pack's, JSON values.
        maker_id, checker_id: who submitted it and who approved it; never the same person.
        content_hash: digest of what was approved; publishing checks that it is still the same.
        round: of the next attempt on the ladder of its rule pack; 1 until one found no buyer.
        previous_start_price_minor: what the last attempt without a buyer started at.
        failed_at: when the last attempt ended for want of a buyer; None where it ended otherwise.
        tax_bearer: who bears the taxes of the sale; fixed with the other terms when the lot is approved.
        price_tax: how the price is taxed, as the seller states it.
        consent_tier: how much of its sale others may see in the shared record of prices.
        part_of_id: the lot that offers this one's rights together with others'; None where there is none.
        parts: for such a lot, those it offers together: they are sold together or apart.
    """

    __tablename__ = "lots"
    __table_args__ = (UniqueConstraint("institution_id", "reference"),)

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship(lazy="joined")
    default_case_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("default_cases.id"), index=True)
    default_case: Mapped[DefaultCase | None] = relationship()
    rights: Mapped[list[Right]] = relationship(secondary=lot_rights, order_by=Right.number)
    reference: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[LotStatus] = mapped_column(default=LotStatus.DRAFTED, index=True)
    currency: Mapped[str] = currency_code()
    reference_price_minor: Mapped[int | None] = minor_units(optional=True)
    reference_price_basis: Mapped[PriceBasis | None]
    start_price_minor: Mapped[int | None] = minor_units(optional=True)
    reserve_minor: Mapped[int | None] = minor_units(optional=True)
    reserve_public: Mapped[bool] = mapped_column(default=False)
    deposit_minor: Mapped[int | None] = minor_units(optional=True)
    increment_minor: Mapped[int | None] = minor_units(optional=True)
    rule_pack: Mapped[str] = mapped_column(String(20))
    rule_pack_version: Mapped[str] = mapped_column(String(20))
    auction_format: Mapped[str] = mapped_column(String(20), default="english")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    maker_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    checker_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    previous_start_price_minor: Mapped[int | None] = minor_units(optional=True)
    failed_at: Mapped[datetime | None]
    drafted_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    tax_bearer: Mapped[TaxBearer] = mapped_column(
        default=TaxBearer.EACH_OWN, server_default=TaxBearer.EACH_OWN.value
    )
    price_tax: Mapped[Treatment] = mapped_column(
        default=Treatment.NOT_DETERMINED, server_default=Treatment.NOT_DETERMINED.value
    )
    consent_tier: Mapped[ConsentTier] = mapped_column(
        default=ConsentTier.PRICE_ONLY, server_default=ConsentTier.PRICE_ONLY.value
    )
    part_of_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    parts: Mapped[list["Lot"]] = relationship(order_by="Lot.reference", viewonly=True)


class PortfolioUpload(Model):
    """A portfolio file between its preview and its confirmation; a day later it may be removed."""

    __tablename__ = "portfolio_uploads"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    uploaded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime] = mapped_column(index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
