"""Taking batches in: a file, all lots, all rights, or the run of a schedule."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor
from marketplace.errors import Refused
from transactions.valuations.models import RevaluationSchedule, ValuationBatch, ValuationRow
from transactions.valuations.queries import batches as queries
from transactions.valuations.queries import subjects as things
from transactions.valuations.reading import ROWS_MOST, FileRow, read_file
from transactions.valuations.rules.words import (
    BatchSource,
    BatchStatus,
    RowStatus,
    Scope,
    ValuationReason,
)
from transactions.valuations.service import making

RUNNING_MOST = 3
_AT_ONCE = 1_000

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A batch in the making; `key` makes a second one like it the same."""

    source: BatchSource
    key: str
    name: str
    rows: Sequence[Row]


def take_file(session: Session, actor: Actor, name: str, content: bytes) -> ValuationBatch:
    """Take in a file; the same file on the same day is the same batch.

    Raises:
        Refused: the file cannot be read, or too much of the institution's is waiting.
    """
    today = making.today()
    key = f"file:{hashlib.sha256(content).hexdigest()}:{today.isoformat()}"
    known = queries.batch_by_key(session, actor.institution_id, key)
    if known is not None:
        return known
    rows = [_file_row(row) for row in read_file(content, on=today)]
    return _asked_by(session, actor, _Wanted(BatchSource.FILE, key, name, rows))


def take_own(session: Session, actor: Actor, scope: Scope, name: str) -> ValuationBatch:
    """All lots, or all rights, of the actor's institution as they stand; twice in a minute is once.

    Raises:
        Refused: there are none or too many, or too much of the institution's is waiting.
    """
    key = f"{scope.value}:{clock.now():%Y-%m-%dT%H:%M}"
    known = queries.batch_by_key(session, actor.institution_id, key)
    if known is not None:
        return known
    rows = _own_rows(session, actor.institution_id, scope)
    if not rows:
        raise Refused(ValuationReason.NOTHING_TO_VALUE)
    return _asked_by(session, actor, _Wanted(BatchSource(scope.value), key, name, rows))


def take_schedule(session: Session, schedule: RevaluationSchedule) -> ValuationBatch | None:
    """The run of a schedule that is due; None where there is nothing to value."""
    key = f"schedule:{schedule.id}:{schedule.next_on.isoformat()}"
    known = queries.batch_by_key(session, schedule.institution_id, key)
    rows = _own_rows(session, schedule.institution_id, schedule.scope)
    if known is not None or not rows:
        return known
    wanted = _Wanted(BatchSource.SCHEDULE, key, schedule.name, rows)
    return _begun(session, schedule.institution_id, schedule.made_by_id, wanted, schedule.id)


def _own_rows(session: Session, institution_id: uuid.UUID, scope: Scope) -> list[Row]:
    if scope is Scope.LOTS:
        found = things.standing_lots(session, institution_id)
    else:
        found = things.standing_rights(session, institution_id, making.today())
    if len(found) > ROWS_MOST:
        raise Refused(ValuationReason.TOO_MANY_ROWS, most=ROWS_MOST)
    kind = "lot" if scope is Scope.LOTS else "right"
    return [_row(number, reference, {kind: str(one)}) for number, (one, reference) in enumerate(found, 1)]


def _row(number: int, reference: str, cells: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": number,
        "reference": reference[:80],
        "cells": dict(cells),
        "status": RowStatus.WAITING,
        "column": "",
        "reason": "",
        "details": {},
        "valuation_id": None,
    }


def _file_row(row: FileRow) -> Row:
    found = _row(row.number, row.reference, row.cells)
    if row.refused is None:
        return found
    return found | {"status": RowStatus.REFUSED} | refusal(row.refused)


def refusal(refused: Refused) -> dict[str, Any]:
    """A refusal as the columns of a row; its words are found again by its reason."""
    details = {name: value for name, value in refused.details.items() if isinstance(value, str | int)}
    return {
        "column": (refused.field or "")[:60],
        "reason": f"{type(refused.reason).__name__}.{refused.reason}"[:60],
        "details": details,
    }


def _asked_by(session: Session, actor: Actor, wanted: _Wanted) -> ValuationBatch:
    if len(queries.running_batches(session, actor.institution_id)) >= RUNNING_MOST:
        raise Refused(ValuationReason.TOO_MANY_RUNNING, most=RUNNING_MOST)
    batch = _begun(session, actor.institution_id, actor.person_id, wanted)
    audit.record(
        session,
        "valuations.batch",
        batch.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        rows=batch.rows,
        source=batch.source.value,
    )
    return batch


def _begun(
    session: Session,
    institution_id: uuid.UUID,
    person_id: uuid.UUID,
    wanted: _Wanted,
    schedule_id: uuid.UUID | None = None,
) -> ValuationBatch:
    state = making.state_for(session, institution_id)
    refused = sum(row["status"] is RowStatus.REFUSED for row in wanted.rows)
    done = refused == len(wanted.rows)
    batch = ValuationBatch(
        institution_id=institution_id,
        made_by_id=person_id,
        made_at=clock.now(),
        source=wanted.source,
        schedule_id=schedule_id,
        name=wanted.name[:200],
        key=wanted.key,
        status=BatchStatus.DONE if done else BatchStatus.RUNNING,
        valued_on=state.on,
        tree_size=state.tree_size,
        model_version=state.model_version,
        rows=len(wanted.rows),
        valued=0,
        refused=refused,
        ended_at=clock.now() if done else None,
    )
    session.add(batch)
    session.flush()
    values = [dict(row) | {"batch_id": batch.id} for row in wanted.rows]
    for start in range(0, len(values), _AT_ONCE):
        session.execute(insert(ValuationRow), values[start : start + _AT_ONCE])
    return batch
