"""How fast money is distributed and booked, beside bare SQL that keeps the same promises by hand."""

import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from marketplace import db
from marketplace.db import Base
from payments import ledger
from payments.commission import Bearer, Commission
from payments.ledger import AccountName, Purpose
from payments.rules import Method
from payments.service import books
from payments.waterfall import Claim, Cost, Sale, settle_sale

TABLES = ("institutions", "default_cases", "lots", "ledger_accounts", "ledger_transactions", "ledger_entries")
WATERFALLS, POSTINGS = 5_000, 400


def run() -> list[dict[str, Any]]:
    """The figures of payments; ratio is ours divided by the baseline's, of the same run."""
    waterfalls = _per_second(WATERFALLS, lambda index: settle_sale(_sale(index)))
    additions = _per_second(WATERFALLS, _plain_division)
    with tempfile.TemporaryDirectory() as folder:
        ours = _our_postings(Path(folder) / "ours.sqlite")
        bare = _bare_postings(Path(folder) / "bare.sqlite")
    return [
        _row(
            "payments: waterfalls (3 costs, 3 commissions, 6 claims)",
            waterfalls,
            additions,
            "baseline: the same shares by integer division, which lose the odd fen",
        ),
        _row(
            "payments: postings, one commit each (SQLite)",
            ours,
            bare,
            "baseline: bare SQL with the same rows and the same durability, without checks and audit",
        ),
    ]


def _row(name: str, value: float, baseline: float, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 1),
        "unit": "1/s",
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 3),
        "note": note,
    }


def _per_second(count: int, work: Callable[[int], Any]) -> float:
    started = time.perf_counter()
    for index in range(count):
        work(index)
    return count / (time.perf_counter() - started)


def _sale(index: int) -> Sale:
    return Sale(
        currency="CNY",
        price=90_000_000 + index,
        costs=tuple(Cost(f"cost {n}", "sale", 1_000_000 + n) for n in range(3)),
        commissions=(
            Commission("house", table="court-2020", borne_by=Bearer.BUYER),
            Commission("agency", rate=Fraction(3, 100), borne_by=Bearer.SELLER),
            Commission("partner", rate=Fraction(2, 5), share_of="agency"),
        ),
        claims=tuple(Claim(f"bank {n}", 1 + n // 3, 17_000_000 + n) for n in range(6)),
        surplus_to="pledgor",
    )


def _plain_division(index: int) -> int:
    left = 90_000_000 + index
    paid = [1_000_000, 1_000_001, 1_000_002, left * 3 // 100]
    left -= sum(paid)
    owed = [17_000_000 + n for n in range(3)]
    total = sum(owed)
    return left - sum(min(left, total) * amount // total for amount in owed)


def _our_postings(file: Path) -> float:
    """Postings through `books.post`: accounts locked, balances checked, one transaction each."""
    engine = create_engine(f"sqlite:///{file}")
    Base.metadata.create_all(engine, tables=[Base.metadata.tables[name] for name in _with_needs(TABLES)])
    bank = ledger.cash(Method.BANK_TRANSFER, "CNY")

    def one(index: int) -> None:
        own = AccountName(Purpose.BUYER_BALANCE, "CNY", None, f"buyer {index % 50}")
        token = db._writing.set(True)  # noqa: SLF001 - what `atomic()` declares, without an application
        try:
            with Session(engine) as session, session.begin():
                movement = ledger.movement(bank, own, 100)
                books.post(session, f"bench:{index}", subject_id=uuid.uuid4(), lot_id=None, postings=movement)
        finally:
            db._writing.reset(token)  # noqa: SLF001

    rate = _per_second(POSTINGS, one)
    engine.dispose()
    return rate


def _with_needs(names: tuple[str, ...]) -> list[str]:
    """The tables and those their foreign keys name."""
    found = list(names)
    for name in found:
        for key in Base.metadata.tables[name].foreign_keys:
            needed = key.column.table.name
            if needed not in found:
                found.append(needed)
    return found


def _bare_postings(file: Path) -> float:
    connection = sqlite3.connect(file, isolation_level=None)
    safe_wal = sqlite3.sqlite_version_info >= db.SAFE_WAL_VERSION
    connection.execute(f"PRAGMA journal_mode = {'WAL' if safe_wal else 'TRUNCATE'}")
    connection.execute(f"PRAGMA synchronous = {'FULL' if safe_wal else 'EXTRA'}")
    connection.execute("CREATE TABLE accounts (code TEXT PRIMARY KEY, balance INTEGER)")
    connection.execute("CREATE TABLE transactions (id TEXT PRIMARY KEY, key TEXT UNIQUE)")
    connection.execute("CREATE TABLE entries (id TEXT PRIMARY KEY, tx TEXT, account TEXT, amount INTEGER)")

    def one(index: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        identity = uuid.uuid4().hex
        connection.execute("INSERT INTO transactions VALUES (?, ?)", (identity, f"bench:{index}"))
        for code, amount in (("bank", 100), (f"buyer {index % 50}", -100)):
            connection.execute("INSERT OR IGNORE INTO accounts VALUES (?, 0)", (code,))
            change = (amount, code)
            connection.execute("UPDATE accounts SET balance = balance + ? WHERE code = ?", change)
            entry = (uuid.uuid4().hex, identity, code, amount)
            connection.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", entry)
        connection.execute("COMMIT")

    rate = _per_second(POSTINGS, one)
    connection.close()
    return rate
