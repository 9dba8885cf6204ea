"""create the shared record."""

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
    "checkpoints",
    "exchange_rates",
    "transaction_records",
)


def upgrade() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("tree_size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("signer", sa.String(length=60), nullable=False),
        sa.Column("public_key", sa.String(length=60), nullable=False),
        sa.Column("signature", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("tree_size", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "exchange_rates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rate_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("base", sa.CHAR(length=3), nullable=False),
        sa.Column("rate", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("loaded_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint(
            "rate_on", "currency", "base", name=op.f("uq_exchange_rates_rate_on_currency_base")
        ),
    )
    with op.batch_alter_table("exchange_rates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exchange_rates_rate_on"), ["rate_on"], unique=False)

    op.create_table(
        "log_heads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("frontier", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_heads")),
    )
    op.create_table(
        "transaction_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_marketplace", sa.String(length=60), nullable=False),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=80), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "sold", "unsold", "withdrawn", "reversed", name="saleoutcome", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "asset_type",
            sa.Enum(
                "invention",
                "utility_model",
                "design",
                "patent",
                "trademark",
                "copyright",
                "other",
                name="assettype",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "right_sold",
            sa.Enum("ownership", "licence", name="rightsold", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("number_of_rights", sa.Integer(), nullable=True),
        sa.Column("technology_field", sa.Integer(), nullable=True),
        sa.Column("technology_fields", sa.JSON(), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=True),
        sa.Column("remaining_life_months", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "auction_english",
                "auction_english_rounds",
                "auction_dutch",
                "auction_hybrid_dutch",
                "auction_sealed",
                "auction_sale_off",
                "brokered_offer",
                "judicial_online_auction",
                "bankruptcy_auction",
                "bankruptcy_sale",
                "live_auction",
                "brokered",
                "private_sale",
                "company_takeover",
                name="channel",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rule_pack", sa.String(length=20), nullable=False),
        sa.Column("rule_pack_version", sa.String(length=20), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("seller_kind", sa.String(length=20), nullable=False),
        sa.Column("reference_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("reference_price_basis", sa.String(length=32), nullable=False),
        sa.Column("start_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=True),
        sa.Column("bidders", sa.Integer(), nullable=True),
        sa.Column("bids", sa.Integer(), nullable=True),
        sa.Column("top_bid_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("price_basis", sa.String(length=200), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=True),
        sa.Column(
            "date_precision",
            sa.Enum("day", "month", "year", "unknown", name="dateprecision", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "proof_grade",
            sa.Enum("A", "B", "C", "D", name="proofgrade", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("arms_length", sa.Boolean(), nullable=False),
        sa.Column("usable", sa.Boolean(), nullable=False),
        sa.Column("exclusion_reason", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_url", sa.String(length=500), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("correction_reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("leaf_index", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("leaf_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("leaf_index >= 0", name=op.f("ck_transaction_records_leaf_index_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transaction_records")),
        sa.UniqueConstraint("corrects", name=op.f("uq_transaction_records_corrects")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_transaction_records_leaf_index")),
        sa.UniqueConstraint(
            "source_marketplace",
            "source_kind",
            "source_id",
            name=op.f("uq_transaction_records_source_marketplace_source_kind_source_id"),
        ),
    )
    with op.batch_alter_table("transaction_records", schema=None) as batch_op:
        batch_op.create_index(
            "ix_transaction_records_asset_type_sold_on", ["asset_type", "sold_on"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_transaction_records_channel"), ["channel"], unique=False)
        batch_op.create_index(batch_op.f("ix_transaction_records_outcome"), ["outcome"], unique=False)
        batch_op.create_index(batch_op.f("ix_transaction_records_sold_on"), ["sold_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_transaction_records_technology_field"), ["technology_field"], unique=False
        )
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
    with op.batch_alter_table("transaction_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transaction_records_technology_field"))
        batch_op.drop_index(batch_op.f("ix_transaction_records_sold_on"))
        batch_op.drop_index(batch_op.f("ix_transaction_records_outcome"))
        batch_op.drop_index(batch_op.f("ix_transaction_records_channel"))
        batch_op.drop_index("ix_transaction_records_asset_type_sold_on")

    op.drop_table("transaction_records")
    op.drop_table("log_heads")
    with op.batch_alter_table("exchange_rates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exchange_rates_rate_on"))

    op.drop_table("exchange_rates")
    op.drop_table("checkpoints")
