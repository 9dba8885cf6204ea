"""keep the ladder of attempts and the bank's decisions about each step."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("previous_start_price_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("failed_at", db.UtcDateTime(timezone=True), nullable=True))
    _link_attempts()
    op.execute(
        "UPDATE auctions SET previous_id = (SELECT before.id FROM auctions AS before "
        "WHERE before.lot_id = auctions.lot_id AND before.attempt = auctions.attempt - 1) WHERE attempt > 1"
    )
    _place_lots()
    op.create_table(
        "step_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("cost_payee", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["after_id"], ["auctions.id"], name=op.f("fk_step_decisions_after_id_auctions")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_step_decisions_lot_id_lots")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_step_decisions_person_id_people")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["step_decisions.id"], name=op.f("fk_step_decisions_proposal_id_step_decisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_decisions")),
        sa.UniqueConstraint("lot_id", "sequence", name=op.f("uq_step_decisions_lot_id_sequence")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_step_decisions_proposal_id")),
    )
    protect("step_decisions")
    with op.batch_alter_table("settlements", schema=None) as batch_op:
        batch_op.add_column(sa.Column("set_off_minor", sa.BigInteger(), nullable=False, server_default="0"))
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("set_off_minor", sa.BigInteger(), nullable=False, server_default="0"))


def _link_attempts() -> None:
    """A column only added: SQLite would make the table anew for a named key, and its rows are referred to."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE auctions ADD COLUMN previous_id CHAR(32) REFERENCES auctions (id)")
    else:
        op.add_column("auctions", sa.Column("previous_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            op.f("fk_auctions_previous_id_auctions"), "auctions", "auctions", ["previous_id"], ["id"]
        )
    op.create_index(op.f("ix_auctions_previous_id"), "auctions", ["previous_id"], unique=True)


def _place_lots() -> None:
    """Write on each lot where its attempts have led it: a round for each that found no buyer."""
    auctions = sa.table(
        "auctions",
        sa.column("lot_id", sa.Uuid()),
        sa.column("attempt", sa.Integer()),
        sa.column("outcome", sa.String()),
        sa.column("state", sa.JSON()),
        sa.column("terms", sa.JSON()),
        sa.column("closed_at", db.UtcDateTime(timezone=True)),
    )
    lots = sa.table(
        "lots",
        sa.column("id", sa.Uuid()),
        sa.column("round", sa.Integer()),
        sa.column("previous_start_price_minor", sa.BigInteger()),
        sa.column("failed_at", db.UtcDateTime(timezone=True)),
    )
    unsold = sa.select(auctions).where(auctions.c.outcome == "unsold").order_by(auctions.c.attempt)
    places: dict = {}
    for row in op.get_bind().execute(unsold).all():
        number, before, _ = places.get(row.lot_id, (1, None, None))
        if (row.state or {}).get("reason") in {"no_bids", "reserve_not_met"}:
            start = int(row.terms["start_price"].replace(".", ""))  # written with every place of its currency
            places[row.lot_id] = (number + 1, start, row.closed_at)
        else:
            places[row.lot_id] = (number, before, None)
    for lot_id, (number, before, failed_at) in places.items():
        values = {"round": number, "previous_start_price_minor": before, "failed_at": failed_at}
        op.get_bind().execute(sa.update(lots).where(lots.c.id == lot_id).values(**values))


def downgrade() -> None:
    with op.batch_alter_table("payments", schema=None) as batch_op:
        batch_op.drop_column("set_off_minor")
    unprotect("settlements")
    with op.batch_alter_table("settlements", schema=None) as batch_op:
        batch_op.drop_column("set_off_minor")
    protect("settlements")
    unprotect("step_decisions")
    op.drop_table("step_decisions")
    with op.batch_alter_table("auctions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auctions_previous_id"))
        if op.get_bind().dialect.name != "sqlite":
            batch_op.drop_constraint(batch_op.f("fk_auctions_previous_id_auctions"), type_="foreignkey")
        batch_op.drop_column("previous_id")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_column("failed_at")
        batch_op.drop_column("previous_start_price_minor")
        batch_op.drop_column("round")
