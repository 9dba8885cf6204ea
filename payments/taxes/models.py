"""What parties state for their invoices, and the registered technology contracts that make a price exempt."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, identity
from marketplace.deals.models import Deal
from marketplace.taxes import Treatment


class Particulars(AppendOnly, Model):
    """An institution's particulars for invoices; the latest row counts, issued documents keep theirs.

    Attributes:
        treatment: how its own services are taxed: general, small-scale, or not stated.
        tax_number: the 统一社会信用代码 or the VAT number.
        bank, bank_account: where it is paid; printed on its invoices, never used to pay out.
    """

    __tablename__ = "tax_particulars"

    id: Mapped[uuid.UUID] = identity()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    treatment: Mapped[Treatment]
    tax_number: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(300))
    telephone: Mapped[str] = mapped_column(String(40))
    bank: Mapped[str] = mapped_column(String(100))
    bank_account: Mapped[str] = mapped_column(String(60))
    stated_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    stated_at: Mapped[datetime]


class ContractRegistration(AppendOnly, Model):
    """The registration of a deal's contract as a technology contract (技术合同认定登记)."""

    __tablename__ = "contract_registrations"

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), unique=True)
    deal: Mapped[Deal] = relationship()
    number: Mapped[str] = mapped_column(String(60))
    registered_on: Mapped[date]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
