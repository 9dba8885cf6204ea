"""Fixtures of the payments tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe_server
from stripe_fake import StripeFake


@pytest.fixture
def shared_settlements(shared_data: Path) -> list[Path]:
    """The settlement cases beside the checkout."""
    return sorted((shared_data / "settlements").glob("*.json"))


@pytest.fixture(scope="session")
def stripe_port() -> Iterator[StripeFake]:
    with stripe_server.running() as running:
        yield running


@pytest.fixture
def fake(stripe_port: StripeFake) -> StripeFake:
    """The Stripe fake on its local port, without notices of earlier tests."""
    stripe_port.events.clear()
    return stripe_port
