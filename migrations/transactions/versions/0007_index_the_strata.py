"""index the strata in which comparables are searched."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_transaction_records_stratum": ["asset_type", "technology_field", "sold_on", "leaf_index"],
    "ix_transaction_records_latest_of_type": ["asset_type", "sold_on", "leaf_index"],
    "ix_transaction_records_latest_of_office": ["country", "asset_type", "sold_on", "leaf_index"],
}


def upgrade() -> None:
    with op.batch_alter_table("transaction_records", schema=None) as batch_op:
        batch_op.drop_index("ix_transaction_records_asset_type_sold_on")
        for name, columns in INDEXES.items():
            batch_op.create_index(name, columns, unique=False)


def downgrade() -> None:
    with op.batch_alter_table("transaction_records", schema=None) as batch_op:
        for name in INDEXES:
            batch_op.drop_index(name)
        batch_op.create_index(
            "ix_transaction_records_asset_type_sold_on", ["asset_type", "sold_on"], unique=False
        )
