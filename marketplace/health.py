"""Is the process alive, and is everything it stands on safe to use?"""

import sqlite3
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import Connection, text

from marketplace.db import SAFE_WAL_VERSION, TRANSACTIONS_BIND, db
from marketplace.web import limiter, public

blueprint = Blueprint("health", __name__)

# What a PostgreSQL must say for an acknowledged bid to survive a power cut.
_POSTGRESQL_SETTINGS = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
}


@blueprint.get("/healthz")
@limiter.exempt
@public
def alive() -> Response:
    """200 as long as the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@limiter.exempt
@public
def ready() -> tuple[Response, int]:
    """200 when both databases answer with safe settings, 503 with the reasons otherwise."""
    problems = unsafe_settings()
    return jsonify(status="unsafe" if problems else "ok", problems=problems), 503 if problems else 200


def unsafe_settings() -> list[str]:
    """What is wrong with the databases as configured; an empty list when acknowledged writes are durable."""
    problems: list[str] = []
    for bind in (None, TRANSACTIONS_BIND):
        engine = db.engines[bind]
        with engine.connect() as connection:
            check = _sqlite_problems if engine.dialect.name == "sqlite" else _postgresql_problems
            problems += [f"{bind or 'marketplace'}: {problem}" for problem in check(connection)]
    return problems


def _setting(connection: Connection, statement: str) -> Any:
    return connection.execute(text(statement)).scalar()


def _sqlite_problems(connection: Connection) -> list[str]:
    journal = str(_setting(connection, "PRAGMA journal_mode"))
    synchronous = int(_setting(connection, "PRAGMA synchronous"))
    problems = []
    if synchronous < 2:
        problems.append("synchronous is below FULL")
    if journal == "wal" and sqlite3.sqlite_version_info < SAFE_WAL_VERSION:
        problems.append(f"WAL on SQLite {sqlite3.sqlite_version} can lose pages")
    if not _setting(connection, "PRAGMA foreign_keys"):
        problems.append("foreign_keys is off")
    return problems


def _postgresql_problems(connection: Connection) -> list[str]:
    values = {name: str(_setting(connection, f"SHOW {name}")) for name in _POSTGRESQL_SETTINGS}
    return [f"{name} is {value}" for name, value in values.items() if value not in _POSTGRESQL_SETTINGS[name]]
