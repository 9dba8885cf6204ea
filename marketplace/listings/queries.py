"""Named selects of lots and cases."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.listings.models import Lot


def lock_lot(session: Session, lot_id: uuid.UUID) -> Lot:
    """The lot, read anew and locked until the transaction ends; raises NotFound."""
    statement = select(Lot).where(Lot.id == lot_id).with_for_update(of=Lot)
    lot = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if lot is None:
        raise NotFound("lot")
    return lot
