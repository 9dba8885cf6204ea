"""Records from before the later fields were kept survive the migration, and their leaves still verify."""

import uuid

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock, moment_text
from marketplace.clock import now as system_now
from marketplace.db import TRANSACTIONS_BIND, db
from migrations.commands import chain_config, upgrade_all
from transactions.log import tree
from transactions.log.commitments import leaf_data
from transactions.models import TransactionRecord, columns_of

from .sale_builders import a_sale_of

FIRST = 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_record_of_the_first_version_survives(app: Flask, session: Session, clock: FixedClock) -> None:
    session.rollback()
    command.downgrade(chain_config("transactions"), "0001")
    engine = db.engines[TRANSACTIONS_BIND]
    sale, record_id, at = a_sale_of(1, record_version=FIRST), uuid.uuid4(), system_now()
    leaf = tree.leaf_hash(leaf_data(record_id, moment_text(at), "ab" * 16, sale)).hex()
    with engine.begin() as connection:
        names = [row[1] for row in connection.execute(text("PRAGMA table_info(transaction_records)"))]
        values = {name: value for name, value in columns_of(sale).items() if name in names}
        plain = {name: _plain(value) for name, value in values.items()} | {
            "id": record_id.hex, "recorded_at": at.replace(tzinfo=None).isoformat(" "), "leaf_index": 0,
            "salt": "ab" * 16, "leaf_hash": leaf,
        }  # fmt: skip
        columns = ", ".join(plain)
        marks = ", ".join(f":{name}" for name in plain)
        connection.execute(text(f"INSERT INTO transaction_records ({columns}) VALUES ({marks})"), plain)  # noqa: S608
    upgrade_all()
    (record,) = session.query(TransactionRecord).all()
    assert (record.record_version, record.claims, record.legal_events) == (FIRST, None, [])
    assert record.facts() == sale
    again = leaf_data(record.id, moment_text(record.recorded_at), record.salt, record.facts())
    assert tree.leaf_hash(again).hex() == record.leaf_hash


def _plain(value: object) -> object:
    if isinstance(value, list):
        return "[]" if not value else f"[{', '.join(repr(part) for part in value)}]"
    return value if value is None or isinstance(value, int) else str(value)
