"""What follows a default: more time, forfeited deposits, shortfalls; rates of the day; costs of leaving."""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deal_rates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("rate", sa.String(length=30), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_deal_rates_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_rates_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_deal_rates_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_rates")),
    )
    op.create_index(op.f("ix_deal_rates_deal_id"), "deal_rates", ["deal_id"], unique=False)
    op.create_table(
        "more_time_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "bank",
                "foreign_exchange",
                "financing",
                "force_majeure",
                "other",
                name="delayground",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_more_time_requests_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_more_time_requests_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_more_time_requests_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_more_time_requests")),
    )
    op.create_index(
        op.f("ix_more_time_requests_payment_id"), "more_time_requests", ["payment_id"], unique=False
    )
    op.create_table(
        "forfeit_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "not_sold_in_time", "left_the_market", name="distributionground", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_forfeit_decisions_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_forfeit_decisions_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_forfeit_decisions_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forfeit_decisions")),
    )
    op.create_index(op.f("ix_forfeit_decisions_deal_id"), "forfeit_decisions", ["deal_id"], unique=False)
    op.create_table(
        "shortfalls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("settlement_id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "paid", "waived", name="shortfallstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("bank_reference", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_shortfalls_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["debtor_id"], ["institutions.id"], name=op.f("fk_shortfalls_debtor_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.id"], name=op.f("fk_shortfalls_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortfalls")),
        sa.UniqueConstraint("settlement_id", name=op.f("uq_shortfalls_settlement_id")),
    )
    op.create_index(op.f("ix_shortfalls_deal_id"), "shortfalls", ["deal_id"], unique=False)
    op.create_index(op.f("ix_shortfalls_debtor_id"), "shortfalls", ["debtor_id"], unique=False)
    op.create_index(op.f("ix_shortfalls_status"), "shortfalls", ["status"], unique=False)
    op.create_table(
        "shortfall_waivers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shortfall_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_shortfall_waivers_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_shortfall_waivers_proposed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["shortfall_id"], ["shortfalls.id"], name=op.f("fk_shortfall_waivers_shortfall_id_shortfalls")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shortfall_waivers")),
    )
    op.create_index(
        op.f("ix_shortfall_waivers_shortfall_id"), "shortfall_waivers", ["shortfall_id"], unique=False
    )
    op.create_table(
        "leaving_costs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("debtor_id", sa.Uuid(), nullable=False),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("booked_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("paid_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("bank_reference", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["debtor_id"], ["institutions.id"], name=op.f("fk_leaving_costs_debtor_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["step_decisions.id"], name=op.f("fk_leaving_costs_decision_id_step_decisions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_leaving_costs_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaving_costs")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_leaving_costs_decision_id")),
    )
    op.create_index(op.f("ix_leaving_costs_debtor_id"), "leaving_costs", ["debtor_id"], unique=False)
    op.create_index(op.f("ix_leaving_costs_lot_id"), "leaving_costs", ["lot_id"], unique=False)
    with op.batch_alter_table("payments") as payments:
        payments.add_column(sa.Column("prolongations", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("payments") as payments:
        payments.drop_column("prolongations")
    op.drop_table("leaving_costs")
    op.drop_table("shortfall_waivers")
    op.drop_table("shortfalls")
    op.drop_table("forfeit_decisions")
    op.drop_table("more_time_requests")
    op.drop_table("deal_rates")
