"""When time alone next changes an auction: formats with stages change before they end.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every auction so far changes with time only at its end."""
    with op.batch_alter_table("auctions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", db.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_auctions_due_at"), ["due_at"], unique=False)
    op.execute("UPDATE auctions SET due_at = closes_at WHERE outcome = 'open'")


def downgrade() -> None:
    with op.batch_alter_table("auctions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auctions_due_at"))
        batch_op.drop_column("due_at")
