"""Named selects of corrections."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from transactions.correcting.models import RecordCorrection

LIMIT = 100


def latest(session: Session) -> Sequence[RecordCorrection]:
    """Those that wait first, then the latest."""
    order = (RecordCorrection.agreed.is_not(None), RecordCorrection.proposed_at.desc())
    return session.scalars(select(RecordCorrection).order_by(*order).limit(LIMIT)).all()


def waiting_for(session: Session, record_id: uuid.UUID) -> RecordCorrection | None:
    """The correction of a record that waits for its second person."""
    statement = select(RecordCorrection).where(
        RecordCorrection.record_id == record_id, RecordCorrection.agreed.is_(None)
    )
    return session.scalars(statement.limit(1)).first()


def lock(session: Session, correction_id: uuid.UUID) -> RecordCorrection:
    """The correction, read anew and locked; raises NotFound."""
    statement = select(RecordCorrection).where(RecordCorrection.id == correction_id).with_for_update()
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("correction")
    return found
