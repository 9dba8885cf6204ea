"""More facts of a sale: consent, families, legal events, terms, the rate of the day, licences.

Rows that stand already keep version 0: their leaves seal the fields that there were.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RECORDS = "transaction_records"


def _word(name: str, kind: str, words: tuple[str, ...], default: str) -> sa.Column[str]:
    enum = sa.Enum(*words, name=kind, native_enum=False, length=32)
    return sa.Column(name, enum, nullable=False, server_default=default)


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("record_version", sa.Integer(), nullable=False, server_default="0"),
        _word("consent_tier", "consenttier", ("public", "price_only", "pool", "sealed"), "price_only"),
        sa.Column("release_on", sa.Date(), nullable=True),
        sa.Column("seller_parent", sa.String(length=32), nullable=False, server_default=""),
        sa.Column("number_of_families", sa.Integer(), nullable=True),
        sa.Column("family_size", sa.Integer(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=True),
        sa.Column("forward_citations", sa.Integer(), nullable=True),
        sa.Column("evidence_of_use", sa.Boolean(), nullable=True),
        sa.Column("legal_events", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("age_months", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=6), nullable=False, server_default=""),
        _word(
            "payment_terms",
            "paymentterms",
            ("", "lump_sum", "instalments", "set_off", "running_royalty", "entry_fee_and_royalty", "shares"),
            "",
        ),
        _word("tax_bearer", "taxbearer", ("", "each_own", "seller", "buyer"), ""),
        sa.Column("related_party", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("buyer_premium_minor", sa.BigInteger(), nullable=True),
        sa.Column("base_currency", sa.String(length=3), nullable=False, server_default=""),
        sa.Column("rate_to_base", sa.String(length=30), nullable=False, server_default=""),
        sa.Column("previous", sa.Uuid(), nullable=True),
        _word("licence_kind", "licencekind", ("", "exclusive", "sole", "non_exclusive", "not_told"), ""),
        sa.Column("royalty_basis_points", sa.Integer(), nullable=True),
        sa.Column("royalty_base", sa.String(length=100), nullable=False, server_default=""),
        sa.Column("entry_fee_minor", sa.BigInteger(), nullable=True),
        sa.Column("licence_months", sa.Integer(), nullable=True),
        sa.Column("territory", sa.String(length=100), nullable=False, server_default=""),
    ]


def upgrade() -> None:
    # Added one by one, never by a copy of the table: a copy would lose the triggers that guard history.
    for column in _columns():
        op.add_column(_RECORDS, column)
    op.create_index(op.f("ix_transaction_records_previous"), _RECORDS, ["previous"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_transaction_records_previous"), table_name=_RECORDS)
    for column in reversed(_columns()):
        op.drop_column(_RECORDS, column.name)
