"""keep estimates under seal, what came of them, and what the closest is due."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

HISTORY = ("estimator_consents", "sealed_estimates", "contest_results", "opened_estimates")


def upgrade() -> None:
    op.create_table(
        "estimator_consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("said_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_estimator_consents_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_estimator_consents_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_estimator_consents")),
    )
    op.create_index(op.f("ix_estimator_consents_institution_id"), "estimator_consents", ["institution_id"])
    op.create_table(
        "sealed_estimates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("filed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_sealed_estimates_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_estimates")),
        sa.UniqueConstraint("lot_id", "round", "sequence", name=op.f("uq_sealed_estimates_lot_id_round_sequence")),
    )
    op.create_index(op.f("ix_sealed_estimates_token"), "sealed_estimates", ["token"])
    op.create_table(
        "contest_results",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("asset_type", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("start_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_contest_results_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_results")),
        sa.UniqueConstraint("lot_id", "round", name=op.f("uq_contest_results_lot_id_round")),
        sa.UniqueConstraint("source_kind", "source_id", name=op.f("uq_contest_results_source_kind_source_id")),
    )
    op.create_index(op.f("ix_contest_results_opened_at"), "contest_results", ["opened_at"])
    op.create_table(
        "opened_estimates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.Column("low_minor", sa.BigInteger(), nullable=True),
        sa.Column("high_minor", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("log_error", sa.Float(), nullable=True),
        sa.Column("within", sa.Boolean(), nullable=True),
        sa.Column("interval_score", sa.Float(), nullable=True),
        sa.Column("closest", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["sealed_estimates.id"], name=op.f("fk_opened_estimates_id_sealed_estimates")),
        sa.ForeignKeyConstraint(
            ["result_id"], ["contest_results.id"], name=op.f("fk_opened_estimates_result_id_contest_results")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_opened_estimates_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_estimates")),
    )
    op.create_index(op.f("ix_opened_estimates_result_id"), "opened_estimates", ["result_id"])
    op.create_index(op.f("ix_opened_estimates_institution_id"), "opened_estimates", ["institution_id"])
    op.create_table(
        "contest_fees",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("due_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["result_id"], ["contest_results.id"], name=op.f("fk_contest_fees_result_id_contest_results")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_contest_fees_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_contest_fees_payout_id_payouts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contest_fees")),
        sa.UniqueConstraint("result_id", name=op.f("uq_contest_fees_result_id")),
    )
    op.create_index(op.f("ix_contest_fees_institution_id"), "contest_fees", ["institution_id"])
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
    for table in ("contest_fees", "opened_estimates", "contest_results", "sealed_estimates", "estimator_consents"):
        op.drop_table(table)
