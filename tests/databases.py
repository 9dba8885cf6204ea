"""Pairs of databases for tests: built once, copied for every test."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flask import Flask
from sqlalchemy import Engine, create_engine, text

from marketplace.db import db
from migrations.commands import upgrade_all

SERVER = os.environ.get("TEST_POSTGRESQL_URL", "postgresql+psycopg:///postgres")


class Databases(Protocol):
    @property
    def marketplace_url(self) -> str: ...

    @property
    def transactions_url(self) -> str: ...


def _create_tables(make_app: Callable[[], Flask]) -> None:
    app = make_app()
    with app.app_context():
        upgrade_all()
        for engine in db.engines.values():
            engine.dispose()


@dataclass(frozen=True)
class SqliteDatabases:
    folder: Path

    @property
    def marketplace_url(self) -> str:
        return f"sqlite:///{self.folder / 'marketplace.sqlite'}"

    @property
    def transactions_url(self) -> str:
        return f"sqlite:///{self.folder / 'transactions.sqlite'}"

    def build(self, make_app: Callable[[], Flask]) -> None:
        _create_tables(make_app)

    def copy_to(self, folder: Path) -> "SqliteDatabases":
        for name in ("marketplace.sqlite", "transactions.sqlite"):
            shutil.copy(self.folder / name, folder / name)
        return SqliteDatabases(folder)


@dataclass(frozen=True)
class PostgresqlDatabases:
    name: str

    @property
    def marketplace_url(self) -> str:
        return SERVER.rsplit("/", 1)[0] + f"/{self.name}"

    @property
    def transactions_url(self) -> str:
        return f"{self.marketplace_url}_transactions"

    @property
    def names(self) -> tuple[str, str]:
        return self.name, f"{self.name}_transactions"

    def create(self) -> None:
        _on_server([f'CREATE DATABASE "{name}"' for name in self.names])

    def build(self, make_app: Callable[[], Flask]) -> None:
        _create_tables(make_app)

    def empty(self) -> None:
        """Delete every row, history too: far quicker than a new pair of databases for every test."""
        for url in (self.marketplace_url, self.transactions_url):
            _delete_all_rows(url)

    def drop(self) -> None:
        _on_server([f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in self.names])


def _delete_all_rows(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        # As a replica's, this session fires no triggers: neither the guards of history nor foreign keys.
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        tables = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
        names = connection.execute(text(tables)).scalars().all()
        deletes = [f'DELETE FROM "{name}"' for name in names]  # noqa: S608 - names out of the catalogue
        connection.exec_driver_sql("; ".join(deletes))
    engine.dispose()


def _on_server(statements: list[str]) -> None:
    engine: Engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
