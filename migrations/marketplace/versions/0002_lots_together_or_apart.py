"""sell lots together or apart."""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "combinations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("whole_lot_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("scheduled_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "way",
            sa.Enum("together", "apart", "neither", name="way", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("whole_minor", sa.BigInteger(), nullable=True),
        sa.Column("parts_minor", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["whole_lot_id"], ["lots.id"], name=op.f("fk_combinations_whole_lot_id_lots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_combinations")),
    )
    with op.batch_alter_table("combinations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_combinations_decided_at"), ["decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_combinations_whole_lot_id"), ["whole_lot_id"], unique=False)
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part_of_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_lots_part_of_id"), ["part_of_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_lots_part_of_id_lots"), "lots", ["part_of_id"], ["id"])
    with op.batch_alter_table("auctions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("combination_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_auctions_combination_id"), ["combination_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_auctions_combination_id_combinations"), "combinations", ["combination_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("auctions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_auctions_combination_id_combinations"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_auctions_combination_id"))
        batch_op.drop_column("combination_id")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_lots_part_of_id_lots"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_lots_part_of_id"))
        batch_op.drop_column("part_of_id")
    op.drop_table("combinations")
