"""remember the checkpoints of the shared log that this marketplace has seen."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

HISTORY = ("seen_checkpoints",)


def upgrade() -> None:
    op.create_table(
        "seen_checkpoints",
        sa.Column("tree_size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("seen_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tree_size", name=op.f("pk_seen_checkpoints")),
    )
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
        op.drop_table(table)
