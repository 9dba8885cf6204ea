"""What valuations ask of a right, who a seller belongs to, and corrections that two persons decide.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _right_columns():
        op.add_column("rights", column)
    for column in _institution_columns():
        op.add_column("institutions", column)
    op.create_table(
        "record_corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("new_record_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_record_corrections_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_record_corrections_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_corrections")),
    )
    op.create_index(op.f("ix_record_corrections_record_id"), "record_corrections", ["record_id"])
    op.create_index(op.f("ix_record_corrections_agreed"), "record_corrections", ["agreed"])


def downgrade() -> None:
    op.drop_table("record_corrections")
    for column in _institution_columns():
        op.drop_column("institutions", column.name)
    for column in _right_columns():
        op.drop_column("rights", column.name)


def _right_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("family", sa.String(length=40), nullable=False, server_default=""),
        sa.Column("family_size", sa.Integer(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=True),
        sa.Column("forward_citations", sa.Integer(), nullable=True),
        sa.Column("evidence_of_use", sa.Boolean(), nullable=True),
        sa.Column("legal_events", sa.JSON(), nullable=False, server_default="[]"),
    ]


def _institution_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("region", sa.String(length=6), nullable=False, server_default=""),
        sa.Column("parent_country", sa.String(length=2), nullable=False, server_default=""),
        sa.Column("parent_number", sa.String(length=40), nullable=False, server_default=""),
    ]
