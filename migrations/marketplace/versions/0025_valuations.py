"""Valuations with their inputs, decisions on them, batches, schedules of revaluation and alerts.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

HISTORY = ("valuations", "valuation_decisions", "revaluation_alerts")


def upgrade() -> None:
    op.create_table(
        "revaluation_schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("scope", sa.String(length=32), nullable=False),
        sa.Column("frequency", sa.String(length=32), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("fall", sa.Integer(), nullable=False),
        sa.Column("claim_limit", sa.Integer(), nullable=False),
        sa.Column("life_months", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_revaluation_schedules_institution_id_institutions"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_revaluation_schedules_made_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revaluation_schedules")),
    )
    op.create_index(
        op.f("ix_revaluation_schedules_institution_id"),
        "revaluation_schedules",
        ["institution_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_revaluation_schedules_next_on"), "revaluation_schedules", ["next_on"], unique=False
    )
    op.create_table(
        "valuation_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("tree_size", sa.BigInteger(), nullable=False),
        sa.Column("model_version", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("valued", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_valuation_batches_institution_id_institutions"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_valuation_batches_made_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["revaluation_schedules.id"],
            name=op.f("fk_valuation_batches_schedule_id_revaluation_schedules"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_valuation_batches")),
        sa.UniqueConstraint("institution_id", "key", name=op.f("uq_valuation_batches_institution_id_key")),
    )
    op.create_index(
        op.f("ix_valuation_batches_institution_id"), "valuation_batches", ["institution_id"], unique=False
    )
    op.create_index(op.f("ix_valuation_batches_made_at"), "valuation_batches", ["made_at"], unique=False)
    op.create_index(op.f("ix_valuation_batches_status"), "valuation_batches", ["status"], unique=False)
    op.create_table(
        "valuations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_key", sa.String(length=80), nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("approach", sa.String(length=32), nullable=False),
        sa.Column("grade", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("low_50_minor", sa.BigInteger(), nullable=True),
        sa.Column("high_50_minor", sa.BigInteger(), nullable=True),
        sa.Column("low_80_minor", sa.BigInteger(), nullable=True),
        sa.Column("high_80_minor", sa.BigInteger(), nullable=True),
        sa.Column("claim_minor", sa.BigInteger(), nullable=True),
        sa.Column("life_months", sa.Integer(), nullable=True),
        sa.Column("annuity_due_on", sa.Date(), nullable=True),
        sa.Column("tree_size", sa.BigInteger(), nullable=False),
        sa.Column("model_version", sa.String(length=64), nullable=False),
        sa.Column("settings_version", sa.String(length=64), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["valuation_batches.id"], name=op.f("fk_valuations_batch_id_valuation_batches")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_valuations_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_valuations_lot_id_lots")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_valuations_made_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_valuations")),
        sa.UniqueConstraint("code", name=op.f("uq_valuations_code")),
    )
    op.create_index(op.f("ix_valuations_batch_id"), "valuations", ["batch_id"], unique=False)
    op.create_index(
        "ix_valuations_institution_id_made_at", "valuations", ["institution_id", "made_at"], unique=False
    )
    op.create_index(op.f("ix_valuations_lot_id"), "valuations", ["lot_id"], unique=False)
    op.create_index(
        "ix_valuations_series", "valuations", ["institution_id", "subject_key", "made_at"], unique=False
    )
    op.create_table(
        "revaluation_alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("schedule_id", sa.Uuid(), nullable=False),
        sa.Column("valuation_id", sa.Uuid(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("figure", sa.Integer(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_revaluation_alerts_institution_id_institutions"),
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["valuations.id"], name=op.f("fk_revaluation_alerts_previous_id_valuations")
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["revaluation_schedules.id"],
            name=op.f("fk_revaluation_alerts_schedule_id_revaluation_schedules"),
        ),
        sa.ForeignKeyConstraint(
            ["valuation_id"], ["valuations.id"], name=op.f("fk_revaluation_alerts_valuation_id_valuations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revaluation_alerts")),
        sa.UniqueConstraint("valuation_id", "kind", name=op.f("uq_revaluation_alerts_valuation_id_kind")),
    )
    op.create_index(
        "ix_revaluation_alerts_institution_id_at",
        "revaluation_alerts",
        ["institution_id", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_revaluation_alerts_schedule_id"), "revaluation_alerts", ["schedule_id"], unique=False
    )
    op.create_table(
        "valuation_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("valuation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("suggested_minor", sa.BigInteger(), nullable=True),
        sa.Column("start_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_valuation_decisions_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["valuation_id"], ["valuations.id"], name=op.f("fk_valuation_decisions_valuation_id_valuations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_valuation_decisions")),
    )
    op.create_index(
        op.f("ix_valuation_decisions_valuation_id"), "valuation_decisions", ["valuation_id"], unique=False
    )
    op.create_table(
        "valuation_rows",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("valuation_id", sa.Uuid(), nullable=True),
        sa.Column("column_name", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["valuation_batches.id"], name=op.f("fk_valuation_rows_batch_id_valuation_batches")
        ),
        sa.ForeignKeyConstraint(
            ["valuation_id"], ["valuations.id"], name=op.f("fk_valuation_rows_valuation_id_valuations")
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_valuation_rows")),
        sa.UniqueConstraint("valuation_id", name=op.f("uq_valuation_rows_valuation_id")),
    )
    op.create_index(
        "ix_valuation_rows_waiting", "valuation_rows", ["batch_id", "status", "number"], unique=False
    )
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
    for table in (
        "valuation_rows",
        "valuation_decisions",
        "revaluation_alerts",
        "valuations",
        "valuation_batches",
        "revaluation_schedules",
    ):
        op.drop_table(table)
