"""Mandates, offers, and the Deal in which every way to a price ends."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.deals.rules import (
    DealSource,
    DealStatus,
    MandateSide,
    MandateStatus,
    OfferStatus,
    TransferStep,
)
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution


class Mandate(Model):
    """A client's order to an agency to sell (a bank) or to buy (a buyer).

    Attributes:
        lot_id: the one lot it covers, or None for every lot of the selling bank, or any lot for a buyer.
        commission_basis_points: of the price, borne by the client.
    """

    __tablename__ = "mandates"

    id: Mapped[uuid.UUID] = identity()
    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    agency: Mapped[Institution] = relationship(foreign_keys=[agency_id], lazy="joined")
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    client: Mapped[Institution] = relationship(foreign_keys=[client_id], lazy="joined")
    side: Mapped[MandateSide]
    status: Mapped[MandateStatus] = mapped_column(default=MandateStatus.PROPOSED)
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot | None] = relationship()
    commission_basis_points: Mapped[int]
    valid_until: Mapped[date]
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Offer(Model):
    """A price offered for a lot: by an agency on behalf of a buyer, or by the buyer itself in a window.

    Attributes:
        mandate_id: the agency's; None where a buyer left the offer itself.
        window_id: the window it was left in, and binds until its end; None for any other offer.
        buyer_id: who would buy. Under a sell-side mandate the agency names the buyer it found.
        confirmed_by_id: the buyer's approver who confirmed it; a buy-side mandate is its word already.
        accepted_by_id, approved_by_id: the bank's maker and checker; never the same person.
    """

    __tablename__ = "offers"

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    mandate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mandates.id"), index=True)
    mandate: Mapped[Mandate | None] = relationship()
    window_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("offers_windows.id"), index=True)
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    buyer: Mapped[Institution] = relationship(foreign_keys=[buyer_id])
    price_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    status: Mapped[OfferStatus] = mapped_column(default=OfferStatus.MADE)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    accepted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Deal(Model):
    """An agreed price, however it was reached.

    Attributes:
        source, source_id: the auction or the offer; together unique, so that closing twice agrees once.
        mandate_id: the mandate whose agency earns a commission; None where no agency took part.
        pay_by: the deadline for the whole price.
    """

    __tablename__ = "deals"
    __table_args__ = (UniqueConstraint("source", "source_id", "buyer_id"),)

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    source: Mapped[DealSource]
    source_id: Mapped[uuid.UUID] = mapped_column(index=True)
    seller_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    seller: Mapped[Institution] = relationship(foreign_keys=[seller_id])
    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    buyer: Mapped[Institution] = relationship(foreign_keys=[buyer_id])
    mandate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mandates.id"))
    mandate: Mapped[Mandate | None] = relationship()
    price_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    status: Mapped[DealStatus] = mapped_column(default=DealStatus.AGREED, index=True)
    agreed_at: Mapped[datetime]
    pay_by: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    transfers: Mapped[list["TransferRecord"]] = relationship(order_by="TransferRecord.recorded_at")


class TransferRecord(AppendOnly, Model):
    """One step of the title transfer, with the document that proves it."""

    __tablename__ = "transfer_records"
    __table_args__ = (UniqueConstraint("deal_id", "step"),)

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), index=True)
    step: Mapped[TransferStep]
    document_reference: Mapped[str] = mapped_column(String(200))
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
