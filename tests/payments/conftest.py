"""Fixtures of the payments tests."""

from pathlib import Path

import pytest


@pytest.fixture
def shared_settlements(shared_data: Path) -> list[Path]:
    """The settlement cases beside the checkout."""
    return sorted((shared_data / "settlements").glob("*.json"))
