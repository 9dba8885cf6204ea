"""Postings per second, one commit each: through the ledger, and bare SQL over the same tables beside it.

Both write the same rows with the same durability and take the same locks. The bare SQL does not prove the
entries, and it checks nothing but what its locks and unique keys check.
"""

import os
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from marketplace import db
from marketplace.db import Base
from payments import ledger
from payments.ledger import AccountName, Purpose
from payments.rules import Method
from payments.service import books

SERVER = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg:///postgres")
TABLES = ("ledger_accounts", "ledger_transactions", "ledger_entries")
# Ours and the baseline take turns, so that whatever else the machine does slows both.
TURNS, PER_TURN = 8, 50
BUYERS = 50

Work = Callable[[int], None]
Rows = list[tuple[str, int, str]]


def run() -> list[dict[str, Any]]:
    """The figures of each database that is there; ratio is ours divided by the baseline's."""
    found = []
    for name, make in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with make() as url:
            if url is None:
                continue
            engine = _prepared(url)
            plain = _beside(_post(engine), _bare(engine, _movement))
            phased = _beside(_pend_and_confirm(engine), _bare(engine, _promise, _confirmation))
            found += [
                _row(f"payments: postings ({name})", plain, "baseline: bare SQL, same rows and durability"),
                _row(
                    f"payments: pending, then posted ({name})",
                    phased,
                    "two commits each; baseline: bare SQL, same rows and durability",
                ),
            ]
            engine.dispose()
    return found


def _row(name: str, rates: tuple[float, float], note: str) -> dict[str, Any]:
    ours, baseline = rates
    return {
        "name": name,
        "value": round(ours, 1),
        "unit": "1/s",
        "baseline": round(baseline, 1),
        "ratio": round(ours / baseline, 3),
        "note": note,
    }


def _beside(ours: Work, baseline: Work) -> tuple[float, float]:
    """How often per second each is done, in turns."""
    spent = [0.0, 0.0]
    for turn in range(TURNS):
        for side, work in enumerate((ours, baseline)):
            started = time.perf_counter()
            for index in range(PER_TURN):
                work(turn * PER_TURN + index)
            spent[side] += time.perf_counter() - started
    return TURNS * PER_TURN / spent[0], TURNS * PER_TURN / spent[1]


def _prepared(url: str) -> Engine:
    engine = create_engine(url, **db.engine_options(url))
    Base.metadata.create_all(engine, tables=[Base.metadata.tables[name] for name in _with_needs(TABLES)])
    return engine


def _with_needs(names: tuple[str, ...]) -> list[str]:
    """The tables and those their foreign keys name."""
    found = list(names)
    for name in found:
        for key in Base.metadata.tables[name].foreign_keys:
            needed = key.column.table.name
            if needed not in found:
                found.append(needed)
    return found


@contextmanager
def _sqlite() -> Iterator[str | None]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'ledger.sqlite'}"


@contextmanager
def _postgresql() -> Iterator[str | None]:
    """A database of its own on the server, or None where there is no server."""
    engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    name = f"ledger_benchmark_{uuid.uuid4().hex[:8]}"
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except OperationalError:
        yield None
        return
    try:
        yield SERVER.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


@contextmanager
def _writing(engine: Engine) -> Iterator[Session]:
    """What `atomic()` declares, without an application."""
    token = db._writing.set(True)  # noqa: SLF001
    try:
        with Session(engine) as session, session.begin():
            yield session
    finally:
        db._writing.reset(token)  # noqa: SLF001


def _names(index: int, side: str) -> tuple[AccountName, AccountName]:
    bank = ledger.cash(Method.BANK_TRANSFER, "CNY" if side == "ours" else "USD")
    return bank, AccountName(Purpose.BUYER_BALANCE, bank.currency, None, f"{side} {index % BUYERS}")


def _post(engine: Engine) -> Work:
    def one(index: int) -> None:
        key, postings = f"bench:{uuid.uuid4()}", ledger.movement(*_names(index, "ours"), 100)
        with _writing(engine) as session:
            books.post(session, key, subject_id=uuid.uuid4(), lot_id=None, postings=postings)

    return one


