"""register contributors, what they submit and what they read."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Tables of history: rows are only added.
HISTORY = ("contributor_acts", "contributor_readings", "submissions")

_STATUSES = ("applied", "admitted", "refused", "suspended", "left")


def _status() -> sa.Enum:
    return sa.Enum(*_STATUSES, name="contributorstatus", native_enum=False, length=32)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, db.UtcDateTime(timezone=True), nullable=nullable)


def _leads_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def upgrade() -> None:
    op.create_table(
        "contributors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("exchange", "court", "agency", name="contributorkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=False),
        sa.Column("parent_name", sa.String(length=200), nullable=False),
        sa.Column("parent_number", sa.String(length=40), nullable=False),
        sa.Column("status", _status(), nullable=False),
        sa.Column("marketplace", sa.String(length=60), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        _moment("applied_at"),
        _moment("admitted_at", nullable=True),
        sa.Column("proposed", _status(), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=True),
        _moment("proposed_at", nullable=True),
        sa.Column("proposed_reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributors")),
        sa.UniqueConstraint("code", name=op.f("uq_contributors_code")),
    )
    op.create_index(op.f("ix_contributors_status"), "contributors", ["status"], unique=False)
    op.create_index(op.f("ix_contributors_institution_id"), "contributors", ["institution_id"], unique=False)
    op.create_table(
        "contributor_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contributor_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.String(length=44), nullable=False),
        _moment("valid_from"),
        _moment("valid_until", nullable=True),
        _moment("added_at"),
        _moment("revoked_at", nullable=True),
        sa.Column("revocation_reason", sa.String(length=500), nullable=False),
        _leads_to("contributor_keys", "contributor_id", "contributors"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributor_keys")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_contributor_keys_fingerprint")),
        sa.UniqueConstraint("public_key", name=op.f("uq_contributor_keys_public_key")),
    )
    op.create_index(
        op.f("ix_contributor_keys_contributor_id"), "contributor_keys", ["contributor_id"], unique=False
    )
    op.create_table(
        "contributor_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contributor_id", sa.Uuid(), nullable=False),
        _moment("at"),
        sa.Column("act", sa.String(length=32), nullable=False),
        sa.Column("marketplace", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("first_person_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        _leads_to("contributor_acts", "contributor_id", "contributors"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributor_acts")),
    )
    op.create_index(
        op.f("ix_contributor_acts_contributor_id"), "contributor_acts", ["contributor_id"], unique=False
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contributor_id", sa.Uuid(), nullable=False),
        sa.Column("own_id", sa.String(length=80), nullable=False),
        sa.Column(
            "action",
            sa.Enum("submit", "correct", "reverse", name="action", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        _moment("received_at"),
        sa.Column("receipt", sa.Text(), nullable=False),
        _leads_to("submissions", "contributor_id", "contributors"),
        _leads_to("submissions", "key_id", "contributor_keys"),
        _leads_to("submissions", "record_id", "transaction_records"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("contributor_id", "own_id", name=op.f("uq_submissions_contributor_id_own_id")),
        sa.UniqueConstraint("record_id", name=op.f("uq_submissions_record_id")),
    )
    op.create_index(
        "ix_submissions_contributor_id_received_at",
        "submissions",
        ["contributor_id", "received_at"],
        unique=False,
    )
    op.create_table(
        "contributor_readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contributor_id", sa.Uuid(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        _moment("at"),
        _leads_to("contributor_readings", "contributor_id", "contributors"),
        _leads_to("contributor_readings", "record_id", "transaction_records"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributor_readings")),
    )
    op.create_index(
        "ix_contributor_readings_contributor_id_at",
        "contributor_readings",
        ["contributor_id", "at"],
        unique=False,
    )
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
    for table in (
        "contributor_readings",
        "submissions",
        "contributor_acts",
        "contributor_keys",
        "contributors",
    ):
        op.drop_table(table)
