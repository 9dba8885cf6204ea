"""One deposit may stand for the bids on several lots."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spending_limits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_spending_limits_institution_id_institutions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending_limits")),
        sa.UniqueConstraint(
            "institution_id", "currency", name=op.f("uq_spending_limits_institution_id_currency")
        ),
    )
    with op.batch_alter_table("auctions") as auctions:
        auctions.add_column(sa.Column("backed", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("registrations") as registrations:
        registrations.add_column(sa.Column("spending_limit_id", sa.Uuid(), nullable=True))
        registrations.add_column(
            sa.Column("bound_minor", sa.BigInteger(), server_default="0", nullable=False)
        )
        registrations.create_foreign_key(
            op.f("fk_registrations_spending_limit_id_spending_limits"),
            "spending_limits",
            ["spending_limit_id"],
            ["id"],
        )
        registrations.create_index(op.f("ix_registrations_spending_limit_id"), ["spending_limit_id"])


def downgrade() -> None:
    with op.batch_alter_table("registrations") as registrations:
        registrations.drop_index(op.f("ix_registrations_spending_limit_id"))
        registrations.drop_constraint(
            op.f("fk_registrations_spending_limit_id_spending_limits"), type_="foreignkey"
        )
        registrations.drop_column("bound_minor")
        registrations.drop_column("spending_limit_id")
    with op.batch_alter_table("auctions") as auctions:
        auctions.drop_column("backed")
    op.drop_table("spending_limits")
