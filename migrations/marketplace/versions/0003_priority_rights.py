"""Holders of a right of first refusal, the notices served on them, their claims and what became of them."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = ("co_owner", "inventor", "commissioning_party", "licensee", "other")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name)


def _holders() -> None:
    op.create_table(
        "priority_holders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("holderkind", *KINDS), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("priority_order", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            _enum("holderstatus", "to_notify", "notified", "takes_part", "waived", "absent", "removed"),
            nullable=False,
        ),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("waiver_document", sa.String(length=300), nullable=False),
        sa.Column("waived_by_id", sa.Uuid(), nullable=True),
        sa.Column("waived_at", db.UtcDateTime(timezone=True), nullable=True),
        _reference("priority_holders", "lot_id", "lots"),
        _reference("priority_holders", "institution_id", "institutions"),
        _reference("priority_holders", "entered_by_id", "people"),
        _reference("priority_holders", "confirmed_by_id", "people"),
        _reference("priority_holders", "waived_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_holders")),
    )
    for column in ("lot_id", "institution_id"):
        op.create_index(op.f(f"ix_priority_holders_{column}"), "priority_holders", [column])


def _notices() -> None:
    op.create_table(
        "notices_of_sale",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column(
            "how",
            _enum("servicemethod", "in_person", "post", "email", "court", "public"),
            nullable=False,
        ),
        sa.Column("served_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("document", sa.String(length=300), nullable=False),
        sa.Column("unreachable", sa.String(length=500), nullable=False),
        sa.Column("public_text", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", db.UtcDateTime(timezone=True), nullable=True),
        _reference("notices_of_sale", "holder_id", "priority_holders"),
        _reference("notices_of_sale", "recorded_by_id", "people"),
        _reference("notices_of_sale", "confirmed_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices_of_sale")),
    )
    for column in ("holder_id", "served_at"):
        op.create_index(op.f(f"ix_notices_of_sale_{column}"), "notices_of_sale", [column])


def _claims() -> None:
    op.create_table(
        "priority_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("kind", _enum("holderkind", *KINDS), nullable=False),
        sa.Column("proof", sa.String(length=500), nullable=False),
        sa.Column("status", _enum("claimstatus", "claimed", "confirmed", "refused"), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        _reference("priority_claims", "auction_id", "auctions"),
        _reference("priority_claims", "registration_id", "registrations"),
        _reference("priority_claims", "holder_id", "priority_holders"),
        _reference("priority_claims", "claimed_by_id", "people"),
        _reference("priority_claims", "answered_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_claims")),
    )
    for column in ("auction_id", "registration_id", "holder_id"):
        op.create_index(op.f(f"ix_priority_claims_{column}"), "priority_claims", [column])


def upgrade() -> None:
    _holders()
    _notices()
    _claims()
    op.create_table(
        "priority_outcomes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("holder_id", sa.Uuid(), nullable=False),
        sa.Column(
            "outcome", _enum("rightoutcome", "took_part", "deemed_waived", "waived"), nullable=False
        ),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        _reference("priority_outcomes", "auction_id", "auctions"),
        _reference("priority_outcomes", "holder_id", "priority_holders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_outcomes")),
        sa.UniqueConstraint(
            "auction_id", "holder_id", name=op.f("uq_priority_outcomes_auction_id_holder_id")
        ),
    )
    for column in ("auction_id", "holder_id"):
        op.create_index(op.f(f"ix_priority_outcomes_{column}"), "priority_outcomes", [column])
    protect("priority_outcomes")


def downgrade() -> None:
    unprotect("priority_outcomes")
    for table in ("priority_outcomes", "priority_claims", "notices_of_sale", "priority_holders"):
        op.drop_table(table)
