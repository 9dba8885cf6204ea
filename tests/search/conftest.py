"""Engines under test."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import SERVER
from sqlalchemy import create_engine, text

from search.engines import Engine
from search.engines.oracle import OracleEngine
from search.engines.postgresql import PostgresqlEngine
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine

# Each is a fixture `<name>_engine`, asked for only where its tests run.
ENGINES = ["oracle", "whoosh", "tantivy", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


@pytest.fixture
def oracle_engine() -> Engine:
    return OracleEngine()


@pytest.fixture
def whoosh_engine(tmp_path: Path) -> Engine:
    return WhooshEngine(tmp_path / "whoosh")


@pytest.fixture
def tantivy_engine(tmp_path: Path) -> Engine:
    return TantivyEngine(tmp_path / "tantivy")


@pytest.fixture
def postgresql_schema() -> Iterator[str]:
    """A name that no other test has; what was made under it is removed."""
    schema = f"luochui_test_{uuid.uuid4().hex[:12]}"
    yield schema
    server = create_engine(SERVER)
    with server.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
    server.dispose()


@pytest.fixture
def postgresql_engine(postgresql_schema: str) -> Iterator[PostgresqlEngine]:
    engine = PostgresqlEngine(SERVER, schema=postgresql_schema)
    yield engine
    engine.close()
