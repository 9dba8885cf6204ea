"""What must always hold of valuations: each question answers with what breaks it, and so with nothing."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, undefer

from transactions.models import LogHead
from transactions.valuations.models import (
    RevaluationAlert,
    RevaluationSchedule,
    Valuation,
    ValuationBatch,
    ValuationRow,
)
from transactions.valuations.rules.words import BatchStatus, Grade, RowStatus
from transactions.valuations.service.making import make_again, seal

_AT_ONCE = 100

# Making one again costs as much as making it: the latest are, the others are checked by their digest.
MADE_AGAIN = 20


def _all(session: Session) -> Iterator[Valuation]:
    query = select(Valuation).options(undefer(Valuation.inputs), undefer(Valuation.result))
    yield from session.scalars(query.order_by(Valuation.id).execution_options(yield_per=_AT_ONCE))


def digests_are_those_of_the_content(session: Session) -> list[str]:
    """The digest of each valuation is that of its inputs and its result: a tampered row is found."""
    return [f"valuation {one.id}" for one in _all(session) if seal(one.inputs, one.result) != one.digest]


def columns_are_those_of_the_result(session: Session) -> list[str]:
    """What is listed of a valuation is what its sealed content says."""
    return [f"valuation {one.id}" for one in _all(session) if not _agrees(one)]


def _agrees(one: Valuation) -> bool:
    value, asked = one.result["value"], one.inputs["asked"]
    middle, wide = value["middle"] or {}, value["wide"] or {}
    return (
        (one.value_minor, one.grade.value, one.approach.value)
        == (value["value_minor"], value["grade"], value["approach"])
        and (one.low_50_minor, one.high_50_minor) == (middle.get("low_minor"), middle.get("high_minor"))
        and (one.low_80_minor, one.high_80_minor) == (wide.get("low_minor"), wide.get("high_minor"))
        and (one.subject_key, one.claim_minor, one.basis.value)
        == (asked["key"], asked["claim_minor"], asked["basis"])
        and (one.tree_size, one.model_version) == (one.inputs["tree_size"], one.inputs["model_version"])
    )


def the_latest_come_out_the_same(session: Session) -> list[str]:
    """The latest valuations, made again from what is stored, are the same to the byte."""
    query = select(Valuation).options(undefer(Valuation.inputs), undefer(Valuation.result))
    latest = session.scalars(query.order_by(Valuation.made_at.desc(), Valuation.id).limit(MADE_AGAIN)).all()
    made = [(one, make_again(session, one)) for one in latest]
    return [f"valuation {one.id}: {again.problem}" for one, again in made if not again.same]


def ranges_hold_the_value(session: Session) -> list[str]:
    """Both ranges hold the value, the wider holds the other, and only grade E has no value."""
    one = Valuation
    outside = or_(
        one.value_minor < one.low_50_minor,
        one.value_minor > one.high_50_minor,
        one.low_80_minor > one.low_50_minor,
        one.high_80_minor < one.high_50_minor,
        and_(one.value_minor.is_(None), one.grade != Grade.E),
    )
    return [f"valuation {found}" for found in session.scalars(select(one.id).where(outside))]


def nothing_from_beyond_the_log(session: Session) -> list[str]:
    """No valuation looked at more leaves than the log has."""
    size = session.scalar(select(LogHead.size)) or 0
    query = select(Valuation.id).where(Valuation.tree_size > size)
    return [f"valuation {found}" for found in session.scalars(query)]


def rows_add_up(session: Session) -> list[str]:
    """A batch counts its rows, and none of a batch that is done still waits."""
    counts: dict[object, dict[RowStatus, int]] = {}
    query = select(ValuationRow.batch_id, ValuationRow.status, func.count()).group_by(
        ValuationRow.batch_id, ValuationRow.status
    )
    for batch_id, status, count in session.execute(query):
        counts.setdefault(batch_id, {})[status] = count
    problems = []
    for batch in session.scalars(select(ValuationBatch)):
        found = counts.get(batch.id, {})
        told = (batch.rows, batch.valued, batch.refused)
        real = (sum(found.values()), found.get(RowStatus.VALUED, 0), found.get(RowStatus.REFUSED, 0))
        done = batch.status is BatchStatus.DONE
        if told != real or done != (found.get(RowStatus.WAITING, 0) == 0):
            problems.append(f"batch {batch.id} tells {told}, its rows are {real}")
    return problems


def rows_are_valued_or_refused(session: Session) -> list[str]:
    """A valued row has its valuation of the same batch and institution; a refused one has a reason."""
    row, one, batch = ValuationRow, Valuation, ValuationBatch
    query = (
        select(row.batch_id, row.number)
        .join(batch, batch.id == row.batch_id)
        .outerjoin(one, one.id == row.valuation_id)
        .where(
            or_(
                (row.status == RowStatus.VALUED) != row.valuation_id.is_not(None),
                (row.status == RowStatus.REFUSED) != (row.reason != ""),
                and_(
                    row.valuation_id.is_not(None),
                    or_(one.batch_id != row.batch_id, one.institution_id != batch.institution_id),
                ),
            )
        )
    )
    return [f"row {number} of batch {batch_id}" for batch_id, number in session.execute(query)]


def alerts_are_of_their_own(session: Session) -> list[str]:
    """What is told to an institution is of its own schedule and its own valuations."""
    alert, one, schedule = RevaluationAlert, Valuation, RevaluationSchedule
    query = (
        select(alert.id)
        .join(one, one.id == alert.valuation_id)
        .join(schedule, schedule.id == alert.schedule_id)
        .where(
            or_(one.institution_id != alert.institution_id, schedule.institution_id != alert.institution_id)
        )
    )
    return [f"alert {found}" for found in session.scalars(query)]


CHECKS: Sequence[tuple[str, Callable[[Session], list[str]]]] = (
    ("digests are those of the stored content", digests_are_those_of_the_content),
    ("what is listed is what is sealed", columns_are_those_of_the_result),
    ("the latest valuations come out the same", the_latest_come_out_the_same),
    ("ranges hold the value", ranges_hold_the_value),
    ("no valuation looks beyond the log", nothing_from_beyond_the_log),
    ("rows of batches add up", rows_add_up),
    ("rows are valued or refused", rows_are_valued_or_refused),
    ("alerts are of one's own", alerts_are_of_their_own),
)
