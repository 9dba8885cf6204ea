"""The database: column types, append-only history, and `atomic()`, the one place that commits.

Two binds: the default one is the marketplace's own, `transactions` is the shared price database.
Reads need nothing special. Every write happens inside `atomic()`, which on SQLite means BEGIN IMMEDIATE: a
deferred transaction that reads first and writes later is refused at once under contention instead of waiting.
"""

import math
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import psycopg
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import CHAR, BigInteger, DateTime, Dialect, Engine, Enum, MetaData, TypeDecorator, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry, Pool, PoolProxiedConnection

from marketplace import clock

TRANSACTIONS_BIND = "transactions"

# The first SQLite whose WAL cannot lose pages to the checkpoint race (sqlite.org/wal.html#walresetbug).
SAFE_WAL_VERSION = (3, 51, 3)

_NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_ASKED_AGAIN_SECONDS = 1.0

_writing: ContextVar[bool] = ContextVar("writing", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; a naive time is a programmer's mistake and raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else clock.aware(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Every StrEnum is stored by its value, as text: a new member needs no change of the table.
_STATUS_TEXT = Enum(
    StrEnum,
    values_callable=lambda members: [member.value for member in members],
    native_enum=False,
    length=32,
)


class Base(DeclarativeBase):
    registry = registry(
        metadata=MetaData(naming_convention=_NAMES),
        type_annotation_map={datetime: UtcDateTime, StrEnum: _STATUS_TEXT},
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False}, disable_autonaming=True)

if TYPE_CHECKING:

    class Model(Base):
        __abstract__ = True
else:
    Model = db.Model


class AppendOnly:
    """A row of history: a flush that would change or delete one raises, and a trigger in the database too."""


class ChangedHistory(AssertionError):
    """A flush tried to update or delete a row of history."""


class WriteOutsideAtomic(AssertionError):
    """A flush or statement tried to write outside `atomic()`."""


def identity() -> Mapped[uuid.UUID]:
    """A random public identity: safe in a URL, tells nothing about how many there are."""
    return mapped_column(primary_key=True, default=uuid.uuid4)


def minor_units(*, optional: bool = False, **options: Any) -> Mapped[Any]:
    """A column of integer minor units; its currency stands in a column beside it."""
    return mapped_column(BigInteger, nullable=optional, **options)


def currency_code() -> Mapped[str]:
    return mapped_column(CHAR(3), nullable=False)


@contextmanager
def atomic() -> Iterator[Session]:
    """One command, one transaction: commit on leaving, roll back on any exception. Only doors open it.

    The read transaction that loading the signed-in person began is ended first, so what the command reads
    after its lock is new. Objects loaded before are expired and load again.
    """
    session = db.session()
    if _writing.get() or session.new:
        raise WriteOutsideAtomic("a door called a door, or wrote before it opened one")
    session.rollback()
    token = _writing.set(True)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _writing.reset(token)


def let_go() -> None:
    """End what this request has read so far: it holds no connection and, on SQLite, no lock."""
    if db.session.registry.has():
        db.session().rollback()


def reading_engine() -> Engine:
    """For a select on its own, without the messages around a transaction, which cost more than the select."""
    return db.engine.execution_options(isolation_level="AUTOCOMMIT")


@event.listens_for(Session, "before_flush")
def _guard_flush(session: Session, _context: Any, _instances: Any) -> None:
    if not (session.new or session.dirty or session.deleted):
        return
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in [*changed, *session.deleted]:
        if isinstance(row, AppendOnly):
            raise ChangedHistory(f"{type(row).__name__} is only added to")
    if not _writing.get() and (session.new or changed or session.deleted):
        raise WriteOutsideAtomic("open atomic() at the door")


@event.listens_for(Session, "do_orm_execute")
def _guard_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and not _writing.get():
        raise WriteOutsideAtomic("open atomic() at the door")


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # pysqlite's own BEGIN is deferred; `_begin` below decides instead
    safe_wal = sqlite3.sqlite_version_info >= SAFE_WAL_VERSION
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 15000")
    cursor.execute(f"PRAGMA journal_mode = {'WAL' if safe_wal else 'TRUNCATE'}")
    cursor.execute(f"PRAGMA synchronous = {'FULL' if safe_wal else 'EXTRA'}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@event.listens_for(Pool, "checkin")
def _note_answer(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["answered"] = time.monotonic()


@event.listens_for(Pool, "checkout")
def _ask_idle(
    connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    """Ask whether a connection still stands, unless it answered just now; a broken one is replaced."""
    idle = time.monotonic() - record.info.get("answered", math.inf)
    if idle < _ASKED_AGAIN_SECONDS or not isinstance(connection, psycopg.Connection):
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def engine_options(url: str) -> dict[str, Any]:
    """Options of the engine for `url`: PostgreSQL waits ten seconds for a lock, not for ever."""
    if not url.startswith("postgresql"):
        return {}
    settings = "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    return {"pool_size": 10, "connect_args": {"options": settings}}
