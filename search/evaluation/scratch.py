"""An engine of a kind, empty and for one use: it disturbs no index and leaves nothing behind."""

# ruff: noqa: PLC0415 - only the engine in use is loaded

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from search.engines import Engine

KINDS = ("whoosh", "tantivy", "postgresql")


class NoEngine(Exception):
    """The environment names no such engine, or no database for it."""


def kind_of(environment: Mapping[str, str]) -> str:
    """The kind of engine that SEARCH_URL names; `whoosh` by default. Raises NoEngine."""
    kind = environment.get("SEARCH_URL", "whoosh:").partition(":")[0].partition("+")[0]
    if kind not in KINDS:
        raise NoEngine(f"SEARCH_URL: {kind} is none of {', '.join(KINDS)}")
    return kind


@contextmanager
def scratch(kind: str, environment: Mapping[str, str]) -> Iterator[Engine]:
    """An engine of this kind: in a temporary folder, or in a schema of its own that is dropped afterwards.

    Raises:
        NoEngine: PostgreSQL is asked for, and neither SEARCH_URL nor DATABASE_URL names a database of it.
    """
    if kind == "postgresql":
        with _in_schema(_database(environment)) as engine:
            yield engine
        return
    with tempfile.TemporaryDirectory(prefix="luochui-search-") as folder:
        yield _in_folder(kind, Path(folder))


def _in_folder(kind: str, folder: Path) -> Engine:
    if kind == "tantivy":
        from search.engines.tantivy import TantivyEngine

        return TantivyEngine(folder)
    from search.engines.whoosh import WhooshEngine

    return WhooshEngine(folder)


def _database(environment: Mapping[str, str]) -> str:
    for name in ("SEARCH_URL", "DATABASE_URL"):
        address = environment.get(name, "")
        if address.startswith("postgresql") and "//" in address:
            # `?schema=` names that of the real index.
            plain = make_url(address).difference_update_query(["schema"])
            return plain.render_as_string(hide_password=False)
    raise NoEngine("SEARCH_URL or DATABASE_URL must name a PostgreSQL database")


@contextmanager
def _in_schema(address: str) -> Iterator[Engine]:
    from search.engines.postgresql import PostgresqlEngine

    schema = f"luochui_scratch_{secrets.token_hex(6)}"
    engine = PostgresqlEngine(address, schema=schema)
    try:
        yield engine
    finally:
        with engine.connections.write() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        engine.connections.close()
