"""When the operator has looked up who stands at the top of an institution's group.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "institutions", sa.Column("parent_confirmed_at", db.UtcDateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("institutions", "parent_confirmed_at")
