"""Named selects of schedules of revaluation, their runs and alerts."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from marketplace.errors import NotFound
from marketplace.parties.models import Person
from transactions.valuations.models import (
    RevaluationAlert,
    RevaluationSchedule,
    Valuation,
    ValuationBatch,
)

SCHEDULES_MOST = 50
ALERTS_MOST = 50
RUNS_MOST = 120


def schedules_of(session: Session, institution_id: uuid.UUID) -> Sequence[RevaluationSchedule]:
    """The institution's schedules, the active first."""
    query = select(RevaluationSchedule).where(RevaluationSchedule.institution_id == institution_id)
    return session.scalars(
        query.order_by(RevaluationSchedule.active.desc(), RevaluationSchedule.made_at).limit(SCHEDULES_MOST)
    ).all()


def find_own_schedule(
    session: Session, institution_id: uuid.UUID, schedule_id: uuid.UUID, *, lock: bool = False
) -> RevaluationSchedule:
    """The institution's schedule; NotFound for another's."""
    found = session.get(
        RevaluationSchedule, schedule_id, populate_existing=lock, with_for_update=True if lock else None
    )
    if found is None or found.institution_id != institution_id:
        raise NotFound("schedule")
    return found


def due_schedules(today: date) -> Select[RevaluationSchedule]:
    """Active schedules whose day has come."""
    return (
        select(RevaluationSchedule)
        .where(RevaluationSchedule.active.is_(True), RevaluationSchedule.next_on <= today)
        .order_by(RevaluationSchedule.next_on, RevaluationSchedule.id)
    )


def alerts_of(
    session: Session,
    institution_id: uuid.UUID,
    *,
    schedule_id: uuid.UUID | None = None,
    limit: int = ALERTS_MOST,
) -> Sequence[RevaluationAlert]:
    """What was told, the latest first."""
    query = select(RevaluationAlert).where(RevaluationAlert.institution_id == institution_id)
    if schedule_id is not None:
        query = query.where(RevaluationAlert.schedule_id == schedule_id)
    query = query.options(joinedload(RevaluationAlert.valuation), joinedload(RevaluationAlert.previous))
    return session.scalars(query.order_by(RevaluationAlert.at.desc(), RevaluationAlert.id).limit(limit)).all()


def batches_of_schedule(session: Session, schedule_id: uuid.UUID) -> Sequence[ValuationBatch]:
    """The runs of a schedule, the oldest of the latest hundred and twenty first."""
    query = select(ValuationBatch).where(ValuationBatch.schedule_id == schedule_id)
    found = session.scalars(query.order_by(ValuationBatch.made_at.desc()).limit(RUNS_MOST)).all()
    return list(reversed(found))


def totals_of(
    session: Session, batch_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[str, tuple[int, int]]]:
    """By batch and currency: the sum of the values, and of the claims on what has a value."""
    if not batch_ids:
        return {}
    query = (
        select(
            Valuation.batch_id,
            Valuation.currency,
            func.sum(Valuation.value_minor),
            func.sum(func.coalesce(Valuation.claim_minor, 0)),
        )
        .where(Valuation.batch_id.in_(sorted(batch_ids)), Valuation.value_minor.is_not(None))
        .group_by(Valuation.batch_id, Valuation.currency)
    )
    found: dict[uuid.UUID, dict[str, tuple[int, int]]] = {}
    for batch_id, currency, value, claim in session.execute(query):
        if batch_id is not None:
            found.setdefault(batch_id, {})[currency] = (int(value or 0), int(claim or 0))
    return found


def person_of(session: Session, person_id: uuid.UUID) -> Person | None:
    return session.get(Person, person_id)


def count_alerts(session: Session, batch_id: uuid.UUID) -> int:
    """How many things a run had to tell."""
    query = (
        select(func.count())
        .select_from(RevaluationAlert)
        .join(Valuation, Valuation.id == RevaluationAlert.valuation_id)
        .where(Valuation.batch_id == batch_id)
    )
    return session.scalar(query) or 0
