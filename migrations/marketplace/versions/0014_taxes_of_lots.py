"""A lot says who bears the taxes of its sale and how its price is taxed.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lots") as lots:
        lots.add_column(sa.Column("tax_bearer", sa.String(32), server_default="each_own", nullable=False))
        lots.add_column(
            sa.Column("price_tax", sa.String(32), server_default="not_determined", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("lots") as lots:
        lots.drop_column("price_tax")
        lots.drop_column("tax_bearer")
