"""create the marketplace."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Tables of history: rows are only added.
HISTORY = (
    "audit_entries",
    "bank_receipts",
    "carried_sales",
    "journal_entries",
    "ledger_entries",
    "ledger_transactions",
    "sale_costs",
    "settlements",
    "transfer_records",
)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "carried_sales",
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("carried_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source_kind", "source_id", name=op.f("pk_carried_sales")),
    )
    op.create_table(
        "gateway_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("event_type", sa.String(length=100), nullable=False),
        sa.Column("gateway_object", sa.String(length=255), nullable=False),
        sa.Column(
            "status",
            sa.Enum("parked", "applied", "ignored", name="eventstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("applied_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_gateway_events_event_id")),
    )
    with op.batch_alter_table("gateway_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gateway_events_gateway_object"), ["gateway_object"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_gateway_events_status"), ["status"], unique=False)

    op.create_table(
        "institutions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "bank",
                "buyer",
                "agency",
                "operator",
                "regulator",
                name="institutionkind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "registered",
                "verified",
                "refused",
                "suspended",
                name="institutionstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=False),
        sa.Column("registered_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("verified_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
        sa.UniqueConstraint(
            "country", "registration_number", name=op.f("uq_institutions_country_registration_number")
        ),
        sa.UniqueConstraint("name", name=op.f("uq_institutions_name")),
        sa.UniqueConstraint("name_key", name=op.f("uq_institutions_name_key")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("queued_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_due_at"), ["due_at"], unique=False)

    op.create_table(
        "default_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("debtor", sa.String(length=200), nullable=False),
        sa.Column("pledgor", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("interest_minor", sa.BigInteger(), nullable=False),
        sa.Column("penalty_minor", sa.BigInteger(), nullable=False),
        sa.Column("damages_minor", sa.BigInteger(), nullable=False),
        sa.Column("costs_minor", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_default_cases_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_default_cases")),
        sa.UniqueConstraint(
            "institution_id", "reference", name=op.f("uq_default_cases_institution_id_reference")
        ),
    )
    with op.batch_alter_table("default_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_default_cases_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("second_factor_secret", sa.String(length=300), nullable=False),
        sa.Column("second_factor_step", sa.Integer(), nullable=False),
        sa.Column("one_time_until", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("registered_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_people_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "rights",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column(
            "right_type",
            sa.Enum(
                "invention",
                "utility_model",
                "design",
                "trademark",
                "copyright",
                name="righttype",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("publication_number", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("applicant", sa.String(length=300), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("registrations", sa.Integer(), nullable=False),
        sa.Column("technology_field", sa.Integer(), nullable=True),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("imported_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_rights_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights")),
        sa.UniqueConstraint("institution_id", "number", name=op.f("uq_rights_institution_id_number")),
    )
    with op.batch_alter_table("rights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rights_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rights_number"), ["number"], unique=False)

    op.create_table(
        "encumbrances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("pledge", "licence", "seizure", name="encumbrancekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("registration_number", sa.String(length=60), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("claim_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.ForeignKeyConstraint(["right_id"], ["rights.id"], name=op.f("fk_encumbrances_right_id_rights")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_encumbrances")),
    )
    with op.batch_alter_table("encumbrances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_encumbrances_right_id"), ["right_id"], unique=False)

    op.create_table(
        "lots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("default_case_id", sa.Uuid(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "drafted",
                "submitted",
                "approved",
                "published",
                "reserved",
                "sold",
                "unsold",
                "withdrawn",
                name="lotstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reference_price_minor", sa.BigInteger(), nullable=True),
        sa.Column(
            "reference_price_basis",
            sa.Enum(
                "agreed",
                "inquiry",
                "online_inquiry",
                "appraisal",
                "internal",
                "comparables",
                name="pricebasis",
                native_enum=False,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("start_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("reserve_minor", sa.BigInteger(), nullable=True),
        sa.Column("reserve_public", sa.Boolean(), nullable=False),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=True),
        sa.Column("increment_minor", sa.BigInteger(), nullable=True),
        sa.Column("rule_pack", sa.String(length=20), nullable=False),
        sa.Column("rule_pack_version", sa.String(length=20), nullable=False),
        sa.Column("auction_format", sa.String(length=20), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("opens_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closes_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("maker_id", sa.Uuid(), nullable=True),
        sa.Column("checker_id", sa.Uuid(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("drafted_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("changed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checker_id"], ["people.id"], name=op.f("fk_lots_checker_id_people")),
        sa.ForeignKeyConstraint(
            ["default_case_id"], ["default_cases.id"], name=op.f("fk_lots_default_case_id_default_cases")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_lots_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["maker_id"], ["people.id"], name=op.f("fk_lots_maker_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("institution_id", "reference", name=op.f("uq_lots_institution_id_reference")),
    )
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lots_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_default_case_id"), ["default_case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_status"), ["status"], unique=False)

    op.create_table(
        "notice_readings",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("read_until", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notice_readings_person_id_people")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notice_readings")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "institution_registered",
                "institution_verified",
                "institution_refused",
                "institution_suspended",
                "lot_submitted",
                "lot_approved",
                "lot_returned",
                "mandate_proposed",
                "mandate_accepted",
                "auction_scheduled",
                "bidder_registered",
                "bidder_admitted",
                "outbid",
                "auction_won",
                "auction_lost",
                "auction_unsold",
                "auction_stopped",
                "offer_made",
                "offer_accepted",
                "offer_declined",
                "deposit_due",
                "deposit_held",
                "deposit_released",
                "deposit_forfeited",
                "payment_due",
                "payment_received",
                "payment_lapsed",
                "transfer_to_file",
                "transfer_confirmed",
                "payout_paid",
                name="noticekind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("subject_url", sa.String(length=300), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("due_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_notices_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index("ix_notices_institution_id_at", ["institution_id", "at"], unique=False)

    op.create_table(
        "portfolio_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_portfolio_uploads_institution_id_institutions"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["people.id"], name=op.f("fk_portfolio_uploads_uploaded_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_uploads")),
    )
    with op.batch_alter_table("portfolio_uploads", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_portfolio_uploads_institution_id"), ["institution_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_portfolio_uploads_uploaded_at"), ["uploaded_at"], unique=False)

    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("signed_in_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_ins_token_hash")),
    )
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_ins_person_id"), ["person_id"], unique=False)

    op.create_table(
        "auctions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("auction_format", sa.String(length=20), nullable=False),
        sa.Column("rule_pack", sa.String(length=20), nullable=False),
        sa.Column("rule_pack_version", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("open", "sold", "unsold", "cancelled", name="outcome", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("opens_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closes_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("bid_count", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.Column("last_event_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("scheduled_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_auctions_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_auctions_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auctions")),
        sa.UniqueConstraint("lot_id", "attempt", name=op.f("uq_auctions_lot_id_attempt")),
    )
    with op.batch_alter_table("auctions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auctions_closes_at"), ["closes_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_auctions_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_auctions_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_auctions_opens_at"), ["opens_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_auctions_outcome"), ["outcome"], unique=False)

    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=300), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "cash",
                "authorised",
                "deposit_held",
                "buyer_balance",
                "escrow",
                "forfeited",
                "cost",
                "commission",
                "claim",
                "surplus",
                name="purpose",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_ledger_accounts_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint("code", name=op.f("uq_ledger_accounts_code")),
    )
    with op.batch_alter_table("ledger_accounts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_accounts_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_ledger_transactions_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
        sa.UniqueConstraint("key", name=op.f("uq_ledger_transactions_key")),
    )
    with op.batch_alter_table("ledger_transactions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_transactions_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_transactions_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledger_transactions_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "lot_rights",
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("right_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_rights_lot_id_lots")),
        sa.ForeignKeyConstraint(["right_id"], ["rights.id"], name=op.f("fk_lot_rights_right_id_rights")),
        sa.PrimaryKeyConstraint("lot_id", "right_id", name=op.f("pk_lot_rights")),
    )
    with op.batch_alter_table("lot_rights", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_rights_right_id"), ["right_id"], unique=False)

    op.create_table(
        "mandates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "side", sa.Enum("sell", "buy", name="mandateside", native_enum=False, length=32), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "accepted",
                "declined",
                "ended",
                name="mandatestatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("commission_basis_points", sa.Integer(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["institutions.id"], name=op.f("fk_mandates_agency_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["client_id"], ["institutions.id"], name=op.f("fk_mandates_client_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_mandates_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_mandates_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    with op.batch_alter_table("mandates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mandates_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandates_client_id"), ["client_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandates_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "deals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("auction", "offer", name="dealsource", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("seller_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "agreed", "paid", "completed", "defaulted", name="dealstatus", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("agreed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("pay_by", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("paid_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("completed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["institutions.id"], name=op.f("fk_deals_buyer_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_deals_lot_id_lots")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandates.id"], name=op.f("fk_deals_mandate_id_mandates")),
        sa.ForeignKeyConstraint(
            ["seller_id"], ["institutions.id"], name=op.f("fk_deals_seller_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        sa.UniqueConstraint(
            "source", "source_id", "buyer_id", name=op.f("uq_deals_source_source_id_buyer_id")
        ),
    )
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deals_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deals_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deals_seller_id"), ["seller_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deals_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deals_status"), ["status"], unique=False)

    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_ledger_entries_moves_something")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_accounts.id"], name=op.f("fk_ledger_entries_account_id_ledger_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["ledger_transactions.id"],
            name=op.f("fk_ledger_entries_transaction_id_ledger_transactions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("transaction_id", "line", name=op.f("uq_ledger_entries_transaction_id_line")),
    )
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledger_entries_account_id"), ["account_id"], unique=False)

    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "made",
                "accepted",
                "approved",
                "refused",
                "withdrawn",
                "expired",
                name="offerstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("accepted_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["people.id"], name=op.f("fk_offers_accepted_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_offers_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["institutions.id"], name=op.f("fk_offers_buyer_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["people.id"], name=op.f("fk_offers_confirmed_by_id_people")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_offers_lot_id_lots")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_offers_made_by_id_people")),
        sa.ForeignKeyConstraint(["mandate_id"], ["mandates.id"], name=op.f("fk_offers_mandate_id_mandates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_buyer_id"), ["buyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offers_mandate_id"), ["mandate_id"], unique=False)

    op.create_table(
        "registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("mandate_id", sa.Uuid(), nullable=True),
        sa.Column("alias", sa.String(length=12), nullable=False),
        sa.Column("priority_order", sa.Integer(), nullable=True),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.Column("barred", sa.String(length=100), nullable=False),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=False),
        sa.Column("deposit_held", sa.Boolean(), nullable=False),
        sa.Column("registered_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["auction_id"], ["auctions.id"], name=op.f("fk_registrations_auction_id_auctions")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_registrations_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_registrations_mandate_id_mandates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("auction_id", "alias", name=op.f("uq_registrations_auction_id_alias")),
        sa.UniqueConstraint(
            "auction_id", "institution_id", name=op.f("uq_registrations_auction_id_institution_id")
        ),
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registrations_auction_id"), ["auction_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registrations_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "deposits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "required",
                "pending",
                "held",
                "released",
                "applied",
                "forfeited",
                "expired",
                "failed",
                name="depositstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum("bank_transfer", "stripe", name="method", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("gateway_object", sa.String(length=255), nullable=False),
        sa.Column("hosted_url", sa.String(length=2000), nullable=False),
        sa.Column("captured_minor", sa.BigInteger(), nullable=False),
        sa.Column("hold_expires_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("required_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("held_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deposits_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_deposits_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_deposits_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name=op.f("fk_deposits_registration_id_registrations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposits")),
        sa.UniqueConstraint("reference", name=op.f("uq_deposits_reference")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_deposits_registration_id")),
    )
    with op.batch_alter_table("deposits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deposits_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deposits_gateway_object"), ["gateway_object"], unique=False)
        batch_op.create_index(batch_op.f("ix_deposits_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deposits_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deposits_status"), ["status"], unique=False)

    op.create_table(
        "journal_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "bid",
                "proxy",
                "pass",
                "withdraw",
                "take",
                "suspend",
                "resume",
                "cancel",
                "default",
                "disqualify",
                name="action",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.String(length=64), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("caused_by", sa.Integer(), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["auction_id"], ["auctions.id"], name=op.f("fk_journal_entries_auction_id_auctions")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_journal_entries_registration_id_registrations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint(
            "auction_id", "idempotency_key", name=op.f("uq_journal_entries_auction_id_idempotency_key")
        ),
        sa.UniqueConstraint("auction_id", "sequence", name=op.f("uq_journal_entries_auction_id_sequence")),
    )
    with op.batch_alter_table("journal_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_entries_auction_id"), ["auction_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_journal_entries_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "prepared", "sent", "succeeded", "failed", name="paymentstatus", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum("bank_transfer", "stripe", name="method", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("gateway_object", sa.String(length=255), nullable=False),
        sa.Column("hosted_url", sa.String(length=2000), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("prepared_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_payments_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_payments_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_payments_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("deal_id", name=op.f("uq_payments_deal_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_payments_reference")),
    )
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payments_gateway_object"), ["gateway_object"], unique=False)
        batch_op.create_index(batch_op.f("ix_payments_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payments_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payments_status"), ["status"], unique=False)

    op.create_table(
        "sale_costs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_sale_costs_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_sale_costs_recorded_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_costs")),
    )
    with op.batch_alter_table("sale_costs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sale_costs_deal_id"), ["deal_id"], unique=False)

    op.create_table(
        "settlements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("settlement", "forfeiture", "return", name="payoutkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("received_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("unpaid", sa.JSON(), nullable=False),
        sa.Column("compensation", sa.JSON(), nullable=False),
        sa.Column("pursuable_minor", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("settled_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_settlements_deal_id_deals")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_settlements_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint("deal_id", "kind", name=op.f("uq_settlements_deal_id_kind")),
    )
    with op.batch_alter_table("settlements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_settlements_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_settlements_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "transfer_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "documents_signed",
                "recordal_filed",
                "recordal_confirmed",
                name="transferstep",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("document_reference", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_transfer_records_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_transfer_records_recorded_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_records")),
        sa.UniqueConstraint("deal_id", "step", name=op.f("uq_transfer_records_deal_id_step")),
    )
    with op.batch_alter_table("transfer_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_records_deal_id"), ["deal_id"], unique=False)

    op.create_table(
        "bank_receipts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("bank_reference", sa.String(length=100), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["people.id"], name=op.f("fk_bank_receipts_confirmed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposits.id"], name=op.f("fk_bank_receipts_deposit_id_deposits")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_bank_receipts_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_bank_receipts_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_receipts")),
        sa.UniqueConstraint("bank_reference", name=op.f("uq_bank_receipts_bank_reference")),
    )
    with op.batch_alter_table("bank_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_receipts_deposit_id"), ["deposit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_receipts_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "gateway_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum("bank_transfer", "stripe", name="method", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "verb",
            sa.Enum(
                "hold",
                "charge",
                "capture",
                "release",
                "refund",
                "look_up",
                name="callverb",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("deposit_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("gateway_object", sa.String(length=255), nullable=False),
        sa.Column(
            "status",
            sa.Enum("prepared", "answered", "refused", name="callstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("prepared_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["deposit_id"], ["deposits.id"], name=op.f("fk_gateway_calls_deposit_id_deposits")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_gateway_calls_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_calls")),
    )
    with op.batch_alter_table("gateway_calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gateway_calls_deposit_id"), ["deposit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gateway_calls_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_gateway_calls_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gateway_calls_status"), ["status"], unique=False)

    op.create_table(
        "payouts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("settlement", "forfeiture", "return", name="payoutkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("settlement_id", sa.Uuid(), nullable=True),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("payee", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum("due", "prepared", "approved", "paid", name="payoutstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("bank_reference", sa.String(length=100), nullable=False),
        sa.Column("due_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("prepared_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("paid_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_accounts.id"], name=op.f("fk_payouts_account_id_ledger_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_payouts_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_payouts_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_payouts_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["people.id"], name=op.f("fk_payouts_prepared_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["settlements.id"], name=op.f("fk_payouts_settlement_id_settlements")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
    )
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payouts_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payouts_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payouts_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payouts_settlement_id"), ["settlement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payouts_status"), ["status"], unique=False)
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
    with op.batch_alter_table("payouts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payouts_status"))
        batch_op.drop_index(batch_op.f("ix_payouts_settlement_id"))
        batch_op.drop_index(batch_op.f("ix_payouts_lot_id"))
        batch_op.drop_index(batch_op.f("ix_payouts_institution_id"))
        batch_op.drop_index(batch_op.f("ix_payouts_account_id"))

    op.drop_table("payouts")
    with op.batch_alter_table("gateway_calls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gateway_calls_status"))
        batch_op.drop_index(batch_op.f("ix_gateway_calls_payment_id"))
        batch_op.drop_index(batch_op.f("ix_gateway_calls_due_at"))
        batch_op.drop_index(batch_op.f("ix_gateway_calls_deposit_id"))

    op.drop_table("gateway_calls")
    with op.batch_alter_table("bank_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_receipts_payment_id"))
        batch_op.drop_index(batch_op.f("ix_bank_receipts_deposit_id"))

    op.drop_table("bank_receipts")
    with op.batch_alter_table("transfer_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_records_deal_id"))

    op.drop_table("transfer_records")
    with op.batch_alter_table("settlements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlements_lot_id"))
        batch_op.drop_index(batch_op.f("ix_settlements_deal_id"))

    op.drop_table("settlements")
    with op.batch_alter_table("sale_costs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sale_costs_deal_id"))

    op.drop_table("sale_costs")
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payments_status"))
        batch_op.drop_index(batch_op.f("ix_payments_lot_id"))
        batch_op.drop_index(batch_op.f("ix_payments_institution_id"))
        batch_op.drop_index(batch_op.f("ix_payments_gateway_object"))

    op.drop_table("payments")
    with op.batch_alter_table("journal_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_entries_registration_id"))
        batch_op.drop_index(batch_op.f("ix_journal_entries_auction_id"))

    op.drop_table("journal_entries")
    with op.batch_alter_table("deposits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deposits_status"))
        batch_op.drop_index(batch_op.f("ix_deposits_lot_id"))
        batch_op.drop_index(batch_op.f("ix_deposits_institution_id"))
        batch_op.drop_index(batch_op.f("ix_deposits_gateway_object"))
        batch_op.drop_index(batch_op.f("ix_deposits_deal_id"))

    op.drop_table("deposits")
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registrations_institution_id"))
        batch_op.drop_index(batch_op.f("ix_registrations_auction_id"))

    op.drop_table("registrations")
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_mandate_id"))
        batch_op.drop_index(batch_op.f("ix_offers_lot_id"))
        batch_op.drop_index(batch_op.f("ix_offers_buyer_id"))

    op.drop_table("offers")
    with op.batch_alter_table("ledger_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_entries_account_id"))

    op.drop_table("ledger_entries")
    with op.batch_alter_table("deals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deals_status"))
        batch_op.drop_index(batch_op.f("ix_deals_source_id"))
        batch_op.drop_index(batch_op.f("ix_deals_seller_id"))
        batch_op.drop_index(batch_op.f("ix_deals_lot_id"))
        batch_op.drop_index(batch_op.f("ix_deals_buyer_id"))

    op.drop_table("deals")
    with op.batch_alter_table("mandates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mandates_lot_id"))
        batch_op.drop_index(batch_op.f("ix_mandates_client_id"))
        batch_op.drop_index(batch_op.f("ix_mandates_agency_id"))

    op.drop_table("mandates")
    with op.batch_alter_table("lot_rights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lot_rights_right_id"))

    op.drop_table("lot_rights")
    with op.batch_alter_table("ledger_transactions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_transactions_subject_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_transactions_lot_id"))
        batch_op.drop_index(batch_op.f("ix_ledger_transactions_at"))

    op.drop_table("ledger_transactions")
    with op.batch_alter_table("ledger_accounts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledger_accounts_lot_id"))

    op.drop_table("ledger_accounts")
    with op.batch_alter_table("auctions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auctions_outcome"))
        batch_op.drop_index(batch_op.f("ix_auctions_opens_at"))
        batch_op.drop_index(batch_op.f("ix_auctions_lot_id"))
        batch_op.drop_index(batch_op.f("ix_auctions_institution_id"))
        batch_op.drop_index(batch_op.f("ix_auctions_closes_at"))

    op.drop_table("auctions")
    with op.batch_alter_table("sign_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_ins_person_id"))

    op.drop_table("sign_ins")
    with op.batch_alter_table("portfolio_uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portfolio_uploads_uploaded_at"))
        batch_op.drop_index(batch_op.f("ix_portfolio_uploads_institution_id"))

    op.drop_table("portfolio_uploads")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index("ix_notices_institution_id_at")

    op.drop_table("notices")
    op.drop_table("notice_readings")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lots_status"))
        batch_op.drop_index(batch_op.f("ix_lots_institution_id"))
        batch_op.drop_index(batch_op.f("ix_lots_default_case_id"))
        batch_op.drop_index(batch_op.f("ix_lots_changed_at"))

    op.drop_table("lots")
    with op.batch_alter_table("encumbrances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_encumbrances_right_id"))

    op.drop_table("encumbrances")
    with op.batch_alter_table("rights", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rights_number"))
        batch_op.drop_index(batch_op.f("ix_rights_institution_id"))

    op.drop_table("rights")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_institution_id"))

    op.drop_table("people")
    with op.batch_alter_table("default_cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_default_cases_institution_id"))

    op.drop_table("default_cases")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_due_at"))

    op.drop_table("outbox")
    op.drop_table("institutions")
    with op.batch_alter_table("gateway_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gateway_events_status"))
        batch_op.drop_index(batch_op.f("ix_gateway_events_gateway_object"))

    op.drop_table("gateway_events")
    op.drop_table("carried_sales")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_person_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_institution_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))

    op.drop_table("audit_entries")
