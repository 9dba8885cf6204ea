"""What a contributor runs from the command line, and how it ends."""

import base64
import json
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from flask.testing import FlaskClient

from transactions.log import signing
from transactions.sharing.on_command_line import COMMANDS
from transactions.sharing.rules.statements import line_digest, line_statement

from .contributing import API, Sender, ask

GROUP = click.Group("transactions", commands=list(COMMANDS))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(GROUP, [str(one) for one in arguments])


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key.pem"
    assert run("make-key", path).exit_code == 0
    return path


def test_a_key_is_made_once_and_shown_again(key: Path) -> None:
    shown = run("show-key", key)
    assert shown.exit_code == 0
    public = shown.output.split()[2]
    assert len(public) == 44
    assert key.stat().st_mode & 0o077 == 0
    again = run("make-key", key)
    assert (again.exit_code, run("show-key", key).output) == (2, shown.output)


def test_keys_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "other.pem"
    path.write_text("no key")
    assert (run("show-key", path).exit_code, "no private key" in run("show-key", path).output) == (2, True)
    other = Ed448PrivateKey.generate()
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert "not an Ed25519 key" in run("show-key", path).output


def test_signing_lines(key: Path, tmp_path: Path) -> None:
    file = tmp_path / "lines.json"
    line = {"id": "1", "action": "reverse", "corrects": "x", "reason": "撤销"}
    file.write_text(json.dumps([line]), encoding="utf-8")
    answer = run("sign", file, "--key", key, "--contributor", "hefei")
    assert answer.exit_code == 0, answer.output
    (signed,) = json.loads(answer.output)["lines"]
    public = run("show-key", key).output.split()[2]
    statement = line_statement("hefei", line_digest(line), sandbox=False)
    assert signing.is_signed(public, signed["signature"], statement)
    for wrong in ("{}", "[1]", "[{]", '[{"price": 1.5}]'):
        file.write_text(wrong)
        assert run("sign", file, "--key", key, "--contributor", "hefei").exit_code == 2
    assert run("sign", tmp_path / "none.json", "--key", key, "--contributor", "hefei").exit_code == 2


def test_signing_a_request(key: Path) -> None:
    answer = run("sign-request", "/x?y=1", "--key", key, "--contributor", "hefei", "--sandbox")
    names = [line.partition(":")[0] for line in answer.output.splitlines()]
    assert names == ["Luochui-Contributor", "Luochui-Key", "Luochui-Time", "Luochui-Signature"]


def test_a_suite_that_cannot_begin_ends_with_two(key: Path) -> None:
    for url in ("ftp://localhost", "http://127.0.0.1:1"):
        answer = run("conformance", "--url", url, "--key", key)
        assert answer.exit_code == 2, answer.output


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_only_a_sandbox_admits_by_command(app: Flask, client: FlaskClient) -> None:
    sender = Sender("hefei-exchange", bytes(32))
    arguments = ["transactions", "admit-to-sandbox", sender.code, sender.public_key]
    refused = app.test_cli_runner().invoke(args=arguments)
    assert (refused.exit_code, "no sandbox" in refused.output) == (2, True)
    assert ask(client, f"{API}/contributors").json["total"] == 0


def test_openssl_signs_the_same(key: Path, tmp_path: Path) -> None:
    """Contributors need none of our code: any Ed25519 over these bytes will do."""
    message = tmp_path / "message"
    message.write_bytes(line_statement("hefei", "0" * 64, sandbox=False))
    command = ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", str(key), "-in", str(message)]
    signature = subprocess.run(command, capture_output=True, check=True).stdout
    public = run("show-key", key).output.split()[2]
    assert signing.is_signed(public, base64.b64encode(signature).decode(), message.read_bytes())
