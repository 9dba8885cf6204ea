"""Every column of every table of the log is changed in turn, and `verify` finds it each time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from databases import SqliteDatabases
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.config import Config
from marketplace.db import TRANSACTIONS_BIND, atomic, db
from transactions import service
from transactions.log import stamping, verification, witnessing

from .sale_builders import a_sale_of
from .tampering import tamper
from .time_stamp_authority import Authority, running

# Table, bind, one row in the middle of it.
ROWS = (
    ("transaction_records", TRANSACTIONS_BIND, "leaf_index = 2"),
    ("log_nodes", TRANSACTIONS_BIND, "level = 2"),
    ("checkpoints", TRANSACTIONS_BIND, "tree_size = 3"),
    ("checkpoint_signatures", TRANSACTIONS_BIND, "tree_size = 3"),
    ("checkpoint_stamps", TRANSACTIONS_BIND, "tree_size = 5"),
    ("log_heads", TRANSACTIONS_BIND, "id = 1"),
    ("seen_checkpoints", None, "tree_size = 5"),
)

# What no signature covers because nothing follows from it: the number of the one head, when something was
# seen or countersigned, and by which address the authority was asked whose name its token bears.
SILENT = {
    ("log_heads", "id"),
    ("seen_checkpoints", "seen_at"),
    ("checkpoint_signatures", "signed_at"),
    ("checkpoint_stamps", "authority"),
}


@pytest.fixture
def databases(sqlite_template: SqliteDatabases, tmp_path: Path) -> SqliteDatabases:
    """SQLite keeps whatever is written, so that every column can be changed to anything."""
    return sqlite_template.copy_to(tmp_path)


@pytest.fixture
def authority(app: Flask) -> Iterator[Authority]:
    with running() as started:
        settings: Config = app.extensions["settings"]
        app.extensions["settings"] = replace(
            settings, time_stamp_url=started.url, time_stamp_roots=started.write_roots(settings.home)
        )
        yield started


def problems(app: Flask, session: Session) -> list[str]:
    session.rollback()
    return list(verification.verify_configured(session, app.extensions["settings"]).problems)


def changed(value: Any) -> Any:
    """Another value, one step away, as the database keeps it."""
    if isinstance(value, int):
        return value ^ 1 if value in {0, 1} else value + 1000
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    return 1 if value is None else _other_text(value)


def _other_text(text: str) -> str:
    """The text with its last letter or digit moved; one without any gets a letter."""
    for place in reversed(range(len(text))):
        letter = text[place]
        if letter.isalnum():
            other = "1" if letter == "0" else "0" if letter.isdigit() else "y" if letter == "z" else "z"
            return text[:place] + other + text[place + 1 :]
    return text + "x"


def row_of(table: str, bind: str | None, where: str) -> dict[str, Any]:
    with db.engines[bind].connect() as connection:
        query = f"SELECT rowid AS place, * FROM {table} WHERE {where}"  # noqa: S608
        return dict(connection.exec_driver_sql(query).mappings().one())


def test_a_changed_byte_anywhere_is_found(app: Flask, session: Session, authority: Authority) -> None:
    with atomic() as writing:
        service.append(writing, [a_sale_of(number * 100) for number in range(3)])
    with atomic() as writing:
        service.append(writing, [a_sale_of(number * 100) for number in range(3, 5)])
    with atomic() as writing:
        assert witnessing.witness_due(writing)
    assert stamping.stamp_due() == 1
    assert problems(app, session) == []
    unseen = []
    for table, bind, where in ROWS:
        row = row_of(table, bind, where)
        place = row.pop("place")
        for name, value in row.items():
            if (table, name) in SILENT:
                continue
            statement = f"UPDATE {table} SET {name} = :value WHERE rowid = :place"  # noqa: S608
            tamper(statement, bind, value=changed(value), place=place)
            if not problems(app, session):
                unseen.append((table, name))
            tamper(statement, bind, value=value, place=place)
        assert problems(app, session) == [], table
        tamper(f"DELETE FROM {table} WHERE rowid = :place", bind, place=place)  # noqa: S608
        if not problems(app, session):
            unseen.append((table, "the whole row"))
        names = ", ".join(f":{name}" for name in row)
        tamper(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({names})", bind, **row)  # noqa: S608
    assert problems(app, session) == []
    # These two can be taken away whole: nobody has promised that there are any.
    assert unseen == [
        ("checkpoint_signatures", "the whole row"),
        ("checkpoint_stamps", "the whole row"),
        ("seen_checkpoints", "the whole row"),
    ]
