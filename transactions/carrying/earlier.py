"""The record of a lot's earlier attempt."""

import uuid

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from auctions.models import Auction
from marketplace.deals.models import Deal
from marketplace.deals.windows.models import OffersWindow
from transactions.models import CarriedSale, TransactionRecord

# The kinds of source that are an attempt to sell; a decision about money is none.
ATTEMPTS = ("auction", "window", "deal")
_LATEST = 100


def attempts_of(lot_id: uuid.UUID) -> Select[tuple[uuid.UUID]]:
    """The ids of everything by which a lot was ever offered or sold."""
    sources = union(
        select(Deal.id).where(Deal.lot_id == lot_id),
        select(Auction.id).where(Auction.lot_id == lot_id),
        select(OffersWindow.id).where(OffersWindow.lot_id == lot_id),
    ).subquery()
    return select(sources.c.id)


def previous_of(session: Session, lot_id: uuid.UUID) -> uuid.UUID | None:
    """The record of the attempt that was carried last; attempts are carried in the order of their ends."""
    marks = (
        select(CarriedSale.record_id)
        .where(CarriedSale.source_kind.in_(ATTEMPTS), CarriedSale.source_id.in_(attempts_of(lot_id)))
        .order_by(CarriedSale.carried_at.desc())
        .limit(_LATEST)
    )
    # Marks of one moment have no order of their own; the leaves have.
    records = select(TransactionRecord.id).where(TransactionRecord.id.in_(session.scalars(marks).all()))
    return session.scalars(records.order_by(TransactionRecord.leaf_index.desc()).limit(1)).first()
