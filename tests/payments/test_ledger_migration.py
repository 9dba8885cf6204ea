"""A database from before two phases: its entries are proven, its open card holds become promises."""

import sqlite3
import uuid
from typing import Any

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import select

from marketplace.db import db
from migrations.commands import chain_config
from payments import proofs
from payments.ledger import Phase, Standing
from payments.models import Account, LedgerTransaction

LOT, BIDDER, DEPOSIT = (uuid.UUID(int=number) for number in (1, 2, 3))
HELD = f"deposit_held:CNY:{LOT}:{BIDDER}"


def _insert(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    """A row; columns that the table asks for and nobody named get something empty."""
    for _, name, kind, required, default, _ in connection.execute(f"PRAGMA table_info({table})").fetchall():
        if required and default is None:
            values.setdefault(name, 0 if "INT" in kind or "BOOL" in kind else "")
    names, marks = ", ".join(values), ", ".join("?" for _ in values)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_open_card_holds_are_booked_over(app: Flask) -> None:
    command.downgrade(chain_config("marketplace"), "0012")
    connection = sqlite3.connect(str(db.engine.url.database))
    _insert(connection, "lots", id=LOT.hex)
    ids = {"authorised:CNY:-:stripe": uuid.uuid4().hex, HELD: uuid.uuid4().hex}
    for code, minor in (("authorised:CNY:-:stripe", 500), (HELD, -500)):
        purpose, currency, lot, party = code.split(":", 3)
        lot_id = None if lot == "-" else LOT.hex
        named = {"purpose": purpose, "currency": currency, "lot_id": lot_id, "party": party}
        _insert(connection, "ledger_accounts", id=ids[code], code=code, balance_minor=minor, **named)
    made = {"key": f"deposit:{DEPOSIT}:1:held", "at": "2026-03-02 02:00:00.000000", "subject_id": DEPOSIT.hex}
    _insert(connection, "ledger_transactions", id=uuid.uuid4().hex, lot_id=LOT.hex, **made)
    (transaction_id,) = connection.execute("SELECT id FROM ledger_transactions").fetchone()
    for line, (account_id, minor) in enumerate(zip(ids.values(), (500, -500), strict=True), start=1):
        amount = {"account_id": account_id, "amount_minor": minor, "currency": "CNY"}
        _insert(
            connection,
            "ledger_entries",
            id=uuid.uuid4().hex,
            transaction_id=transaction_id,
            line=line,
            **amount,
        )
    bidder = {"lot_id": LOT.hex, "institution_id": BIDDER.hex, "amount_minor": 500, "currency": "CNY"}
    _insert(connection, "deposits", id=DEPOSIT.hex, status="held", method="stripe", attempt=1, **bidder)
    connection.commit()
    connection.close()

    command.upgrade(chain_config("marketplace"), "0013")
    session = db.session()
    assert not [problem for _, question in proofs.CHECKS for problem in question(session)]
    standings = {account.code: account.standing for account in session.scalars(select(Account))}
    assert standings == {
        "authorised:CNY:-:stripe": Standing(),
        HELD: Standing(0, pending_credit=500),
        "cash:CNY:-:stripe": Standing(0, pending_debit=500),
    }
    pending = session.scalars(select(LedgerTransaction).where(LedgerTransaction.phase == Phase.PENDING)).one()
    assert pending.subject_id == DEPOSIT
