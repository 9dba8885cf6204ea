"""Windows for offers after an auction without a buyer; offers that buyers leave without an agency."""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATUSES = ("proposed", "planned", "open", "closed", "refused", "dropped")


def upgrade() -> None:
    op.create_table(
        "offers_windows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("floor_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "status", sa.Enum(*STATUSES, name="windowstatus", native_enum=False, length=32), nullable=False
        ),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closes_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_offers_windows_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_offers_windows_proposed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_offers_windows_approved_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers_windows")),
    )
    for column in ("lot_id", "closes_at"):
        op.create_index(op.f(f"ix_offers_windows_{column}"), "offers_windows", [column])
    with op.batch_alter_table("offers") as offers:
        offers.alter_column("mandate_id", existing_type=sa.Uuid(), nullable=True)
        offers.add_column(sa.Column("window_id", sa.Uuid(), nullable=True))
        offers.create_index(offers.f("ix_offers_window_id"), ["window_id"])
        offers.create_foreign_key(
            offers.f("fk_offers_window_id_offers_windows"), "offers_windows", ["window_id"], ["id"]
        )


def downgrade() -> None:
    """Offers left without an agency have no place in the table before, so they go with the windows."""
    op.execute("DELETE FROM offers WHERE mandate_id IS NULL")
    with op.batch_alter_table("offers") as offers:
        offers.drop_constraint(offers.f("fk_offers_window_id_offers_windows"), type_="foreignkey")
        offers.drop_index(offers.f("ix_offers_window_id"))
        offers.drop_column("window_id")
        offers.alter_column("mandate_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("offers_windows")
