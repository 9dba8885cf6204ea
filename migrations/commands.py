"""`flask database …`: bring both databases to the newest shape, and compare them with the models."""

import click
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from flask.cli import AppGroup

from marketplace.db import db
from migrations.environment import BINDS, FOLDER, metadata_of

group = AppGroup("database", help="Create, upgrade and check both databases.")


def chain_config(chain: str) -> Config:
    """Alembic's settings for one chain."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER / chain))
    config.set_main_option("path_separator", "os")
    return config


def upgrade_all() -> None:
    """Bring both databases to the newest revision; harmless when they are there already."""
    for chain in BINDS:
        command.upgrade(chain_config(chain), "head")


def differences() -> list[str]:
    """What the models declare and the databases lack, or the other way round; empty when they agree."""
    found = []
    for chain, bind in BINDS.items():
        with db.engines[bind].connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            found += [f"{chain}: {change}" for change in compare_metadata(context, metadata_of(chain))]
    return found


@group.command()
def upgrade() -> None:
    """Bring both databases to the newest revision."""
    upgrade_all()


@group.command()
@click.argument("chain", type=click.Choice(sorted(BINDS)))
@click.argument("target", default="-1")
def downgrade(chain: str, target: str) -> None:
    """Take CHAIN back by one revision, or to TARGET."""
    command.downgrade(chain_config(chain), target)


@group.command()
@click.argument("chain", type=click.Choice(sorted(BINDS)))
@click.argument("message")
def revision(chain: str, message: str) -> None:
    """Write a revision of CHAIN from the difference between its database and its models."""
    command.revision(chain_config(chain), message, autogenerate=True)


@group.command()
def compare() -> None:
    """Exit 1 when a database and its models differ."""
    for difference in (found := differences()):
        click.echo(difference)
    raise SystemExit(1 if found else 0)
