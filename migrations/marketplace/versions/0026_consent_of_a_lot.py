"""How much of its sale a lot lets others see, and the requests of authorities to read one exactly.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "lots",
        sa.Column("consent_tier", sa.String(length=32), nullable=False, server_default="price_only"),
    )
    # A court publishes what it sells.
    op.execute("UPDATE lots SET consent_tier = 'public' WHERE rule_pack = 'cn-court'")
    op.create_table(
        "exact_read_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_exact_read_requests_institution_id_institutions"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_exact_read_requests_asked_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_exact_read_requests_decided_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exact_read_requests")),
        sa.UniqueConstraint(
            "institution_id",
            "record_id",
            "asked_at",
            name=op.f("uq_exact_read_requests_institution_id_record_id_asked_at"),
        ),
    )
    op.create_index(op.f("ix_exact_read_requests_institution_id"), "exact_read_requests", ["institution_id"])


def downgrade() -> None:
    op.drop_table("exact_read_requests")
    op.drop_column("lots", "consent_tier")
