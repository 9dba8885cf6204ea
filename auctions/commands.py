"""`flask auctions …`: rehearse, replay and export auctions."""

import json
import uuid
from pathlib import Path

import click
from flask.cli import AppGroup

from auctions.reading import Malformed
from auctions.recorded import NotEnded, as_scenario
from auctions.rehearsal import run_through_database
from auctions.scenario import Runner, load, replay, run
from marketplace.db import db
from marketplace.errors import NotFound

group = AppGroup("auctions", help="Rehearse, replay and export auctions.")

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
        refused = {
            "scenario": None,
            "ok": False,
            "file": str(path),
            "field": fault.path,
            "reason": fault.reason,
        }
        click.echo(json.dumps(refused, ensure_ascii=False))
        click.echo(f"{path}: {fault.path}: {fault.reason}", err=True)
        return BAD_INPUT
    click.echo(json.dumps(answer, ensure_ascii=False))
    return FINE if answer["ok"] else DIFFERS


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
