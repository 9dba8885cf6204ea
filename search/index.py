"""The index this application was configured with."""

from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from marketplace.config import BadConfiguration, Config
from search.documents import LAYOUT
from search.engines import Engine

KINDS = "whoosh:, whoosh:///folder, tantivy:, tantivy:///folder or postgresql://user@host/database"


def current() -> Engine:
    """The engine named by SEARCH_URL, one per application. Raises BadConfiguration for an unknown kind."""
    extensions = current_app.extensions
    if "search_engine" not in extensions:
        extensions["search_engine"] = open_engine(extensions["settings"])
    engine: Engine = extensions["search_engine"]
    return engine


def open_engine(settings: Config) -> Engine:
    """Whoosh or tantivy in a folder, without one in `index` under the home folder; or a schema in PostgreSQL.

    Only the engine that is asked for is imported. Raises BadConfiguration for anything else.
    """
    address = urlsplit(settings.search_url)
    match address.scheme, address.netloc:
        case ("whoosh" | "tantivy", ""):
            return _embedded(address.scheme, Path(address.path) if address.path else settings.home / "index")
        case ("postgresql" | "postgresql+psycopg", _) if address.path.strip("/"):
            return _in_postgresql(settings.search_url)
    raise BadConfiguration(f"SEARCH_URL must be {KINDS}")


def _embedded(kind: str, folder: Path) -> Engine:
    # ruff: noqa: PLC0415 - only the engine in use is loaded
    if kind == "tantivy":
        from search.engines.tantivy import TantivyEngine

        return TantivyEngine(folder, f"tantivy-{LAYOUT}")
    from search.engines.whoosh import WhooshEngine

    return WhooshEngine(folder, LAYOUT)


def _in_postgresql(url: str) -> Engine:
    """The schema is named by `?schema=`, so that several marketplaces may keep theirs in one database."""
    from search.engines.postgresql import DEFAULT_SCHEMA, PostgresqlEngine

    try:
        address = make_url(url)
        plain = address.difference_update_query(["schema"]).render_as_string(hide_password=False)
        return PostgresqlEngine(plain, LAYOUT, str(address.query.get("schema", DEFAULT_SCHEMA)))
    except (ArgumentError, ValueError) as error:
        raise BadConfiguration(f"SEARCH_URL: {error}") from None
