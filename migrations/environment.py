"""One Alembic environment for both chains; the folder a chain lives in names its bind."""

from pathlib import Path

from alembic import context
from flask import current_app
from sqlalchemy import Connection, MetaData

from marketplace.db import TRANSACTIONS_BIND, db

FOLDER = Path(__file__).parent
BINDS = {"marketplace": None, "transactions": TRANSACTIONS_BIND}


def metadata_of(chain: str) -> MetaData:
    """The tables that the models of a chain declare."""
    return db.metadatas[BINDS[chain]]


def run(chain: str) -> None:
    """Run the migrations that Alembic asks for, on the chain's own database, in one transaction."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _run_on(given, chain)
        return
    with current_app.app_context(), db.engines[BINDS[chain]].connect() as connection:
        _run_on(connection, chain)


def _run_on(connection: Connection, chain: str) -> None:
    if connection.dialect.name == "postgresql":
        # A migration that waits for a lock blocks everybody behind it; better that it fails and is run again.
        connection.exec_driver_sql("SET lock_timeout = '4s'")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata_of(chain),
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        user_module_prefix="db.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
