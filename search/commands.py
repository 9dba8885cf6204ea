"""The search from the command line."""

import signal
import threading

import click
import structlog
from flask.cli import AppGroup

from marketplace.db import db
from search import service
from search.engines import Busy
from search.evaluation.on_command_line import command as evaluate

SECONDS_BETWEEN_LOOKS = 1.0

log = structlog.get_logger()

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


@group.command("follow")
def follow() -> None:
    """Keep the index of a machine without a worker up to the database, until SIGTERM or SIGINT."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    click.echo("Following the database.")
    while not stopping.is_set():
        if _looked() == 0:
            stopping.wait(SECONDS_BETWEEN_LOOKS)


def _looked() -> int:
    """One look at what changed; a database that is away for a while does not end the following."""
    try:
        return service.follow() + service.compare_all()
    except Exception:
        log.exception("following_failed")
        return 0
    finally:
        db.session.remove()
