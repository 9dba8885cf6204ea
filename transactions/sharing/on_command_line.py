"""`flask transactions …` for contributors: a key, signatures, the conformance suite; and a sandbox's entries.

What a contributor runs needs no configuration of a marketplace.
"""

import json
import secrets
from pathlib import Path
from typing import Any, NoReturn

import click
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from flask.cli import with_appcontext
from flask_babel import force_locale

from marketplace.errors import Refused
from transactions.log import signing
from transactions.sharing.conformance import suite
from transactions.sharing.conformance.checks import CHECKS
from transactions.sharing.conformance.exchange import Party, Unreachable, over_http, signed_headers
from transactions.sharing.reading_json import strict_json
from transactions.sharing.rules.statements import fingerprint

FINE, FAILS, BAD_INPUT = 0, 1, 2
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_BYTES_LIMIT = 8 * 1024 * 1024


@click.command("make-key")
@click.argument("file", type=click.Path(path_type=Path))
def make_key(file: Path) -> None:
    """Write a new Ed25519 private key to FILE and print its public key and fingerprint."""
    if file.exists():
        _stop(f"{file} is there already; a key is never written over")
    key = Ed25519PrivateKey.from_private_bytes(secrets.token_bytes(32))
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _print_public(_seed(file))


@click.command("show-key")
@click.argument("file", type=_FILE)
def show_key(file: Path) -> None:
    """Print the public key and the fingerprint of the key in FILE."""
    _print_public(_seed(file))


def _print_public(seed: bytes) -> None:
    public = signing.public_key(seed)
    click.echo(f"public key   {public}")
    click.echo(f"fingerprint  {fingerprint(public)}")


@click.command("sign")
@click.argument("file", type=_FILE)
@click.option("--key", required=True, type=_FILE, help="Private key, PEM.")
@click.option("--contributor", required=True, help="Your short name in the register.")
@click.option("--sandbox", is_flag=True, help="Sign for a sandbox.")
def sign(file: Path, key: Path, contributor: str, *, sandbox: bool) -> None:
    """Print the submission made of the lines in FILE, a JSON list without keys and signatures."""
    if file.stat().st_size > _BYTES_LIMIT:
        _stop(f"{file}: larger than {_BYTES_LIMIT} bytes")
    try:
        lines: Any = strict_json(file.read_bytes())
    except Refused as refused:
        _stop(f"{file}: {refused.reason} {refused.details.get('what', '')}".strip())
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        _stop(f"{file}: not a list of lines")
    party = Party(over_http("http://localhost"), contributor, _seed(key), sandbox=sandbox)
    submission = {"contributor": contributor, "lines": [party.signed(line) for line in lines]}
    click.echo(json.dumps(submission, ensure_ascii=False))


@click.command("sign-request")
@click.argument("target")
@click.option("--key", required=True, type=_FILE, help="Private key, PEM.")
@click.option("--contributor", required=True, help="Your short name in the register.")
@click.option("--sandbox", is_flag=True, help="Sign for a sandbox.")
def sign_request(target: str, key: Path, contributor: str, *, sandbox: bool) -> None:
    """Print the headers that sign a GET of TARGET, a path with its query; `curl --header @-` reads them."""
    for name, value in signed_headers(contributor, _seed(key), "GET", target, sandbox=sandbox).items():
        click.echo(f"{name}: {value}")


@click.command("conformance")
@click.option("--url", required=True, help="Address of a sandbox, for example http://localhost:8000.")
@click.option("--key", required=True, type=_FILE, help="Private key of a contributor of the sandbox, PEM.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def conformance(url: str, key: Path, *, as_json: bool) -> None:
    """Check a sandbox of the shared record as a contributor's program meets it.

    Exit code 0 when every check passes, 1 when one fails, 2 when the suite cannot begin: no key, no sandbox,
    nobody there.
    """
    try:
        scene = suite.open_scene(over_http(url), _seed(key))
        outcomes = []
        for outcome in suite.run(scene, CHECKS):
            outcomes.append(outcome)
            if not as_json:
                click.echo(f"{'fail' if outcome.problem else 'pass'}  {outcome.name}")
                if outcome.problem:
                    click.echo(f"      {outcome.problem}")
    except (Unreachable, suite.NotReady) as problem:
        _stop(str(problem))
    failed = sum(bool(one.problem) for one in outcomes)
    if as_json:
        checks = [{"name": one.name, "pass": not one.problem, "problem": one.problem} for one in outcomes]
        click.echo(json.dumps({"contributor": scene.party.code, "failed": failed, "checks": checks}))
    else:
        click.echo(f"{len(outcomes) - failed} of {len(outcomes)} checks pass")
    raise SystemExit(FAILS if failed else FINE)


@click.command("admit-to-sandbox")
@click.argument("code")
@click.argument("public_key")
@click.option("--name", default="", help="As it is shown; the code where it is left out.")
@with_appcontext
def admit_to_sandbox(code: str, public_key: str, name: str) -> None:
    """Enter CODE with its PUBLIC_KEY into the register of a sandbox, admitted at once."""
    # The other commands are run by contributors, who wait for no database layer to load.
    from marketplace.db import atomic  # noqa: PLC0415
    from marketplace.web import refusal_text  # noqa: PLC0415
    from transactions.sharing.service import registering  # noqa: PLC0415

    try:
        with atomic() as session:
            registering.admit_to_sandbox(session, code, name or code, public_key)
    except Refused as refused:
        with force_locale("en"):
            _stop(refusal_text(refused))
    click.echo(f"{code} is admitted")


def _seed(file: Path) -> bytes:
    """The 32 bytes of an Ed25519 private key in a PEM file."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        _stop(f"{file}: no private key in PEM without a password")
    if not isinstance(key, Ed25519PrivateKey):
        _stop(f"{file}: not an Ed25519 key")
    return key.private_bytes_raw()


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    raise SystemExit(BAD_INPUT)


COMMANDS = (make_key, show_key, sign, sign_request, conformance, admit_to_sandbox)
