"""Alembic's entrance to the chain of the marketplace database."""

from migrations.environment import run

run("marketplace")