def _pend_and_confirm(engine: Engine) -> Work:
    def one(index: int) -> None:
        key, postings = f"bench:{uuid.uuid4()}", ledger.movement(*_names(index, "ours"), 100)
        subject = uuid.uuid4()
        with _writing(engine) as session:
            books.pend(session, key, subject_id=subject, lot_id=None, postings=postings)
        with _writing(engine) as session:
            (promise,) = books.promises(session, subject)
            books.confirm(session, promise, f"{key}:confirmed")

    return one


def _movement(codes: tuple[str, str]) -> Rows:
    return [(codes[0], 100, "posted"), (codes[1], -100, "posted")]


def _promise(codes: tuple[str, str]) -> Rows:
    return [(codes[0], 100, "pending"), (codes[1], -100, "pending")]


def _confirmation(codes: tuple[str, str]) -> Rows:
    return [(codes[0], -100, "lifted"), (codes[1], 100, "lifted"), *_movement(codes)]


def _bare(engine: Engine, *steps: Callable[[tuple[str, str]], Rows]) -> Work:
    """The same rows by the driver alone, one commit per step."""
    driver = engine.raw_connection()
    driver.detach()  # no other session may get it from the pool
    mark = "?" if engine.dialect.name == "sqlite" else "%s"
    bare = _BareLedger(driver, mark, uuid.UUID.__str__ if mark == "%s" else (lambda identity: identity.hex))

    def one(index: int) -> None:
        bank, own = _names(index, "bare")
        bare.open((bank, own))
        for step in steps:
            bare.book(step((bank.code, own.code)))

    return one


class _BareLedger:
    """Bare SQL over the ledger's tables."""

    def __init__(self, driver: Any, mark: str, written: Callable[[uuid.UUID], str]) -> None:
        self._cursor, self._mark, self._written = driver.cursor(), mark, written
        self._commit = driver.commit
        self._known: set[str] = set()

    def _do(self, statement: str, *values: Any) -> Any:
        return self._cursor.execute(statement.replace("?", self._mark), values)

    def _identity(self) -> str:
        return self._written(uuid.uuid4())

    def _begin(self) -> None:
        if self._mark == "?":
            self._do("BEGIN IMMEDIATE")

    def open(self, names: tuple[AccountName, ...]) -> None:
        """Open each account once, before it is booked on."""
        for name in names:
            if name.code in self._known:
                continue
            self._begin()
            self._do(
                "INSERT INTO ledger_accounts (id, code, purpose, currency, party, balance_minor)"
                " VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT (code) DO NOTHING",
                *(self._identity(), name.code, str(name.purpose), name.currency, name.party),
            )
            self._commit()
            self._known.add(name.code)

    def book(self, rows: Rows) -> None:
        """Lock, add a transaction and its entries, change the balances."""
        self._begin()
        lock = " FOR UPDATE" if self._mark == "%s" else ""
        codes = sorted({code for code, _, _ in rows})
        marks = ", ".join("?" for _ in codes)
        found = self._do(
            "SELECT code, id, balance_minor, entry_count FROM ledger_accounts"  # noqa: S608 - marks only
            f" WHERE code IN ({marks}) ORDER BY code{lock}",
            *codes,
        ).fetchall()
        accounts = {row[0]: list(row[1:]) for row in found}
        transaction, now = self._identity(), datetime.now(UTC).isoformat(sep=" ")  # noqa: TID251 - a benchmark's own
        self._do(
            "INSERT INTO ledger_transactions (id, key, at, subject_id) VALUES (?, ?, ?, ?)",
            *(transaction, f"bare:{uuid.uuid4()}", now, self._identity()),
        )
        values: list[Any] = []
        for line, (code, minor, layer) in enumerate(rows, start=1):
            account = accounts[code]
            account[1] += minor if layer == "posted" else 0
            account[2] += 1
            values += [
                *(self._identity(), transaction, line, str(account[0])),
                *(minor, "USD", layer, account[2], ""),
            ]
        self._do(
            "INSERT INTO ledger_entries (id, transaction_id, line, account_id, amount_minor, currency, layer,"  # noqa: S608
            f" sequence, proof) VALUES {', '.join('(?, ?, ?, ?, ?, ?, ?, ?, ?)' for _ in rows)}",
            *values,
        )
        for code in codes:
            account_id, balance, count = accounts[code]
            change = "UPDATE ledger_accounts SET balance_minor = ?, entry_count = ? WHERE id = ?"
            self._do(change, balance, count, str(account_id))
        self._commit()
