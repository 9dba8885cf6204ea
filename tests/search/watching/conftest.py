"""The cast of searches, watch lists and wanted notices."""

import pytest
from flask import Flask
from watching_cast import Stage


@pytest.fixture
def stage(app: Flask) -> Stage:
    return Stage()
