"""Databases of all tests hold the same tables: each statement is compiled once per process.

An engine keeps what it compiled for itself and its dialect alone, and every test has engines of its own.
Compiling is about a third of what a test with a database does.
"""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

# More than all tests together ask, so that none is compiled again.
STATEMENTS = 20_000

_make_engine = SQLAlchemy._make_engine
_known: dict[str, Engine] = {}


def _make_knowing_engine(
    self: SQLAlchemy, bind_key: str | None, options: dict[str, Any], app: Flask
) -> Engine:
    engine = _make_engine(self, bind_key, options, app)
    known = _known.get(engine.dialect.name)
    if known is not None and known.dialect.server_version_info:
        engine.dialect = engine.pool._dialect = known.dialect
        engine._compiled_cache = known._compiled_cache
    else:  # a dialect that has not met its server yet cannot speak for another engine
        engine._compiled_cache = LRUCache(STATEMENTS)
        _known[engine.dialect.name] = engine
    return engine


def install() -> None:
    """Compile each statement once from now on."""
    SQLAlchemy._make_engine = _make_knowing_engine  # type: ignore[method-assign]
