"""what was told of confidential sales, what was asked, and who read them exactly."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HISTORY = (
    "pool_admissions",
    "statistics_releases",
    "disclosure_blocks",
    "disclosure_block_members",
    "statistics_cells",
    "disclosure_questions",
    "exact_reads",
)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, db.UtcDateTime(timezone=True), nullable=False)


def _family() -> sa.Column:
    return sa.Column("family", sa.String(length=32), nullable=False)


def _release(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("release_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_number"],
            ["statistics_releases.number"],
            name=op.f(f"fk_{table}_release_number_statistics_releases"),
        ),
    )


def upgrade() -> None:
    op.create_table(
        "pool_admissions",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        _moment("admitted_at"),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_pool_admissions")),
    )
    op.create_table(
        "statistics_releases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        _moment("released_at"),
        sa.Column("through", sa.Date(), nullable=False),
        sa.Column("tree_size", sa.BigInteger(), nullable=False),
        sa.Column("withheld_percent", sa.Integer(), nullable=False),
        sa.Column("rules", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statistics_releases")),
    )
    _create_blocks()
    _create_cells()
    _create_logs()
    for table in HISTORY:
        protect(table)


def _create_blocks() -> None:
    op.create_table(
        "disclosure_blocks",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_release("disclosure_blocks"),
        _family(),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_blocks")),
    )
    op.create_index(op.f("ix_disclosure_blocks_release_number"), "disclosure_blocks", ["release_number"])
    op.create_table(
        "disclosure_block_members",
        _family(),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_id"],
            ["disclosure_blocks.id"],
            name=op.f("fk_disclosure_block_members_block_id_disclosure_blocks"),
        ),
        sa.PrimaryKeyConstraint("family", "record_id", name=op.f("pk_disclosure_block_members")),
    )
    op.create_index(op.f("ix_disclosure_block_members_block_id"), "disclosure_block_members", ["block_id"])


def _create_cells() -> None:
    op.create_table(
        "statistics_cells",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_release("statistics_cells"),
        sa.Column("breakdown", sa.String(length=40), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_cells")),
    )
    op.create_index(
        "ix_statistics_cells_release_breakdown", "statistics_cells", ["release_number", "breakdown"]
    )


def _create_logs() -> None:
    op.create_table(
        "disclosure_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        _moment("asked_at"),
        sa.Column("release_number", sa.Integer(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_questions")),
    )
    op.create_index(
        "ix_disclosure_questions_asked_by_asked_on", "disclosure_questions", ["asked_by", "asked_on"]
    )
    op.create_table(
        "exact_reads",
        sa.Column("id", sa.Uuid(), nullable=False),
        _moment("read_at"),
        sa.Column("read_by", sa.String(length=120), nullable=False),
        sa.Column("reader_kind", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("owner_marketplace", sa.String(length=60), nullable=False),
        sa.Column("owner_parent", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exact_reads")),
    )
    op.create_index(op.f("ix_exact_reads_record_id"), "exact_reads", ["record_id"])
    op.create_index(
        "ix_exact_reads_owner_marketplace_owner_parent", "exact_reads", ["owner_marketplace", "owner_parent"]
    )


def downgrade() -> None:
    for table in reversed(HISTORY):
        unprotect(table)
        op.drop_table(table)
