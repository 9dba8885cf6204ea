"""Engines under test."""

from pathlib import Path

import pytest

from search.engines import Engine
from search.engines.oracle import OracleEngine
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine

# Each is a fixture `<name>_engine`, asked for only where its tests run.
ENGINES = ["oracle", "whoosh", "tantivy"]


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
