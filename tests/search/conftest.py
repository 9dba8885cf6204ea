"""Engines under test and documents to put in them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from search.engines import Engine
from search.engines.oracle import OracleEngine
from search.engines.whoosh import WhooshEngine


@pytest.fixture(params=["oracle", "whoosh"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    makers: dict[str, Callable[[], Engine]] = {
        "oracle": OracleEngine,
        "whoosh": lambda: WhooshEngine(tmp_path / "index"),
    }
    return makers[request.param]()
