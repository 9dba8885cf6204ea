"""Money paid into a fund or withdrawn from it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.parties.models import Institution
from payments.funds.rules import EvidenceKind, MovementKind, MovementStatus
from payments.ledger import Purpose
from payments.models import Payout


class FundMovement(Model):
    """A contribution or a withdrawal; it moves money only once a second person has confirmed it.

    Attributes:
        fund_id: the pool or the programme.
        purpose: of the fund's accounts: compensation or subsidy.
        party_id: whose money in the fund it becomes, or was.
        bank_reference: of a contribution, the bank's number of the line; used once.
        payout_id: of a confirmed withdrawal.
    """

    __tablename__ = "fund_movements"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="moves_something"),)

    id: Mapped[uuid.UUID] = identity()
    fund_id: Mapped[uuid.UUID] = mapped_column(index=True)
    purpose: Mapped[Purpose]
    kind: Mapped[MovementKind]
    party_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    party: Mapped[Institution] = relationship()
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    status: Mapped[MovementStatus] = mapped_column(default=MovementStatus.PREPARED)
    bank_reference: Mapped[str | None] = mapped_column(String(100), unique=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    payout_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payouts.id"))
    payout: Mapped[Payout | None] = relationship()
    prepared_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    prepared_at: Mapped[datetime]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]


class FundDocument(AppendOnly, Model):
    """A document behind a claim or an application: where it is kept, and its digest where the file was shown.

    Attributes:
        subject_id: the claim or the application.
        reference: number and date, or the name under which it is kept.
        digest: SHA-256 of the file; empty where only the reference is known.
        added_by_id: None for what the platform itself has on record.
    """

    __tablename__ = "fund_documents"

    id: Mapped[uuid.UUID] = identity()
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    kind: Mapped[EvidenceKind]
    reference: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), default="")
    added_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]
