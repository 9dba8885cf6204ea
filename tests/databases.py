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

    def copy_to(self, name: str) -> "PostgresqlDatabases":
        copy = PostgresqlDatabases(name)
        pairs = zip(copy.names, self.names, strict=True)
        _on_server([f'CREATE DATABASE "{new}" TEMPLATE "{old}"' for new, old in pairs])
        return copy

    def drop(self) -> None:
        _on_server([f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in self.names])


def _on_server(statements: list[str]) -> None:
    engine: Engine = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
