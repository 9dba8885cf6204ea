"""The operator's bank accounts, their statements and lines, bank details of payees, payment files."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

HISTORY = ("bank_statement_files", "bank_lines", "line_matches")
_TABLES = (
    "payment_orders",
    "payment_batches",
    "line_proposals",
    "bank_line_states",
    "line_matches",
    "bank_lines",
    "bank_statement_files",
    "bank_statements",
    "payee_details",
    "virtual_accounts",
    "bank_accounts",
)


def upgrade() -> None:
    op.create_table(
        "bank_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("bank_code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("opening_minor", sa.BigInteger(), nullable=False),
        sa.Column("column_mapping", sa.JSON(), nullable=False),
        sa.Column("order_columns", sa.JSON(), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_bank_accounts_added_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_accounts")),
        sa.UniqueConstraint("number", "currency", name=op.f("uq_bank_accounts_number_currency")),
    )
    op.create_table(
        "virtual_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("assigned_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_virtual_accounts_added_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_virtual_accounts_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_virtual_accounts_institution_id_institutions"),
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_virtual_accounts_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_virtual_accounts")),
        sa.UniqueConstraint(
            "institution_id",
            "lot_id",
            "bank_account_id",
            name=op.f("uq_virtual_accounts_institution_id_lot_id_bank_account_id"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_virtual_accounts_number")),
    )
    op.create_index(
        op.f("ix_virtual_accounts_bank_account_id"), "virtual_accounts", ["bank_account_id"], unique=False
    )
    op.create_index(
        op.f("ix_virtual_accounts_institution_id"), "virtual_accounts", ["institution_id"], unique=False
    )
    op.create_index(op.f("ix_virtual_accounts_lot_id"), "virtual_accounts", ["lot_id"], unique=False)
    op.create_table(
        "payee_details",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("bank_code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=400), nullable=False),
        sa.Column("number_tail", sa.String(length=4), nullable=False),
        sa.Column("effective_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_payee_details_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_payee_details_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_payee_details_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_details")),
    )
    op.create_index(
        op.f("ix_payee_details_institution_id"), "payee_details", ["institution_id"], unique=False
    )
    op.create_index(op.f("ix_payee_details_party"), "payee_details", ["party"], unique=False)
    op.create_table(
        "bank_statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column(
            "file_format",
            sa.Enum("camt053", "csv", "xlsx", name="fileformat", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column(
            "status",
            sa.Enum("received", "written", "done", name="statementstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("opening_minor", sa.BigInteger(), nullable=True),
        sa.Column("closing_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("not_booked", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("received_by_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_bank_statements_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["people.id"], name=op.f("fk_bank_statements_received_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statements")),
        sa.UniqueConstraint(
            "bank_account_id", "digest", name=op.f("uq_bank_statements_bank_account_id_digest")
        ),
    )
    op.create_index(
        op.f("ix_bank_statements_bank_account_id"), "bank_statements", ["bank_account_id"], unique=False
    )
    op.create_index(op.f("ix_bank_statements_status"), "bank_statements", ["status"], unique=False)
    op.create_table(
        "bank_statement_files",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("column_mapping", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["bank_statements.id"],
            name=op.f("fk_bank_statement_files_statement_id_bank_statements"),
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_bank_statement_files")),
    )
    op.create_table(
        "bank_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("bank_reference", sa.String(length=100), nullable=False),
        sa.Column("end_to_end", sa.String(length=100), nullable=False),
        sa.Column("counterparty", sa.String(length=200), nullable=False),
        sa.Column("payer_key", sa.String(length=200), nullable=False),
        sa.Column("counterparty_number", sa.String(length=64), nullable=False),
        sa.Column("counterparty_bank", sa.String(length=200), nullable=False),
        sa.Column("virtual_number", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=1001), nullable=False),
        sa.Column("fee", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_bank_lines_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statements.id"], name=op.f("fk_bank_lines_statement_id_bank_statements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_lines")),
        sa.UniqueConstraint("bank_account_id", "key", name=op.f("uq_bank_lines_bank_account_id_key")),
    )
    op.create_index(op.f("ix_bank_lines_bank_reference"), "bank_lines", ["bank_reference"], unique=False)
    op.create_index(op.f("ix_bank_lines_statement_id"), "bank_lines", ["statement_id"], unique=False)
    op.create_table(
        "line_matches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("undoes_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "buyer",
                "return",
                "gateway",
                "operator",
                "payout",
                "fee",
                "by_hand",
                name="matchkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "found",
            sa.Enum(
                "virtual_account",
                "reference",
                "order",
                "fee_code",
                "bank_reference",
                "persons",
                name="found",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("matched_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(sequence % 2 = 1) = (undoes_id IS NULL)", name=op.f("ck_line_matches_match_then_undoing")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_line_matches_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposits.id"], name=op.f("fk_line_matches_deposit_id_deposits")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_line_matches_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["bank_lines.id"], name=op.f("fk_line_matches_line_id_bank_lines")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_line_matches_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_line_matches_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_line_matches_proposed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["line_matches.id"], name=op.f("fk_line_matches_undoes_id_line_matches")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_matches")),
        sa.UniqueConstraint("line_id", "sequence", name=op.f("uq_line_matches_line_id_sequence")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_line_matches_undoes_id")),
    )
    op.create_index(op.f("ix_line_matches_deposit_id"), "line_matches", ["deposit_id"], unique=False)
    op.create_index(op.f("ix_line_matches_institution_id"), "line_matches", ["institution_id"], unique=False)
    op.create_index(op.f("ix_line_matches_lot_id"), "line_matches", ["lot_id"], unique=False)
    op.create_index(op.f("ix_line_matches_payment_id"), "line_matches", ["payment_id"], unique=False)
    op.create_index(op.f("ix_line_matches_subject_id"), "line_matches", ["subject_id"], unique=False)
    op.create_table(
        "bank_line_states",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("new", "unassigned", "matched", name="linestatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "doubt",
            sa.Enum(
                "none",
                "unknown",
                "third_party",
                "payer_unknown",
                "other_currency",
                "payout_differs",
                "receipt_differs",
                "several_references",
                "undone",
                name="doubt",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("match_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_bank_line_states_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["bank_lines.id"], name=op.f("fk_bank_line_states_line_id_bank_lines")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["line_matches.id"], name=op.f("fk_bank_line_states_match_id_line_matches")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["bank_statements.id"],
            name=op.f("fk_bank_line_states_statement_id_bank_statements"),
        ),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_bank_line_states")),
        sa.UniqueConstraint("match_id", name=op.f("uq_bank_line_states_match_id")),
    )
    op.create_index(
        op.f("ix_bank_line_states_bank_account_id"), "bank_line_states", ["bank_account_id"], unique=False
    )
    op.create_index(
        "ix_bank_line_states_queue", "bank_line_states", ["statement_id", "status", "row"], unique=False
    )
    op.create_index(op.f("ix_bank_line_states_status"), "bank_line_states", ["status"], unique=False)
    op.create_table(
        "line_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("assign", "undo", name="proposalkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "match_kind",
            sa.Enum(
                "buyer",
                "return",
                "gateway",
                "operator",
                "payout",
                "fee",
                "by_hand",
                name="matchkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_line_proposals_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["bank_lines.id"], name=op.f("fk_line_proposals_line_id_bank_lines")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_line_proposals_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_proposals")),
    )
    op.create_index(op.f("ix_line_proposals_line_id"), "line_proposals", ["line_id"], unique=False)
    op.create_table(
        "payment_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=35), nullable=False),
        sa.Column("bank_account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("exported", "cancelled", name="batchstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("exports", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("cancelled_by_id", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_account_id"],
            ["bank_accounts.id"],
            name=op.f("fk_payment_batches_bank_account_id_bank_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["cancelled_by_id"], ["people.id"], name=op.f("fk_payment_batches_cancelled_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["people.id"], name=op.f("fk_payment_batches_made_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batches")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_batches_number")),
    )
    op.create_index(
        op.f("ix_payment_batches_bank_account_id"), "payment_batches", ["bank_account_id"], unique=False
    )
    op.create_index(op.f("ix_payment_batches_status"), "payment_batches", ["status"], unique=False)
    op.create_table(
        "payment_orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("live_key", sa.String(length=60), nullable=True),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column(
            "status",
            sa.Enum("sent", "carried_out", "withdrawn", name="orderstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("bank", sa.String(length=200), nullable=False),
        sa.Column("bank_code", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=400), nullable=False),
        sa.Column("number_tail", sa.String(length=4), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payment_batches.id"], name=op.f("fk_payment_orders_batch_id_payment_batches")
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payouts.id"], name=op.f("fk_payment_orders_payout_id_payouts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_orders")),
        sa.UniqueConstraint("batch_id", "position", name=op.f("uq_payment_orders_batch_id_position")),
        sa.UniqueConstraint("live_key", name=op.f("uq_payment_orders_live_key")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_orders_reference")),
    )
    op.create_index(op.f("ix_payment_orders_payout_id"), "payment_orders", ["payout_id"], unique=False)
    op.create_index(op.f("ix_payment_orders_status"), "payment_orders", ["status"], unique=False)
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
    for table in _TABLES:
        op.drop_table(table)
