"""When an institution last stated another region, so that the index follows it.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "institutions", sa.Column("region_stated_at", db.UtcDateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("institutions", "region_stated_at")
