"""What somebody with the database's password can do, triggers and foreign keys switched off."""

import sqlite3
from typing import Any

from sqlalchemy import text

from marketplace.db import TRANSACTIONS_BIND, db


def tamper(statement: str, bind: str | None = TRANSACTIONS_BIND, **values: Any) -> None:
    """Run one statement on a bind's database past all its guards."""
    db.session.rollback()
    engine = db.engines[bind]
    if engine.dialect.name == "sqlite":
        _tamper_with_file(str(engine.url.database), statement, values)
        return
    with engine.begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement), values)
        connection.execute(text("SET session_replication_role = DEFAULT"))


def _tamper_with_file(file: str, statement: str, values: dict[str, Any]) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for (name,) in names:
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(statement, values)
    connection.close()
