"""Saved searches, watched lots, wanted notices, and mails that can be stopped by a click.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = db.UtcDateTime(timezone=True)


def _id() -> sa.Column:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _key(table: str, column: str = "id") -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(column, name=op.f(f"pk_{table}"))


def _reference(
    table: str, column: str, referred: str, *, optional: bool = False, cascade: bool = False
) -> sa.Column:
    name = op.f(f"fk_{table}_{column}_{referred}")
    foreign = sa.ForeignKey(f"{referred}.id", name=name, ondelete="CASCADE" if cascade else None)
    return sa.Column(column, sa.Uuid(), foreign, nullable=optional)


def _moment(name: str, *, optional: bool = False) -> sa.Column:
    return sa.Column(name, MOMENT, nullable=optional)


def _index(table: str, *columns: str) -> None:
    op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))


def upgrade() -> None:
    op.add_column("outbox", sa.Column("unsubscribe_url", sa.String(500), nullable=False, server_default=""))
    _wanted()
    _searches()
    _watches()
    _webhooks()


def _wanted() -> None:
    table = "wanted_notices"
    op.create_table(
        table,
        _id(),
        _reference(table, "institution_id", "institutions"),
        _reference(table, "person_id", "people"),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("budget_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        _moment("published_at"),
        _moment("expires_at"),
        _moment("ended_at", optional=True),
        _key(table),
    )
    _index(table, "institution_id")
    _index(table, "published_at")
    _index(table, "status", "expires_at")
    table = "wanted_answers"
    op.create_table(
        table,
        _id(),
        _reference(table, "wanted_id", "wanted_notices"),
        _reference(table, "institution_id", "institutions"),
        _reference(table, "person_id", "people"),
        _reference(table, "lot_id", "lots", optional=True),
        sa.Column("text", sa.String(2000), nullable=False),
        _moment("at"),
        _key(table),
    )
    _index(table, "wanted_id")
    _index(table, "institution_id")
    _index(table, "at")


def _searches() -> None:
    table = "saved_searches"
    op.create_table(
        table,
        _id(),
        _reference(table, "person_id", "people"),
        _reference(table, "wanted_id", "wanted_notices", optional=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("frequency", sa.String(32), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        _moment("saved_at"),
        _moment("changed_at"),
        _moment("paused_at", optional=True),
        _key(table),
        sa.UniqueConstraint("wanted_id", name=op.f("uq_saved_searches_wanted_id")),
    )
    _index(table, "person_id")
    _index(table, "changed_at")
    _index(table, "paused_at", "id")
    table = "search_matches"
    op.create_table(
        table,
        _id(),
        _reference(table, "search_id", "saved_searches", cascade=True),
        _reference(table, "lot_id", "lots"),
        sa.Column("interest", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        _moment("at"),
        _moment("due_at"),
        _moment("told_at", optional=True),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        _key(table),
        sa.UniqueConstraint(
            "search_id", "lot_id", "interest", name=op.f("uq_search_matches_search_id_lot_id_interest")
        ),
    )
    _index(table, "lot_id")
    _index(table, "at")
    _index(table, "told_at", "due_at")


def _watches() -> None:
    table = "watches"
    op.create_table(
        table,
        _id(),
        _reference(table, "person_id", "people"),
        _reference(table, "lot_id", "lots"),
        _moment("since"),
        _key(table),
        sa.UniqueConstraint("person_id", "lot_id", name=op.f("uq_watches_person_id_lot_id")),
    )
    _index(table, "person_id")
    _index(table, "lot_id")
    table = "watch_events"
    op.create_table(
        table,
        _id(),
        _reference(table, "watch_id", "watches", cascade=True),
        sa.Column("happening", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        _moment("at"),
        _moment("due_at", optional=True),
        _moment("told_at", optional=True),
        _key(table),
        sa.UniqueConstraint(
            "watch_id", "happening", "number", name=op.f("uq_watch_events_watch_id_happening_number")
        ),
    )
    _index(table, "told_at")
    table = "lot_sightings"
    op.create_table(
        table,
        _reference(table, "lot_id", "lots"),
        sa.Column("title", sa.String(300), nullable=False),
        _moment("changed_at"),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        _moment("published_at", optional=True),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("auction_id", sa.Uuid(), nullable=True),
        _moment("opens_at", optional=True),
        _moment("closes_at", optional=True),
        sa.Column("interest", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opening_told", sa.Boolean(), nullable=False),
        _moment("seen_at"),
        _key(table, "lot_id"),
    )
    _index(table, "auction_id")
    _index(table, "opens_at")
    op.create_table(
        "watching_progress",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        _moment("until"),
        sa.Column("round", sa.Integer(), nullable=False),
        _key("watching_progress"),
    )


def _webhooks() -> None:
    table = "webhooks"
    op.create_table(
        table,
        _id(),
        _reference(table, "person_id", "people"),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("secret", sa.String(300), nullable=False),
        _moment("set_at"),
        _moment("failing_since", optional=True),
        _key(table),
        sa.UniqueConstraint("person_id", name=op.f("uq_webhooks_person_id")),
    )
    table = "webhook_deliveries"
    op.create_table(
        table,
        _id(),
        _reference(table, "webhook_id", "webhooks", cascade=True),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("queued_at"),
        _moment("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(32), nullable=True),
        _moment("ended_at", optional=True),
        sa.Column("arrived", sa.Boolean(), nullable=False),
        _key(table),
    )
    _index(table, "webhook_id")
    _index(table, "ended_at", "due_at")
    table = "watching_mail_refusals"
    op.create_table(
        table, _reference(table, "person_id", "people"), _moment("since"), _key(table, "person_id")
    )


def downgrade() -> None:
    for table in (
        "watching_mail_refusals",
        "webhook_deliveries",
        "webhooks",
        "watching_progress",
        "lot_sightings",
        "watch_events",
        "watches",
        "search_matches",
        "saved_searches",
        "wanted_answers",
        "wanted_notices",
    ):
        op.drop_table(table)
    op.drop_column("outbox", "unsubscribe_url")
