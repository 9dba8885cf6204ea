"""`flask auctions …`: rehearse, replay and export auctions."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from auctions.reading import Malformed
from auctions.scenario import Runner, load, replay, run

group = AppGroup("auctions", help="Rehearse, replay and export auctions.")

FINE, DIFFERS, BAD_INPUT = 0, 1, 2


@group.command("replay")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--through", type=click.Choice(["rules", "database"]), default="rules", show_default=True)
def replay_command(files: tuple[Path, ...], through: str) -> None:
    """Run scenario FILES by the rules that decide live bids; print one JSON object per file.

    Exit code 0 when every expectation holds, 1 when one differs, 2 when a file is malformed: its
    object, and a line on standard error, name file, field and reason.
    """
    code = FINE
    for path in files:
        code = max(code, _replay_one(path, _runner(through)))
    raise SystemExit(code)


def _runner(through: str) -> Runner:
    del through
    return run


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
