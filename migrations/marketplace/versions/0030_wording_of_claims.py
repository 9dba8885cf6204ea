"""The wording of a patent's claims, for the search.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rights", sa.Column("claims_text", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("rights", "claims_text")
