"""A deposit may be promised by a guarantor, or be paid in once for several lots."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_STATUSES = (
    "HANDED_IN",
    "CHECKED",
    "ACCEPTED",
    "REFUSED",
    "WITHDRAWN",
    "RETURNED",
    "LAPSED",
    "CALLED",
    "PAID",
    "DISHONOURED",
)


def upgrade() -> None:
    _limit_deposits()
    _guarantee_letters()
    unprotect("bank_receipts")  # SQLite makes the table anew
    with op.batch_alter_table("bank_receipts") as receipts:
        receipts.add_column(sa.Column("limit_deposit_id", sa.Uuid(), nullable=True))
        receipts.create_foreign_key(
            op.f("fk_bank_receipts_limit_deposit_id_limit_deposits"),
            "limit_deposits",
            ["limit_deposit_id"],
            ["id"],
        )
        receipts.create_index(op.f("ix_bank_receipts_limit_deposit_id"), ["limit_deposit_id"])
    protect("bank_receipts")


def _limit_deposits() -> None:
    op.create_table(
        "limit_deposits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institutions.id"],
            name=op.f("fk_limit_deposits_institution_id_institutions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_deposits")),
        sa.UniqueConstraint(
            "institution_id", "currency", name=op.f("uq_limit_deposits_institution_id_currency")
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_limit_deposits_reference")),
    )


def _guarantee_letters() -> None:
    moment = db.UtcDateTime(timezone=True)
    op.create_table(
        "guarantee_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deposit_id", sa.Uuid(), nullable=False),
        sa.Column("guarantor", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", moment, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*_STATUSES, name="guaranteestatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("handed_in_by_id", sa.Uuid(), nullable=False),
        sa.Column("handed_in_at", moment, nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=True),
        sa.Column("checked_at", moment, nullable=True),
        sa.Column("check_note", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("warned_at", moment, nullable=True),
        sa.Column("called_at", moment, nullable=True),
        sa.Column("ended_at", moment, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_guarantee_letters_{column}_{table}")
            )
            for column, table in (
                ("deposit_id", "deposits"),
                ("handed_in_by_id", "people"),
                ("checked_by_id", "people"),
                ("decided_by_id", "people"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee_letters")),
    )
    op.create_index(op.f("ix_guarantee_letters_deposit_id"), "guarantee_letters", ["deposit_id"])
    op.create_index(op.f("ix_guarantee_letters_status"), "guarantee_letters", ["status"])


def downgrade() -> None:
    unprotect("bank_receipts")
    with op.batch_alter_table("bank_receipts") as receipts:
        receipts.drop_index(op.f("ix_bank_receipts_limit_deposit_id"))
        receipts.drop_constraint(op.f("fk_bank_receipts_limit_deposit_id_limit_deposits"), type_="foreignkey")
        receipts.drop_column("limit_deposit_id")
    protect("bank_receipts")
    op.drop_table("guarantee_letters")
    op.drop_table("limit_deposits")
