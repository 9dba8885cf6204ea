"""A price that is not paid in time is flagged, and an officer decides about it."""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payments") as payments:
        payments.add_column(sa.Column("overdue_at", db.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("payments") as payments:
        payments.drop_column("overdue_at")
