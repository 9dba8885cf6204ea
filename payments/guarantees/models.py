"""Guarantee letters."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, identity, minor_units
from payments.guarantees.rules import GuaranteeStatus
from payments.models import Deposit


class GuaranteeLetter(Model):
    """A letter that was handed in for a deposit.

    Attributes:
        amount_minor: the most the guarantor pays, in the deposit's currency.
        valid_until: the first moment at which it binds the guarantor no more.
        document, digest: the PDF as it was handed in, and its SHA-256.
        checked_by_id, decided_by_id: never the same person.
        check_note: how the officer made sure that the guarantor has given it.
        reason: why it was accepted or refused, or is not honoured.
        warned_at: when the bidder was told that it ends soon.
    """

    __tablename__ = "guarantee_letters"

    id: Mapped[uuid.UUID] = identity()
    deposit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deposits.id"), index=True)
    deposit: Mapped[Deposit] = relationship()
    guarantor: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(100))
    amount_minor: Mapped[int] = minor_units()
    valid_until: Mapped[datetime]
    document: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    status: Mapped[GuaranteeStatus] = mapped_column(default=GuaranteeStatus.HANDED_IN, index=True)
    handed_in_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    handed_in_at: Mapped[datetime]
    checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    checked_at: Mapped[datetime | None]
    check_note: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    warned_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
