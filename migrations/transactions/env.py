"""Alembic's entrance to the chain of the transactions database."""

from migrations.environment import run

run("transactions")
