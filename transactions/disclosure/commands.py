"""Disclosure from the command line. Exit codes: 0 fine, 1 differs or not due, 2 bad input."""

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace import clock
from marketplace.db import atomic, db
from transactions.disclosure import opendata
from transactions.disclosure.rules.keys import BREAKDOWNS
from transactions.disclosure.service.releasing import release_due
from transactions.disclosure.statistics import tables

group = AppGroup("disclosure", help="What is told of the record of sales: releases, tables, open data.")

_OUT = click.Path(dir_okay=False, path_type=Path)


@group.command("release")
def release_command() -> None:
    """Release the statistics of this month; exit 1 when they stand already."""
    with atomic() as session:
        made = release_due(session)
    click.echo(
        "released" if made else "the statistics of this month stand already, or there is nothing to tell"
    )
    raise SystemExit(0 if made else 1)


@group.command("table")
@click.argument("name", type=click.Choice(list(BREAKDOWNS)))
def table_command(name: str) -> None:
    """Print a table of the latest release as JSON."""
    table = tables(db.session(), name)
    if table is None:
        click.echo("nothing has been released yet", err=True)
        raise SystemExit(1)
    cells = [{"key": dict(one.key)} | _figures(one) for one in (*table.counts, *table.prices)]
    click.echo(json.dumps({"table": name, "release": table.number, "cells": cells}))


def _figures(figures: object) -> dict[str, object]:
    names = [name for name in type(figures).__slots__ if name != "key"]  # type: ignore[attr-defined]
    return {name: getattr(figures, name) for name in names if getattr(figures, name) is not None}


@group.command("open-data")
@click.argument("file", type=_OUT)
def open_data_command(file: Path) -> None:
    """Write the public tier to FILE as JSON Lines, and what it is beside it as FILE.description.json."""
    session, on, after, count = db.session(), clock.now().astimezone(clock.LOCAL_ZONE).date(), -1, 0
    with file.open("w", encoding="utf-8") as out:
        while part := list(opendata.lines(session, on, after=after)):
            out.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in part)
            after, count = part[-1]["leaf_index"], count + len(part)
    about = file.with_name(file.name + ".description.json")
    text = json.dumps(opendata.description(session), ensure_ascii=False, indent=2)
    about.write_text(text, encoding="utf-8")
    click.echo(f"{count} records in {file}")


@group.command("verify-open-data")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_open_data(file: Path) -> None:
    """Check every line of FILE against its leaf; exit 1 when one was changed, 2 when it is no such file."""
    count = changed = 0
    with file.open(encoding="utf-8") as lines:
        for number, text in enumerate(lines, start=1):
            try:
                fine = opendata.is_sealed(json.loads(text))
            except (ValueError, KeyError, TypeError, AttributeError):
                click.echo(f"{file}: line {number}: not a line of open data", err=True)
                raise SystemExit(2) from None
            count, changed = count + 1, changed + (not fine)
            if not fine:
                click.echo(f"differs: line {number}")
    click.echo(f"{count} lines, {changed} differ")
    raise SystemExit(1 if changed else 0)
