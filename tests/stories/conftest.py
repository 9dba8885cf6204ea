"""The application as it runs: CSRF on, no context left open between two requests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe_server
from argon2 import PasswordHasher
from conftest import settings_for
from databases import Databases
from flask import Flask
from stories.cast import Stage
from stripe_fake import StripeFake

from marketplace.clock import FixedClock
from marketplace.db import db
from marketplace.parties import passwords
from marketplace.web import limiter
from wsgi import create_app


@pytest.fixture
def site(
    databases: Databases, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """Unlike `app` no context is pushed, so that requests share nothing, and every form needs its token."""
    application = create_app(settings_for(tmp_path, databases))
    application.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    yield application
    with application.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def stage(site: Flask, clock: FixedClock) -> Stage:
    """The cast, verified and with second factors, each with a window."""
    return Stage(site, clock).with_cast()


@pytest.fixture
def stripe_port() -> Iterator[StripeFake]:
    """A Stripe of this story only."""
    with stripe_server.running() as running:
        yield running
