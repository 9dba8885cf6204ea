"""Both chains lead from nothing to the models and back, on both engines; history is guarded by triggers."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from marketplace import audit
from marketplace.db import AppendOnly, Model, atomic, db
from migrations.commands import chain_config, differences, upgrade_all
from migrations.environment import BINDS


@pytest.mark.parametrize("chain", sorted(BINDS))
def test_a_chain_has_one_head(chain: str) -> None:
    assert len(ScriptDirectory.from_config(chain_config(chain)).get_heads()) == 1


def test_the_migrations_make_what_the_models_declare(app: Flask) -> None:
    assert differences() == []


def test_down_to_nothing_and_up_again(app: Flask) -> None:
    for chain in BINDS:
        command.downgrade(chain_config(chain), "base")
        tables = set(inspect(db.engines[BINDS[chain]]).get_table_names())
        assert tables <= {"alembic_version"}
    upgrade_all()
    assert differences() == []


def history() -> set[str]:
    """Every table of history that the models declare."""
    mappers = [mapper for mapper in Model.registry.mappers if issubclass(mapper.class_, AppendOnly)]
    return {str(mapper.class_.__tablename__) for mapper in mappers}


def triggers(app: Flask, bind: str | None) -> set[str]:
    """The tables that carry a trigger, per database."""
    engine = db.engines[bind]
    statement = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT event_object_table FROM information_schema.triggers"
    )
    with engine.connect() as connection:
        return set(connection.execute(text(statement)).scalars())


def test_every_table_of_history_is_guarded(app: Flask) -> None:
    guarded = triggers(app, None) | triggers(app, BINDS["transactions"])
    assert history() - guarded == set()


@pytest.mark.parametrize("change", ["UPDATE audit_entries SET act = 'x'", "DELETE FROM audit_entries"])
def test_the_database_itself_refuses_to_change_history(app: Flask, change: str) -> None:
    with atomic() as session:
        audit.record(session, "tests.act", None)
    with pytest.raises(DBAPIError, match="only added to"), db.engine.begin() as connection:
        connection.execute(text(change))
