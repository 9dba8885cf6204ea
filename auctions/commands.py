"""`flask auctions …`: rehearse, replay and export auctions."""

import json
import uuid
from pathlib import Path

import click
from flask.cli import AppGroup

from auctions import receipts
from auctions.keys import known_keys
from auctions.queries import find_auction
from auctions.record import form
from auctions.record.store import kept_record
from auctions.record.verify import verify
from auctions.scenarios.recorded import NotEnded, as_scenario
from auctions.scenarios.scenario import Runner, load, replay, run
from auctions.scenarios.through_database import run_through_database
from auctions.sealing import commands as officers
from auctions.written.reading import Malformed
from marketplace.clock import moment_text
from marketplace.db import db
from marketplace.errors import NotFound

group = AppGroup("auctions", help="Rehearse, replay and export auctions.")

for command in officers.COMMANDS:
    group.add_command(command)

FINE, DIFFERS, BAD_INPUT = 0, 1, 2


@group.command("replay")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--through", type=click.Choice(["rules", "database"]), default="rules", show_default=True)
def replay_command(files: tuple[Path, ...], through: str) -> None:
    """Run scenario FILES by the rules that decide live bids; print one JSON object per file.

    `--through database` runs them through the stored auction, its service and its clock in a scratch
    database: the answers are the same.

    Exit code 0 when every expectation holds, 1 when one differs, 2 when a file is malformed: its
    object, and a line on standard error, name file, field and reason.
    """
    code = FINE
    for path in files:
        code = max(code, _replay_one(path, run_through_database if through == "database" else run))
    raise SystemExit(code)


def _replay_one(path: Path, runner: Runner) -> int:
    try:
        answer = replay(load(path), runner)
    except Malformed as fault:
        return _malformed({"scenario": None}, path, fault)
    click.echo(json.dumps(answer, ensure_ascii=False))
    return FINE if answer["ok"] else DIFFERS


def _malformed(name: dict[str, None], path: Path, fault: Malformed) -> int:
    facts = {**name, "ok": False, "file": str(path), "field": fault.path, "reason": fault.reason}
    click.echo(json.dumps(facts, ensure_ascii=False))
    click.echo(f"{path}: {fault.path}: {fault.reason}", err=True)
    return BAD_INPUT


@group.command("export-scenario")
@click.argument("auction_id", type=click.UUID)
def export_command(auction_id: uuid.UUID) -> None:
    """Print the ended auction AUCTION_ID as a scenario, so that anybody can replay it.

    Exit code 2 when there is no such auction or it has not ended.
    """
    try:
        written = as_scenario(db.session(), auction_id)
    except (NotFound, NotEnded) as fault:
        reason = "there is no such auction" if isinstance(fault, NotFound) else str(fault)
        click.echo(f"auction {auction_id}: {reason}", err=True)
        raise SystemExit(BAD_INPUT) from None
    click.echo(json.dumps(written, ensure_ascii=False, indent=1))


@group.command("export-record")
@click.argument("auction_id", type=click.UUID)
def export_record_command(auction_id: uuid.UUID) -> None:
    """Print the record of the ended auction AUCTION_ID, sealed, as everybody can download it.

    Exit code 2 when there is no such auction or it has not ended.
    """
    session = db.session()
    try:
        file = kept_record(session, find_auction(session, auction_id))
    except (NotFound, NotEnded) as fault:
        reason = "there is no such auction" if isinstance(fault, NotFound) else str(fault)
        click.echo(f"auction {auction_id}: {reason}", err=True)
        raise SystemExit(BAD_INPUT) from None
    click.echo(file.read_bytes(), nl=False)


@group.command("keys")
def keys_command() -> None:
    """Print the keys that sign receipts and records: fingerprint, since when, whether in use."""
    for key in known_keys(db.session()):
        since = moment_text(key.since) if key.since else None
        facts = {"fingerprint": key.fingerprint, "since": since, "in_use": key.in_use}
        click.echo(json.dumps({**facts, "public_key": key.public_key}))


@group.command("verify-record", with_appcontext=False)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, type=click.Path(path_type=Path), help="PEM of a trusted key.")
def verify_record_command(files: tuple[Path, ...], keys: tuple[Path, ...]) -> None:
    """Check record FILES by themselves: no database, no configuration, no network.

    Prints one JSON object per file. Give the marketplace's published keys with --key: without one only the
    record's own keys are used, and their fingerprints are for you to compare.

    Exit code 0 when every check holds, 1 when one does not, 2 when a file or a key is malformed: the object,
    and a line on standard error, name file, field and reason.
    """
    try:
        trusted = [_fingerprint(path) for path in keys]
    except Malformed as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(BAD_INPUT) from None
    raise SystemExit(max(_verify_one(path, trusted) for path in files))


def _fingerprint(path: Path) -> str:
    try:
        found = receipts.fingerprint(path.read_bytes()[:10_000].decode("ascii", "replace"))
    except OSError as error:
        raise Malformed(str(path), f"cannot be read: {error.strerror}") from None
    if found is None:
        raise Malformed(str(path), "is no Ed25519 public key in PEM")
    return found


def _verify_one(path: Path, trusted: list[str]) -> int:
    try:
        answer = verify(form.load(path), trusted)
    except Malformed as fault:
        return _malformed({"record": None}, path, fault)
    click.echo(json.dumps({"file": str(path), **answer}, ensure_ascii=False))
    return FINE if answer["ok"] else DIFFERS
