"""fitted price models and the runs that test them."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Tables of history: rows are only added.
HISTORY = ("backtest_runs", "hedonic_models")


def upgrade() -> None:
    op.create_table(
        "hedonic_models",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("priced", sa.Integer(), nullable=False),
        sa.Column("unsold", sa.Integer(), nullable=False),
        sa.Column("cut_off", sa.Date(), nullable=False),
        sa.Column("tree_size", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("fitted_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_hedonic_models")),
        sa.UniqueConstraint("number", name=op.f("uq_hedonic_models_number")),
    )
    with op.batch_alter_table("hedonic_models", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hedonic_models_family"), ["family"], unique=False)

    op.create_table(
        "backtest_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("tree_size", sa.BigInteger(), nullable=False),
        sa.Column("test_from", sa.Date(), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("lots", sa.JSON(), nullable=False),
        sa.Column("run_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backtest_runs")),
        sa.UniqueConstraint("number", name=op.f("uq_backtest_runs_number")),
    )
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in reversed(HISTORY):
        unprotect(table)
        op.drop_table(table)
