"""Named selects of batches and their rows, and the lock under which they are worked off."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from marketplace.errors import NotFound
from transactions.valuations.models import (
    ValuationBatch,
    ValuationRow,
)
from transactions.valuations.rules.words import BatchStatus, RowStatus

BATCHES_MOST = 50


def find_own_batch(session: Session, institution_id: uuid.UUID, batch_id: uuid.UUID) -> ValuationBatch:
    """The institution's batch; NotFound for another's."""
    batch = session.get(ValuationBatch, batch_id, populate_existing=True)
    if batch is None or batch.institution_id != institution_id:
        raise NotFound("batch")
    return batch


def batch_by_key(session: Session, institution_id: uuid.UUID, key: str) -> ValuationBatch | None:
    query = select(ValuationBatch).where(
        ValuationBatch.institution_id == institution_id, ValuationBatch.key == key
    )
    return session.scalars(query).one_or_none()


def batches_of(session: Session, institution_id: uuid.UUID) -> Sequence[ValuationBatch]:
    """The institution's batches, the latest first."""
    query = select(ValuationBatch).where(ValuationBatch.institution_id == institution_id)
    return session.scalars(query.order_by(ValuationBatch.made_at.desc()).limit(BATCHES_MOST)).all()


def running_batches(session: Session, institution_id: uuid.UUID | None = None) -> Sequence[uuid.UUID]:
    """Batches that are not done, the oldest first."""
    query = select(ValuationBatch.id).where(ValuationBatch.status == BatchStatus.RUNNING)
    if institution_id is not None:
        query = query.where(ValuationBatch.institution_id == institution_id)
    return session.scalars(query.order_by(ValuationBatch.made_at, ValuationBatch.id).limit(100)).all()


def lock_batch(session: Session, batch_id: uuid.UUID) -> ValuationBatch | None:
    """The batch, read anew; None where it is gone or another worker holds it."""
    query = select(ValuationBatch).where(ValuationBatch.id == batch_id)
    query = query.with_for_update(skip_locked=True, of=ValuationBatch)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def waiting_rows(session: Session, batch_id: uuid.UUID, count: int) -> Sequence[ValuationRow]:
    """The next rows of a batch."""
    query = select(ValuationRow).where(
        ValuationRow.batch_id == batch_id, ValuationRow.status == RowStatus.WAITING
    )
    return session.scalars(query.order_by(ValuationRow.number).limit(count)).all()


def waiting_among(session: Session, batch_id: uuid.UUID, numbers: Collection[int]) -> Sequence[ValuationRow]:
    """Those of these rows that still wait, read anew."""
    query = select(ValuationRow).where(
        ValuationRow.batch_id == batch_id,
        ValuationRow.number.in_(sorted(numbers)),
        ValuationRow.status == RowStatus.WAITING,
    )
    return session.scalars(
        query.order_by(ValuationRow.number).execution_options(populate_existing=True)
    ).all()


def rows_of(batch_id: uuid.UUID, *, status: RowStatus | None = None) -> Select[ValuationRow]:
    """The rows of a batch in their order, with their valuations."""
    query = select(ValuationRow).where(ValuationRow.batch_id == batch_id)
    if status is not None:
        query = query.where(ValuationRow.status == status)
    return query.options(joinedload(ValuationRow.valuation)).order_by(ValuationRow.number)


def count_rows(session: Session, batch_id: uuid.UUID) -> dict[RowStatus, int]:
    """How many rows stand where."""
    query = (
        select(ValuationRow.status, func.count())
        .where(ValuationRow.batch_id == batch_id)
        .group_by(ValuationRow.status)
    )
    return {row[0]: row[1] for row in session.execute(query)}
