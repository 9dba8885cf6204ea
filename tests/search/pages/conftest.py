"""The pages are the same whatever the engine; they are looked at with a quick one."""

from pathlib import Path

import pytest
from flask import Flask

from search import documents
from search.engines.tantivy import TantivyEngine


@pytest.fixture(autouse=True)
def quick_engine(app: Flask, tmp_path: Path) -> None:
    app.extensions["search_engine"] = TantivyEngine(tmp_path / "tantivy", documents.LAYOUT)
