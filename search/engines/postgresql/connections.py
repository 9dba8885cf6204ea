"""Connections of an index in PostgreSQL: one snapshot for reading, one writer at a time."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

import psycopg
from psycopg import Cursor, errors
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from search.engines import Busy, TooSlow, Unavailable
from search.engines.postgresql.tables import lock_key

ATTEMPTS = 5
"""A rebuild may remove the tables of the old build between reading the pointer and reading them."""

# To compile a plan costs more than it saves; sets of some hundred thousand numbers are to be kept in memory.
_SETTINGS = (
    "-c jit=off -c work_mem=64MB -c lock_timeout=10s -c max_parallel_workers_per_gather=0 -c timezone=UTC"
    " -c idle_in_transaction_session_timeout=10min"
)

Answer = TypeVar("Answer")


class Connections:
    """A pool for one address and the lock of one schema; a forked process opens its own."""

    def __init__(self, url: str, schema: str) -> None:
        # Statements are planned each time anew: a plan for any values is far from the best for these.
        self._engine: Engine = create_engine(
            make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=10,
            connect_args={"options": _SETTINGS, "prepare_threshold": None, "connect_timeout": 5},
        )
        self._process = os.getpid()
        self._schema = schema

    def close(self) -> None:
        """Give the connections back; the next call opens new ones."""
        self._engine.dispose()

    def read(self, ask: Callable[[Cursor], Answer], seconds: float = 60.0) -> Answer:
        """Ask something of one snapshot. Raises Unavailable, TooSlow."""
        for _ in range(ATTEMPTS):
            try:
                with self._transaction() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                    give_up_after(cursor, seconds)
                    return ask(cursor)
            except errors.QueryCanceled:
                raise TooSlow(seconds) from None
            except errors.UndefinedTable:
                continue
        raise Unavailable(f"the index in {self._schema} is replaced again and again")

    @contextmanager
    def write(self) -> Iterator[Cursor]:
        """One transaction under the writers' lock, which the server frees of the dead. Raises Busy."""
        with self._transaction() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_key(self._schema)])
            if cursor.fetchone() != (True,):
                raise Busy(self._schema)
            yield cursor

    @contextmanager
    def _transaction(self) -> Iterator[Cursor]:
        if self._process != os.getpid():
            self._engine.dispose(close=False)
            self._process = os.getpid()
        try:
            connection = self._engine.raw_connection()
        except (psycopg.OperationalError, DBAPIError) as error:
            raise Unavailable(f"the index cannot be reached: {error}") from error
        try:
            with cast("psycopg.Connection", connection.driver_connection).cursor() as cursor:
                yield cursor
            connection.commit()
        except errors.QueryCanceled:
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise Unavailable(f"the index cannot be reached: {error}") from error
        finally:
            connection.close()


def give_up_after(cursor: Cursor, seconds: float) -> None:
    """The statements that follow are given up after so long, each. Raises TooSlow where no time is left."""
    if seconds <= 0:
        raise TooSlow(seconds)
    cursor.execute(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
