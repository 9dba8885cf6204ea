"""keep the interior nodes of the log, further signatures and time stamps of its checkpoints."""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HISTORY = ("log_nodes", "checkpoint_signatures", "checkpoint_stamps")

_AT_ONCE = 1000


def upgrade() -> None:
    op.create_table(
        "log_nodes",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("level >= 1 AND position >= 0", name=op.f("ck_log_nodes_place")),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_log_nodes")),
    )
    op.create_table(
        "checkpoint_signatures",
        sa.Column("tree_size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signer", sa.String(length=60), nullable=False),
        sa.Column("public_key", sa.String(length=60), nullable=False),
        sa.Column("signature", sa.String(length=120), nullable=False),
        sa.Column("signed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tree_size"],
            ["checkpoints.tree_size"],
            name=op.f("fk_checkpoint_signatures_tree_size_checkpoints"),
        ),
        sa.PrimaryKeyConstraint("tree_size", "signer", name=op.f("pk_checkpoint_signatures")),
    )
    op.create_table(
        "checkpoint_stamps",
        sa.Column("tree_size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("authority", sa.String(length=300), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("stamped_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tree_size"], ["checkpoints.tree_size"], name=op.f("fk_checkpoint_stamps_tree_size_checkpoints")
        ),
        sa.PrimaryKeyConstraint("tree_size", "authority", name=op.f("pk_checkpoint_stamps")),
    )
    _keep_nodes_of_what_is_there()
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
        op.drop_table(table)


def _keep_nodes_of_what_is_there() -> None:
    connection = op.get_bind()
    leaves = sa.text("SELECT leaf_hash FROM transaction_records ORDER BY leaf_index")
    result = connection.execute(leaves)
    nodes = sa.table("log_nodes", sa.column("level"), sa.column("position"), sa.column("hash"))
    waiting: list[dict[str, object]] = []
    for level, position, node in _nodes(bytes.fromhex(row[0]) for row in result):
        waiting.append({"level": level, "position": position, "hash": node.hex()})
        if len(waiting) == _AT_ONCE:
            connection.execute(sa.insert(nodes), waiting)
            waiting = []
    if waiting:
        connection.execute(sa.insert(nodes), waiting)


def _nodes(leaves: Iterator[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """Each perfect subtree as it becomes whole: its level, its place in it and its hash (RFC 9162 §2.1.1)."""
    frontier: list[bytes] = []
    for index, leaf in enumerate(leaves):
        carried, level, place = leaf, 0, index
        while place & 1:
            carried = hashlib.sha256(b"\x01" + frontier.pop() + carried).digest()
            level, place = level + 1, place >> 1
            yield level, place, carried
        frontier.append(carried)
