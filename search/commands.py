"""The search from the command line."""

import click
from flask.cli import AppGroup

from search import service
from search.engines import Busy
from search.evaluation.on_command_line import command as evaluate

group = AppGroup("search", help="The index that lots are found in.")
group.add_command(evaluate)


@group.command("rebuild")
def rebuild() -> None:
    """Build the index anew; the old one answers until the new one is whole."""
    try:
        count = service.rebuild()
    except Busy:
        click.echo("Another process is writing to the index; try again in a moment.", err=True)
        raise SystemExit(1) from None
    click.echo(f"{count} lots are in the index.")


@group.command("index")
def index() -> None:
    """Bring the index up to the database, comparing every lot."""
    written = 0
    while done := service.index_changed(everything=True):
        written += done
    click.echo(f"{written} lots were written.")
