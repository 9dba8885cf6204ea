"""The conformance suite, with planted faults; the examples of the documentation against a real server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from conftest import settings_for
from databases import Databases
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from marketplace import clock as system_clock
from marketplace.db import db
from marketplace.web import limiter
from transactions.sharing.conformance import suite
from transactions.sharing.conformance.checks import CHECKS
from transactions.sharing.conformance.exchange import Answer, Transport, Unreachable, over_http
from wsgi import create_app

from .contributing import API, a_contributor

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def sandbox(databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """A sandbox by the system's clock: the examples sign by it too."""
    monkeypatch.setattr(limiter, "enabled", False)
    application = create_app(replace(settings_for(tmp_path, databases), sandbox=True))
    with application.app_context():
        yield application
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def within(client: FlaskClient) -> Transport:
    """Requests without a network."""

    def ask(method: str, target: str, headers: Any, body: bytes | None) -> Answer:
        answer = client.open(target, method=method, headers=headers, data=body)
        return Answer(answer.status_code, answer.get_json(silent=True) or {}, dict(answer.headers))

    return ask


def test_every_check_passes_twice_and_a_fault_is_found(sandbox: Flask) -> None:
    sender = a_contributor()
    ask = within(sandbox.test_client())
    for _ in range(2):
        scene = suite.open_scene(ask, sender.seed)
        outcomes = list(suite.run(scene, CHECKS))
        assert [one for one in outcomes if one.problem] == []
        assert len(outcomes) == len(CHECKS)

    def forgetful(method: str, target: str, headers: Any, body: bytes | None) -> Answer:
        """A server that takes every signature, answers each line as new and skips an entry of the feed."""
        answer = ask(method, target, headers, body)
        if target.startswith(f"{API}/feed") and answer.facts.get("entries"):
            answer.facts["entries"] = answer.facts["entries"][1:]
        if method == "POST":
            for line in answer.facts.get("lines", []):
                line.update({"code": 201, "status": "accepted"})
        return answer

    found = {one.name for one in suite.run(suite.open_scene(forgetful, sender.seed), CHECKS) if one.problem}
    assert {
        "wrong signatures are refused",
        "the same line again is the same record",
        "the feed is dense and in order",
    } <= found


def test_when_the_suite_cannot_begin(app: Flask, client: FlaskClient) -> None:
    sender = a_contributor()
    with pytest.raises(suite.NotReady, match="no sandbox"):
        suite.open_scene(within(client), sender.seed)
    with pytest.raises(Unreachable):
        over_http("ftp://localhost")
    with pytest.raises(Unreachable):
        over_http("http://localhost:1")("GET", "/", {}, None)
    with pytest.raises(Unreachable):
        suite.open_scene(lambda *_: Answer(404, {}, {}), sender.seed)


def test_a_key_that_nobody_knows(sandbox: Flask) -> None:
    with pytest.raises(suite.NotReady, match="no admitted contributor"):
        suite.open_scene(within(sandbox.test_client()), bytes(32))


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application behind a real socket."""
    server = make_server("127.0.0.1", 0, app, threaded=False)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def examples() -> str:
    """The blocks of docs/sharing.md that are marked as a session, one after the other."""
    text = (ROOT / "docs" / "sharing.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh session\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 4
    return "set -eu\n" + "\n".join(blocks)


# As `flask`, without the commands of all other rooms, which take seconds to load each time.
_FLASK = """#!{python}
import click
from transactions.sharing.on_command_line import COMMANDS

click.Group(commands=[click.Group("transactions", commands=list(COMMANDS))])()
"""


def test_the_examples_of_the_documentation_run(sandbox: Flask, databases: Databases, tmp_path: Path) -> None:
    """As a reader would type them, `curl` included, against a sandbox of its own."""
    folder = tmp_path / "contributor"
    folder.mkdir()
    flask = folder / "flask"
    flask.write_text(_FLASK.format(python=sys.executable))
    flask.chmod(0o755)
    with served(sandbox) as url:
        environment = os.environ | {
            "URL": url,
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "FLASK_APP": "wsgi",
            **_same_databases(databases, tmp_path),
        }
        done = subprocess.run(
            ["bash", "-c", examples()],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(CHECKS)} of {len(CHECKS)} checks pass" in done.stdout
    assert '"accepted":1' in done.stdout.replace(" ", "")
    assert '"ocid"' in done.stdout.replace(" ", "")
    assert system_clock.now().tzinfo is not None


def _same_databases(databases: Databases, home: Path) -> dict[str, str]:
    """What a command line of the sandbox is configured by."""
    settings = settings_for(home, databases)
    key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    return {
        "LUOCHUI_HOME": str(home),
        "SECRET_KEY": settings.secret_key,
        "RECEIPT_KEY": key,
        "FIELD_KEY": key,
        "DATABASE_URL": settings.database_url,
        "TRANSACTIONS_URL": settings.transactions_url,
        "MARKETPLACE_NAME": settings.marketplace_name,
        "SANDBOX": "yes",
        "SECURE_COOKIES": "no",
    }
