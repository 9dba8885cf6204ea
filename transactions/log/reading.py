"""Reading whole tables of the log in order and in parts, so that a million rows need little memory.

A row that cannot even be read (somebody wrote what no column of its type holds) does not stop the rest.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.db import Model

ROWS_AT_ONCE = 1024

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)

Row = TypeVar("Row", bound=Model)


def in_parts(
    session: Session, table: type[Row], key: InstrumentedAttribute[int]
) -> Iterator[list[tuple[int, Row | None]]]:
    """The rows by their key, some at a time; None stands for one that cannot be read."""
    last: int | None = None
    while True:
        query = select(key).order_by(key).limit(ROWS_AT_ONCE)
        keys = session.scalars(query if last is None else query.where(key > last)).all()
        if not keys:
            return
        last = keys[-1]
        yield _rows(session, table, key, keys)


def _rows(
    session: Session, table: type[Row], key: InstrumentedAttribute[int], keys: Sequence[int]
) -> list[tuple[int, Row | None]]:
    query = _fresh(table).where(key.between(keys[0], keys[-1])).order_by(key)
    try:
        rows: Sequence[Row | None] = session.scalars(query).all()
    except _UNREADABLE:
        rows = [_row(session, table, key, one) for one in keys]
    return list(zip(keys, rows, strict=True))


def _row(session: Session, table: type[Row], key: InstrumentedAttribute[int], one: int) -> Row | None:
    try:
        return session.scalars(_fresh(table).where(key == one)).one()
    except _UNREADABLE:
        return None


def _fresh(table: type[Row]) -> Select[Row]:
    return select(table).execution_options(populate_existing=True)


def bytes_of(text: Any) -> bytes:
    """The bytes that a column of hexadecimal digits holds; none where it holds anything else."""
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError):
        return b""
