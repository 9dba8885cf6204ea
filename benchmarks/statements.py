"""How fast a statement of 100,000 lines is read, written, booked and matched, beside a bare bulk insert."""

import csv
import io
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from auctions.models import Registration
from benchmarks.bidding.stage import application, buyers, environment, institution, open_auctions
from marketplace import clock, db
from marketplace.access import InstitutionKind
from marketplace.parties.models import Institution, Person
from payments.bank import working
from payments.bank.models import BankAccount, BankStatement
from payments.bank.reading import read_statement
from payments.bank.service.importing import receive
from payments.gateways.bank_transfer import new_reference
from payments.models import Deposit
from payments.rules import DepositStatus

LINES, AWAITED = 100_000, 1_000
_HEAD = ["交易日期", "流水号", "借方发生额", "贷方发生额", "余额", "对方户名", "对方账号", "摘要"]


def run() -> list[dict[str, Any]]:
    """The figures of statements; ratio is ours divided by the baseline's, of the same run."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "ours").mkdir()
        with application(environment(home / "ours", "")):
            content, account_id = _prepare()
            ours, matched = _import(content, account_id)
        bare = _bare_import(content, home / "bare.sqlite")
    return [
        {
            "name": "statements: lines imported and matched (SQLite)",
            "value": round(LINES / ours, 1),
            "unit": "lines/s",
            "baseline": round(LINES / bare, 1),
            "ratio": round(bare / ours, 3),
            "note": f"{LINES} lines in {ours:.1f} s, {matched} of {AWAITED} deposits held by them; "
            "baseline: csv and one bulk insert with a unique key, nothing checked, booked or matched",
        }
    ]


def _prepare() -> tuple[bytes, Any]:
    """The file, and an account for it; every hundredth line pays a deposit that is asked for."""
    houses = buyers(AWAITED)
    (auction_id,) = open_auctions(1, houses)
    with db.atomic() as session:
        account = _account(session)
        paying = _deposits(session, auction_id, houses)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEAD)
    every = LINES // AWAITED
    for number in range(LINES):
        name, purpose = paying[number // every] if number % every == 0 else ("Somebody", f"goods {number}")
        balance = f"{(number + 1) * 100}.00"
        writer.writerow(
            ["2026-03-02", f"R{number}", "", "100.00", balance, name, f"6222{number:012}", purpose]
        )
    return text.getvalue().encode("gb18030"), account.id


def _account(session: Session) -> BankAccount:
    operator = institution(session, InstitutionKind.OPERATOR)
    olga = Person(
        institution_id=operator.id,
        email="olga@example.com",
        name="Olga",
        password_hash="!",  # noqa: S106 - no password verifies against it
        registered_at=clock.now(),
    )
    session.add(olga)
    session.flush()
    account = BankAccount(
        holder="Escrow",
        bank="Bank",
        bank_code="",
        number="622500001111",
        currency="CNY",
        added_by_id=olga.id,
        added_at=clock.now(),
    )
    session.add(account)
    session.flush()
    return account


def _deposits(session: Session, auction_id: Any, houses: list[Institution]) -> list[tuple[str, str]]:
    names = {house.id: house.name for house in houses}
    paying = []
    for registration in session.scalars(select(Registration).where(Registration.auction_id == auction_id)):
        registration.deposit_held = False
        deposit = Deposit(
            registration_id=registration.id,
            institution_id=registration.institution_id,
            lot_id=registration.auction.lot_id,
            amount_minor=10_000,
            currency="CNY",
            reference=new_reference(),
            required_at=clock.now(),
        )
        session.add(deposit)
        paying.append((names[registration.institution_id], f"保证金 {deposit.reference}"))
    return paying


def _import(content: bytes, account_id: Any) -> tuple[float, int]:
    """Seconds from the bytes to the last line matched, and how many deposits it held."""
    started = time.perf_counter()
    read = read_statement(content, "CNY", None)
    with db.atomic() as session:
        row = receive(session, None, account_id, read, content, file_name="benchmark.csv")
    working.finish(row.id, lambda: _show(row.id))
    seconds = time.perf_counter() - started
    held = select(Deposit.id).where(Deposit.status == DepositStatus.HELD)
    return seconds, len(db.db.session().scalars(held).all())


def _show(statement_id: Any) -> None:
    """Progress, as the command line shows it."""
    row = db.db.session().get_one(BankStatement, statement_id, populate_existing=True)
    if row.written % 20_000 == 0 and row.looked_at % 20_000 == 0:
        print(f"    {row.written} of {row.lines} written, {row.looked_at} looked at", flush=True)


def _bare_import(content: bytes, file: Path) -> float:
    connection = sqlite3.connect(file, isolation_level=None)
    safe_wal = sqlite3.sqlite_version_info >= db.SAFE_WAL_VERSION
    connection.execute(f"PRAGMA journal_mode = {'WAL' if safe_wal else 'TRUNCATE'}")
    connection.execute(f"PRAGMA synchronous = {'FULL' if safe_wal else 'EXTRA'}")
    connection.execute(
        "CREATE TABLE lines (day TEXT, reference TEXT PRIMARY KEY, out TEXT, came TEXT, balance TEXT,"
        " name TEXT, number TEXT, purpose TEXT)"
    )
    started = time.perf_counter()
    rows = csv.reader(io.StringIO(content.decode("gb18030"), newline=""))
    next(rows)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO lines VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute("COMMIT")
    seconds = time.perf_counter() - started
    connection.close()
    return seconds
