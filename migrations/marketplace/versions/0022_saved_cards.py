"""Cards that institutions have saved, holds that are renewed and raised, events that can be tried again."""

import sqlalchemy as sa
from alembic import op

from marketplace import db

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gateway_customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("gateway_object", sa.String(length=255), nullable=False),
        sa.Column("known_since", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_gateway_customers_institution_id_institutions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_customers")),
        sa.UniqueConstraint("institution_id", name=op.f("uq_gateway_customers_institution_id")),
    )
    _create_saved_cards()
    _add_to_deposits_and_calls()
    with op.batch_alter_table("gateway_events") as events:
        events.add_column(sa.Column("subject", sa.String(length=255), server_default="", nullable=False))
        events.add_column(sa.Column("problem", sa.String(length=300), server_default="", nullable=False))


def _create_saved_cards() -> None:
    op.create_table(
        "saved_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("gateway_object", sa.String(length=255), nullable=False),
        sa.Column("payment_method", sa.String(length=255), nullable=False),
        sa.Column("hosted_url", sa.String(length=2000), nullable=False),
        sa.Column("brand", sa.String(length=40), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("expiry_month", sa.Integer(), nullable=True),
        sa.Column("expiry_year", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=300), nullable=False),
        sa.Column("asked_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("saved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_saved_cards_asked_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_saved_cards_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_cards")),
    )
    for column in ("gateway_object", "institution_id", "status"):
        op.create_index(op.f(f"ix_saved_cards_{column}"), "saved_cards", [column])


def _add_to_deposits_and_calls() -> None:
    with op.batch_alter_table("deposits") as deposits:
        deposits.add_column(sa.Column("card_id", sa.Uuid(), nullable=True))
        deposits.add_column(
            sa.Column("may_increment", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        deposits.add_column(
            sa.Column("renewal_object", sa.String(length=255), server_default="", nullable=False)
        )
        deposits.add_column(sa.Column("warned_at", db.UtcDateTime(timezone=True), nullable=True))
        deposits.create_foreign_key(
            op.f("fk_deposits_card_id_saved_cards"), "saved_cards", ["card_id"], ["id"]
        )
        deposits.create_index(op.f("ix_deposits_card_id"), ["card_id"])
        deposits.create_index(op.f("ix_deposits_renewal_object"), ["renewal_object"])
    with op.batch_alter_table("gateway_calls") as calls:
        calls.add_column(sa.Column("card_id", sa.Uuid(), nullable=True))
        calls.create_foreign_key(
            op.f("fk_gateway_calls_card_id_saved_cards"), "saved_cards", ["card_id"], ["id"]
        )
        calls.create_index(op.f("ix_gateway_calls_card_id"), ["card_id"])
        calls.create_index(op.f("ix_gateway_calls_gateway_object"), ["gateway_object"])


def downgrade() -> None:
    with op.batch_alter_table("gateway_events") as events:
        events.drop_column("problem")
        events.drop_column("subject")
    with op.batch_alter_table("gateway_calls") as calls:
        calls.drop_index(op.f("ix_gateway_calls_gateway_object"))
        calls.drop_index(op.f("ix_gateway_calls_card_id"))
        calls.drop_constraint(op.f("fk_gateway_calls_card_id_saved_cards"), type_="foreignkey")
        calls.drop_column("card_id")
    with op.batch_alter_table("deposits") as deposits:
        deposits.drop_index(op.f("ix_deposits_renewal_object"))
        deposits.drop_index(op.f("ix_deposits_card_id"))
        deposits.drop_constraint(op.f("fk_deposits_card_id_saved_cards"), type_="foreignkey")
        for column in ("warned_at", "renewal_object", "may_increment", "card_id"):
            deposits.drop_column(column)
    op.drop_table("saved_cards")
    op.drop_table("gateway_customers")
