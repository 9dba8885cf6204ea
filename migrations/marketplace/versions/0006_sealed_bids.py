"""Sealed bids: commitments and envelopes in the journal, officers' keys, openings.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

HISTORY = ("opening_keys", "opening_key_acts", "opening_contributions", "openings", "opened_bids")

_CODE = sa.String(length=32)
_MOMENT = db.UtcDateTime(timezone=True)


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _create(table: str, *parts: sa.schema.SchemaItem) -> None:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    op.create_table(table, sa.Column("id", sa.Uuid(), nullable=False), *parts, key)


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _create_keys() -> None:
    _create(
        "opening_keys",
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("valid_from", _MOMENT, nullable=False),
        sa.Column("valid_until", _MOMENT, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        _foreign("opening_keys", "institution_id", "institutions"),
        _foreign("opening_keys", "person_id", "people"),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_opening_keys_fingerprint")),
    )
    _index("opening_keys", "institution_id")
    _create(
        "opening_key_acts",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("act", _CODE, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _foreign("opening_key_acts", "key_id", "opening_keys"),
        _foreign("opening_key_acts", "person_id", "people"),
        sa.UniqueConstraint("key_id", "act", name=op.f("uq_opening_key_acts_key_id_act")),
    )
    _index("opening_key_acts", "key_id")


def _create_custodies() -> None:
    _create(
        "custodies",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.Column("closing_sequence", sa.Integer(), nullable=True),
        sa.Column("closing_hash", sa.String(length=64), nullable=True),
        sa.Column("open_by", _MOMENT, nullable=True),
        sa.Column("reminded_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _foreign("custodies", "auction_id", "auctions"),
        _foreign("custodies", "first_id", "institutions"),
        _foreign("custodies", "second_id", "institutions"),
        sa.UniqueConstraint("auction_id", name=op.f("uq_custodies_auction_id")),
    )
    _index("custodies", "open_by")
    _create(
        "opening_contributions",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("unopenable", sa.JSON(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _foreign("opening_contributions", "auction_id", "auctions"),
        _foreign("opening_contributions", "institution_id", "institutions"),
        _foreign("opening_contributions", "key_id", "opening_keys"),
        _foreign("opening_contributions", "person_id", "people"),
        sa.UniqueConstraint("auction_id", "key_id", name=op.f("uq_opening_contributions_auction_id_key_id")),
    )
    _index("opening_contributions", "auction_id")


def _create_openings() -> None:
    _create(
        "openings",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _foreign("openings", "auction_id", "auctions"),
        sa.UniqueConstraint("auction_id", name=op.f("uq_openings_auction_id")),
    )
    _create(
        "opened_bids",
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("amount", sa.String(length=64), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("salt", sa.String(length=64), nullable=True),
        sa.Column("fault", _CODE, nullable=True),
        _foreign("opened_bids", "auction_id", "auctions"),
        sa.UniqueConstraint("auction_id", "sequence", name=op.f("uq_opened_bids_auction_id_sequence")),
    )
    _index("opened_bids", "auction_id")


def upgrade() -> None:
    # Nullable columns are added in place: copying the table would lose the triggers that guard history.
    op.add_column("journal_entries", sa.Column("commitment", sa.String(length=64), nullable=True))
    op.add_column("journal_entries", sa.Column("sealed", sa.JSON(none_as_null=True), nullable=True))
    op.add_column(
        "auctions", sa.Column("awaits_opening", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _create_keys()
    _create_custodies()
    _create_openings()
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
    for table in ("opened_bids", "openings", "opening_contributions", "custodies"):
        op.drop_table(table)
    for table in ("opening_key_acts", "opening_keys"):
        op.drop_table(table)
    op.drop_column("auctions", "awaits_opening")
    op.drop_column("journal_entries", "sealed")
    op.drop_column("journal_entries", "commitment")
