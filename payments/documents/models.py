"""Documents as they were issued, their series of numbers, and who may read each."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.listings.models import Lot
from marketplace.taxes import Taxed
from payments.documents.rules import DocumentKind


class DocumentSeries(Model):
    """The last number of an issuer, kind and year; the next is drawn under the row's lock, without gaps."""

    __tablename__ = "document_series"
    __table_args__ = (UniqueConstraint("issuer", "kind", "year"),)

    id: Mapped[uuid.UUID] = identity()
    issuer: Mapped[str] = mapped_column(String(40))
    kind: Mapped[DocumentKind]
    year: Mapped[int]
    last: Mapped[int] = mapped_column(BigInteger, default=0)


class Document(AppendOnly, Model):
    """A document; nothing of it ever changes. The PDF is drawn from `content` whenever somebody asks for it.

    Attributes:
        issuer: `PLATFORM` or an institution's id; with kind and year the series of `sequence`.
        recipient_id: None where the recipient is none of ours.
        subject_id: the deposit, payment, settlement, payout, refund or invoice it is about.
        about: which of several about the same subject: the party, or the attempt.
        edition: 1, and one more for each invoice that replaces a corrected one.
        tax_minor: within `total_minor`.
        corrects_id: for a credit note the invoice that it takes back, whole.
        replaces_id: for an invoice the one that it replaces.
        content: everything that the document says, JSON values only.
        digest: SHA-256 of the content's canonical bytes.
        code: 20 letters and digits by which anybody who holds the paper checks it.
        issued_by_id: None where the worker issued it.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "about", "edition"),
        UniqueConstraint("issuer", "kind", "year", "sequence"),
    )

    id: Mapped[uuid.UUID] = identity()
    kind: Mapped[DocumentKind] = mapped_column(index=True)
    issuer: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    sequence: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[str] = mapped_column(String(40), index=True)
    issuer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    recipient_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(200))
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot | None] = relationship()
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deals.id"), index=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    about: Mapped[str] = mapped_column(String(200))
    edition: Mapped[int]
    currency: Mapped[str] = currency_code()
    net_minor: Mapped[int] = minor_units()
    tax_minor: Mapped[int] = minor_units()
    total_minor: Mapped[int] = minor_units()
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("documents.id"), unique=True)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("documents.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    issued_at: Mapped[datetime] = mapped_column(index=True)
    issued_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    readers: Mapped[list["DocumentReader"]] = relationship(order_by="DocumentReader.institution_id")

    @property
    def taxed(self) -> Taxed:
        return Taxed(self.net_minor, self.tax_minor)


class DocumentReader(AppendOnly, Model):
    """An institution that may read a document: issuer, recipient, and whoever acts for them."""

    __tablename__ = "document_readers"

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("institutions.id"), primary_key=True, index=True
    )
