"""Rows are the queue: taking the first due row, and setting aside one that could not be done.

A row whose job fails would otherwise be taken again and again and hold up all behind it. It is set aside
in this process for a while, the others go on, and it is tried again later.
"""

import uuid
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace import clock

RETRY_AFTER = timedelta(minutes=5)


class Identified(Protocol):
    """A table whose rows have an id."""

    id: InstrumentedAttribute[uuid.UUID]


Row = TypeVar("Row", bound=Any)

_taken: ContextVar[uuid.UUID | None] = ContextVar("taken", default=None)
_aside: dict[uuid.UUID, datetime] = {}


def take_first(session: Session, statement: Select[Row], table: type[Row]) -> Row | None:
    """Lock the statement's first row that no other worker holds and that is not set aside; None for none."""
    now = clock.now()
    for row_id in [row_id for row_id, until in _aside.items() if until <= now]:
        del _aside[row_id]
    locking = statement.where(table.id.not_in(list(_aside))).limit(1)
    locking = locking.with_for_update(skip_locked=True, of=table).execution_options(populate_existing=True)
    row = session.scalars(locking).first()
    _taken.set(row.id if row is not None else None)
    return row


def set_aside() -> uuid.UUID | None:
    """Leave the row that was taken last alone for a while; returns its id, None when no row was taken."""
    row_id = _taken.get()
    if row_id is not None:
        _aside[row_id] = clock.now() + RETRY_AFTER
        _taken.set(None)
    return row_id
