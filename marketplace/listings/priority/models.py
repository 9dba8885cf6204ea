"""Holders of a right of first refusal in a lot, and the notices of sale served on them."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, identity
from marketplace.listings.models import Lot
from marketplace.listings.priority.rules import HolderKind, HolderStatus, ServiceMethod
from marketplace.parties.models import Institution


class PriorityHolder(Model):
    """Somebody who may buy at the price another would pay.

    Attributes:
        institution_id: who it is on the platform; None while the holder is not registered here.
        order: 1 is the strongest; several may be equal, then the earlier bid leads.
        basis: article or contract the right comes from, as the bank states it.
        evidence: reference of the document that shows it.
        entered_by_id, confirmed_by_id: maker and checker, never the same person; no checker where the pack
            asks for none.
        confirmed_at: from when the entry counts.
        waiver_document: reference of the written waiver; empty where there is none.
    """

    __tablename__ = "priority_holders"

    id: Mapped[uuid.UUID] = identity()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    kind: Mapped[HolderKind]
    name: Mapped[str] = mapped_column(String(200))
    institution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution | None] = relationship()
    order: Mapped[int] = mapped_column("priority_order")
    basis: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[str] = mapped_column(String(300), default="")
    status: Mapped[HolderStatus] = mapped_column(default=HolderStatus.TO_NOTIFY)
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]
    waiver_document: Mapped[str] = mapped_column(String(300), default="")
    waived_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    waived_at: Mapped[datetime | None]
    notices: Mapped[list["NoticeOfSale"]] = relationship(
        back_populates="holder", order_by="NoticeOfSale.recorded_at"
    )


class NoticeOfSale(Model):
    """One notice of the coming sale to one holder, with the proof that it was served.

    Attributes:
        served_at: when it reached the holder; a public notice begins when it appears here.
        document: tracking number, reference of the receipt, of the consent to e-mail, of the court's record.
        unreachable: why no other way reaches the holder; published with a public notice (art. 16).
        public_text: what a public notice says; empty for the other ways.
        recorded_by_id, confirmed_by_id, confirmed_at: maker and checker, as for the holder.
    """

    __tablename__ = "notices_of_sale"

    id: Mapped[uuid.UUID] = identity()
    holder_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("priority_holders.id"), index=True)
    holder: Mapped[PriorityHolder] = relationship(back_populates="notices")
    how: Mapped[ServiceMethod]
    served_at: Mapped[datetime] = mapped_column(index=True)
    document: Mapped[str] = mapped_column(String(300), default="")
    unreachable: Mapped[str] = mapped_column(String(500), default="")
    public_text: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime]
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None]
