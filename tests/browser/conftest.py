"""The real application in its own process on a free port, and Chromium looking at it."""

import base64
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import builders
import pytest
from databases import SqliteDatabases
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from marketplace import config
from marketplace.access import InstitutionKind
from marketplace.db import atomic, db
from marketplace.listings.rules import LotStatus
from marketplace.parties.models import Institution, Person
from marketplace.parties.rules import Role
from search import service as search_service
from wsgi import create_app

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK, POCKET = 1280, 390
START_SECONDS = 30


@dataclass(frozen=True)
class Live:
    """The running application.

    Attributes:
        app: the same application in this process, on the same databases, to make data and cookies with.
        people: by kind of institution, somebody with every role.
    """

    url: str
    app: Flask
    people: dict[InstitutionKind, Person]
    lot_path: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def live(sqlite_template: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The application behind gunicorn in a scratch home, with one lot and somebody of every kind."""
    home = tmp_path_factory.mktemp("live")
    sqlite_template.copy_to(home)
    environment = _environment(home)
    app = create_app(config.from_environment(environment))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        people, lot_path = _fill()
        db.session.expunge_all()
        search_service.rebuild()
        db.session.remove()
    with _serving(environment) as url:
        yield Live(url, app, people, lot_path)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _environment(home: Path) -> dict[str, str]:
    key = base64.urlsafe_b64encode(bytes(range(32))).decode()
    return {
        "LUOCHUI_HOME": str(home),
        "SECRET_KEY": "only-for-tests-" * 4,
        "RECEIPT_KEY": key,
        "FIELD_KEY": key,
        "SECURE_COOKIES": "no",
        "PATH": os.environ["PATH"],
    }


def _fill() -> tuple[dict[InstitutionKind, Person], str]:
    people = {}
    with atomic() as session:
        institutions: dict[InstitutionKind, Institution] = {
            kind: builders.an_institution(session, kind, f"Example {kind}") for kind in InstitutionKind
        }
        for kind, institution in institutions.items():
            people[kind] = builders.a_person(session, institution, f"Chen {kind}", frozenset(Role))
        bank = institutions[InstitutionKind.BANK]
        lot = builders.a_lot(session, bank, title="一种两相绕组电机 Motor with a winding of two phases")
        builders.a_lot(session, bank, status=LotStatus.DRAFTED)
        builders.a_mandate(session, institutions[InstitutionKind.AGENCY], bank)
    return people, f"/lots/{lot.id}"


@contextmanager
def _serving(environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # As many threads as the real server has: a page that was left keeps one until the next heartbeat.
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "64"]
    log = Path(environment["LUOCHUI_HOME"]) / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*command, "wsgi:create_app()"], cwd=ROOT, env=environment, stdout=output, stderr=output
        ) as server,
    ):
        try:
            _wait(f"http://127.0.0.1:{port}/healthz", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(START_SECONDS * 10):
        assert server.poll() is None, log.read_text()[-3000:]
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not answer: {log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


OpenWindow = Callable[..., BrowserContext]


@pytest.fixture
def open_window(chromium: Browser, live: Live) -> Iterator[OpenWindow]:
    """A function that opens a window of some width, in a language, light or dark, for somebody or nobody."""
    windows: list[BrowserContext] = []

    def open_one(
        width: int = DESK,
        language: str = "en",
        scheme: str = "light",
        person: Person | None = None,
        *,
        scripts: bool = True,
    ) -> BrowserContext:
        settings: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
        window = chromium.new_context(
            base_url=live.url, locale=language, java_script_enabled=scripts, **settings
        )
        window.set_default_timeout(10_000)
        if person is not None:
            window.add_cookies([_cookie(live, person, language)])
        windows.append(window)
        return window

    yield open_one
    for window in windows:
        window.close()


def _cookie(live: Live, person: Person, language: str) -> Any:
    name = live.app.config["SESSION_COOKIE_NAME"]
    with live.app.app_context():
        client = builders.signed_in(live.app.test_client(), person)
        db.session.remove()
    with client.session_transaction() as kept:
        kept["language"] = language[:2]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"name": name, "value": cookie.value, "url": live.url}
