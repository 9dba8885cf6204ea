"""Disputes, debts, acts of two persons about money, corrected settlements, accounts at the gateway."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

HISTORY = ("dispute_evidence", "settlement_corrections")
WAYS = ("bank_transfer", "card", "alipay", "wechat_pay", "virtual_account")
TABLES = (
    "disputes",
    "dispute_evidence",
    "debts",
    "money_decisions",
    "settlement_corrections",
    "connected_accounts",
)


def upgrade() -> None:
    _create_disputes()
    _create_dispute_evidence()
    _create_debts()
    _create_money_decisions()
    _create_settlement_corrections()
    _create_connected_accounts()
    for table in HISTORY:
        protect(table)
    with op.batch_alter_table("payouts") as payouts:
        payouts.add_column(sa.Column("transfer_object", sa.String(255), nullable=False, server_default=""))
        payouts.add_column(sa.Column("problem", sa.String(300), nullable=False, server_default=""))
        payouts.add_column(sa.Column("not_before", db.UtcDateTime(timezone=True), nullable=True))
        payouts.create_index(payouts.f("ix_payouts_transfer_object"), ["transfer_object"])
    with op.batch_alter_table("gateway_calls") as calls:
        calls.add_column(sa.Column("subject_id", sa.Uuid(), nullable=True))
        calls.create_index(calls.f("ix_gateway_calls_subject_id"), ["subject_id"])
    _widen_payments()


def downgrade() -> None:
    with op.batch_alter_table("payments") as payments:
        for column in ("way", "gateway_customer", "transfer_details", "credit_minor"):
            payments.drop_column(column)
    with op.batch_alter_table("gateway_calls") as calls:
        calls.drop_index(calls.f("ix_gateway_calls_subject_id"))
        calls.drop_column("subject_id")
    with op.batch_alter_table("payouts") as payouts:
        payouts.drop_index(payouts.f("ix_payouts_transfer_object"))
        for column in ("transfer_object", "problem", "not_before"):
            payouts.drop_column(column)
    for table in HISTORY:
        unprotect(table)
    for table in reversed(TABLES):
        op.drop_table(table)


def _widen_payments() -> None:
    """What is on its way by the old methods goes on as the way it was."""
    ways = sa.Enum(*WAYS, name="way", native_enum=False, length=32)
    with op.batch_alter_table("payments") as payments:
        payments.add_column(sa.Column("way", ways, nullable=True))
        payments.add_column(sa.Column("gateway_customer", sa.String(255), nullable=False, server_default=""))
        payments.add_column(sa.Column("transfer_details", sa.JSON(), nullable=False, server_default="[]"))
        payments.add_column(sa.Column("credit_minor", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE payments SET way = CASE method WHEN 'stripe' THEN 'card' ELSE method END")


def _create_disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("chargeback", "recall", name="disputekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("gateway_object", sa.String(length=255), nullable=True),
        sa.Column(
            "method",
            sa.Enum("bank_transfer", "stripe", name="method", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("taken_minor", sa.BigInteger(), nullable=False),
        sa.Column("movements", sa.Integer(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "won", "lost", name="disputestatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("due_by", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_disputes_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposits.id"], name=op.f("fk_disputes_deposit_id_deposits")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_disputes_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_disputes_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_disputes_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_disputes_recorded_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("gateway_object", name=op.f("uq_disputes_gateway_object")),
    )
    op.create_index(op.f("ix_disputes_deal_id"), "disputes", ["deal_id"], unique=False)
    op.create_index(op.f("ix_disputes_deposit_id"), "disputes", ["deposit_id"], unique=False)
    op.create_index(op.f("ix_disputes_institution_id"), "disputes", ["institution_id"], unique=False)
    op.create_index(op.f("ix_disputes_lot_id"), "disputes", ["lot_id"], unique=False)
    op.create_index(op.f("ix_disputes_payment_id"), "disputes", ["payment_id"], unique=False)
    op.create_index(op.f("ix_disputes_status"), "disputes", ["status"], unique=False)


def _create_dispute_evidence() -> None:
    op.create_table(
        "dispute_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dispute_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "confirmation",
                "receipt",
                "terms",
                "transfer",
                "ledger",
                "other",
                name="evidencekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("handed_in_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_in_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["disputes.id"], name=op.f("fk_dispute_evidence_dispute_id_disputes")
        ),
        sa.ForeignKeyConstraint(
            ["handed_in_by_id"], ["people.id"], name=op.f("fk_dispute_evidence_handed_in_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_evidence")),
    )
    op.create_index(op.f("ix_dispute_evidence_dispute_id"), "dispute_evidence", ["dispute_id"], unique=False)


def _create_debts() -> None:
    op.create_table(
        "debts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "dispute_lost", "charged_to_sale", "refund", name="debtcause", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("debtor", sa.String(length=200), nullable=False),
        sa.Column("debtor_name", sa.String(length=200), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("dispute_id", sa.Uuid(), nullable=True),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("covered_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "paid",
                "written_off",
                "charged_to_sale",
                name="debtstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("remind_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("arose_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_debts_deal_id_deals")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_debts_dispute_id_disputes")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_debts_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_debts_lot_id_lots")),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_debts_payout_id_payouts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_debts")),
    )
    op.create_index(op.f("ix_debts_deal_id"), "debts", ["deal_id"], unique=False)
    op.create_index(op.f("ix_debts_dispute_id"), "debts", ["dispute_id"], unique=False)
    op.create_index(op.f("ix_debts_institution_id"), "debts", ["institution_id"], unique=False)
    op.create_index(op.f("ix_debts_lot_id"), "debts", ["lot_id"], unique=False)
    op.create_index(op.f("ix_debts_payout_id"), "debts", ["payout_id"], unique=False)
    op.create_index(op.f("ix_debts_remind_at"), "debts", ["remind_at"], unique=False)
    op.create_index(op.f("ix_debts_status"), "debts", ["status"], unique=False)


def _create_money_decisions() -> None:
    op.create_table(
        "money_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "refund",
                "charge_to_sale",
                "write_off",
                "waive_hold_back",
                name="decisionkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("debt_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("proof", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_money_decisions_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_money_decisions_deal_id_deals")),
        sa.ForeignKeyConstraint(["debt_id"], ["debts.id"], name=op.f("fk_money_decisions_debt_id_debts")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_money_decisions_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_decisions")),
    )
    op.create_index(op.f("ix_money_decisions_deal_id"), "money_decisions", ["deal_id"], unique=False)
    op.create_index(op.f("ix_money_decisions_debt_id"), "money_decisions", ["debt_id"], unique=False)


def _create_settlement_corrections() -> None:
    op.create_table(
        "settlement_corrections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("settlement_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("corrected_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["money_decisions.id"],
            name=op.f("fk_settlement_corrections_decision_id_money_decisions"),
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_settlement_corrections_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_corrections")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_settlement_corrections_decision_id")),
    )
    op.create_index(
        op.f("ix_settlement_corrections_settlement_id"),
        "settlement_corrections",
        ["settlement_id"],
        unique=False,
    )


def _create_connected_accounts() -> None:
    op.create_table(
        "connected_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("gateway_object", sa.String(length=255), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.String(length=500), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("looked_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_connected_accounts_institution_id_institutions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connected_accounts")),
        sa.UniqueConstraint("gateway_object", name=op.f("uq_connected_accounts_gateway_object")),
        sa.UniqueConstraint("institution_id", name=op.f("uq_connected_accounts_institution_id")),
    )
