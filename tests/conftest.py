"""One application per test, on SQLite and on PostgreSQL, each with its own fresh pair of databases."""

import base64
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import quick_routes
import quick_statements
from databases import Databases, PostgresqlDatabases, SqliteDatabases
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from auctions.live.fanout import hub
from marketplace import clock as system_clock
from marketplace.clock import FixedClock
from marketplace.config import Config
from marketplace.db import db
from marketplace.web import limiter
from wsgi import create_app

# Databases of tests lie in memory where there is enough: a disk takes its time for each commit.
MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own there
MEMORY_BYTES = 2 * 1024**3
# What a test that is not pure asks for, by its fixtures or by its marks.
DATABASES = {"databases", "sqlite_template", "make_postgresql", "app"}
SERVICES = {"browser", "localstripe", "long", "postgresql", "redis"}
SHARED = Path(__file__).resolve().parents[2] / "shared"

# A busy machine makes no rule wrong: no example fails for the time that it took.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def settings_for(home: Path, databases: Databases) -> Config:
    """A Config for tests: fixed keys, cookies that work over plain HTTP."""
    key = bytes(range(32))
    return Config(
        home=home,
        secret_key="only-for-tests-" * 4,
        receipt_key=key,
        field_key=base64.urlsafe_b64encode(key).decode(),
        database_url=databases.marketplace_url,
        transactions_url=databases.transactions_url,
        search_url=f"whoosh://{home / 'index'}",
        redis_url="",
        marketplace_name="luochui-test",
        stripe_api_key="",
        stripe_api_base="",
        stripe_webhook_secret="",
        secure_cookies=False,
        trusted_proxies=0,
    )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    databases = SqliteDatabases(tmp_path_factory.mktemp("template"))
    databases.build(lambda: create_app(settings_for(databases.folder, databases)))
    return databases


@pytest.fixture(scope="session")
def make_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], PostgresqlDatabases]]:
    """Makes pairs of PostgreSQL databases; they are dropped at the end."""
    made: list[PostgresqlDatabases] = []

    def make() -> PostgresqlDatabases:
        databases = PostgresqlDatabases(f"luochui_test_{uuid.uuid4().hex[:12]}")
        made.append(databases)
        databases.create()
        home = tmp_path_factory.mktemp("template")
        databases.build(lambda: create_app(settings_for(home, databases)))
        return databases

    yield make
    for databases in made:
        databases.drop()


@pytest.fixture(scope="session")
def postgresql_databases(make_postgresql: Callable[[], PostgresqlDatabases]) -> PostgresqlDatabases:
    """One pair for all tests of this process; each test finds it empty."""
    return make_postgresql()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """An empty pair of databases: on SQLite a fresh copy of two files, on PostgreSQL one pair kept."""
    if request.param == "sqlite":
        template: SqliteDatabases = request.getfixturevalue("sqlite_template")
        yield template.copy_to(tmp_path)
        return
    kept: PostgresqlDatabases = request.getfixturevalue("postgresql_databases")
    kept.empty()
    yield kept


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    """A clock that stands at 2026-03-02 02:00 UTC until the test moves it."""
    fixed = FixedClock(datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    with system_clock.use(fixed):
        yield fixed


class EnglishClient(FlaskClient):
    """A browser that asks for English, in whose words the tests look for what a page says."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"


@pytest.fixture
def app(
    databases: Databases, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The application with its context pushed."""
    application = create_app(settings_for(tmp_path, databases))
    application.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    monkeypatch.setattr(limiter, "enabled", False)
    application.config["PROPAGATE_EXCEPTIONS"] = False
    application.test_client_class = EnglishClient
    with application.app_context():
        yield application
        hub().idle(5)  # a look at the database that is under way keeps its connection
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; tests that need it are marked `shared_data`."""
    if not SHARED.is_dir():
        pytest.skip("the folder with real data is not beside this checkout")
    return SHARED


def pytest_configure() -> None:
    quick_routes.install()
    quick_statements.install()
    os.environ.setdefault("STRIPE_SUPPRESS_NOTICES", "true")
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs nothing but Python as `pure`: these tests alone reach every branch of the rules."""
    for item in items:
        if DATABASES.isdisjoint(getattr(item, "fixturenames", ())) and not any(
            mark.name in SERVICES for mark in item.iter_markers()
        ):
            item.add_marker("pure")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI nothing may be passed over for want of a service; only the real data may be missing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter is not None else []
    if os.environ.get("CI") and any("real data" not in str(report.longrepr) for report in skipped):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
