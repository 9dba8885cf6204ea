"""keep ties, the barred list, awards to decide, traces of sign-ins and leads."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HISTORY = ("lead_evidence", "examinations")
_TABLES = (
    "institution_ties",
    "lot_parties",
    "exemptions",
    "award_reviews",
    "sign_in_traces",
    "barred_listings",
    "lead_evidence",
    "leads",
    "examinations",
)
_MOMENT = db.UtcDateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("sign_ins") as batch_op:
        batch_op.add_column(sa.Column("device", sa.String(length=64), nullable=False, server_default=""))
    _create_bans()
    _create_leads()
    _create_listings()
    _create_awards()
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
    for table in _TABLES:
        op.drop_table(table)
    with op.batch_alter_table("sign_ins") as batch_op:
        batch_op.drop_column("device")


def _create(table: str, *columns: sa.schema.SchemaItem, indexes: tuple[str, ...] = ()) -> None:
    identity = sa.Column("id", sa.Uuid(), nullable=False)
    op.create_table(table, identity, *columns, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")))
    for column in indexes:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _text(name: str, length: int) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _code(name: str, kind: str, *members: str) -> sa.Column:
    return sa.Column(name, sa.Enum(*members, name=kind, native_enum=False, length=32), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, _MOMENT, nullable=nullable)


def _reference(table: str, name: str, to: str, nullable: bool = False) -> tuple[sa.schema.SchemaItem, ...]:
    key = sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))
    return sa.Column(name, sa.Uuid(), nullable=nullable), key


_CAPACITIES = (
    "seller",
    "selling_agency",
    "operator",
    "court",
    "auxiliary",
    "appraiser",
    "debtor",
    "pledgor",
    "guarantor",
    "defaulter",
    "listed",
)


def _create_bans() -> None:
    ties = "institution_ties"
    _create(
        ties,
        _text("node", 220),
        _text("name", 200),
        _text("other_node", 220),
        _text("other_name", 200),
        _code(
            "kind",
            "tiekind",
            "same_group",
            "shareholder",
            "controlling_person",
            "shared_staff",
            "near_relative",
            "mail_domain",
        ),
        _code("source", "tiesource", "declared", "operator"),
        sa.Column("certain", sa.Boolean(), nullable=False),
        _text("evidence", 500),
        *_reference(ties, "recorded_by_id", "people"),
        _moment("recorded_at"),
        *_reference(ties, "ended_by_id", "people", nullable=True),
        _moment("ended_at", nullable=True),
        indexes=("node", "other_node", "ended_at"),
    )
    parties = "lot_parties"
    _create(
        parties,
        *_reference(parties, "lot_id", "lots"),
        _text("node", 220),
        _text("name", 200),
        _code("capacity", "capacity", *_CAPACITIES),
        _text("evidence", 500),
        *_reference(parties, "recorded_by_id", "people"),
        _moment("recorded_at"),
        sa.UniqueConstraint(
            "lot_id", "node", "capacity", name=op.f("uq_lot_parties_lot_id_node_capacity")
        ),
        indexes=("lot_id", "node"),
    )


def _create_leads() -> None:
    _create(
        "leads",
        _code("kind", "leadkind", "shill", "ring", "shared_trace", "non_payment", "possible_tie"),
        _code("status", "leadstatus", "opened", "looked_into", "dismissed", "led_to_proposal"),
        _text("fingerprint", 400),
        sa.Column("subjects", sa.JSON(), nullable=False),
        _text("context", 60),
        sa.Column("strength_percent", sa.Integer(), nullable=False),
        _moment("opened_at"),
        _moment("changed_at"),
        *_reference("leads", "taken_by_id", "people", nullable=True),
        _text("conclusion", 500),
        indexes=("kind", "status", "fingerprint", "changed_at"),
    )
    _create(
        "lead_evidence",
        *_reference("lead_evidence", "lead_id", "leads"),
        _moment("at"),
        sa.Column("strength_percent", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        indexes=("lead_id",),
    )
    traces = "sign_in_traces"
    _create(
        traces,
        *_reference(traces, "sign_in_id", "sign_ins"),
        *_reference(traces, "institution_id", "institutions"),
        _text("device", 64),
        _text("browser", 64),
        _text("address", 64),
        _moment("at"),
        sa.UniqueConstraint("sign_in_id", name=op.f("uq_sign_in_traces_sign_in_id")),
        indexes=("institution_id", "at"),
    )
    op.create_table(
        "examinations",
        *_reference("examinations", "auction_id", "auctions"),
        _moment("at"),
        sa.Column("signals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("auction_id", name=op.f("pk_examinations")),
    )


def _create_listings() -> None:
    table = "barred_listings"
    _create(
        table,
        *_reference(table, "institution_id", "institutions"),
        _code("status", "listingstatus", "proposed", "dropped", "listed", "lift_proposed", "lifted"),
        _text("reason", 500),
        _text("source", 300),
        _moment("until"),
        *_reference(table, "lead_id", "leads", nullable=True),
        *_reference(table, "proposed_by_id", "people"),
        _moment("proposed_at"),
        _moment("listed_at", nullable=True),
        _moment("reviewed_at", nullable=True),
        *_reference(table, "lift_proposed_by_id", "people", nullable=True),
        *_reference(table, "decided_by_id", "people", nullable=True),
        _moment("ended_at", nullable=True),
        _text("answer", 2000),
        _moment("answered_at", nullable=True),
        indexes=("institution_id", "status", "until"),
    )


def _create_awards() -> None:
    exemptions = "exemptions"
    _create(
        exemptions,
        *_reference(exemptions, "lot_id", "lots"),
        *_reference(exemptions, "institution_id", "institutions"),
        _text("code", 60),
        _text("reason", 500),
        *_reference(exemptions, "proposed_by_id", "people"),
        _moment("proposed_at"),
        *_reference(exemptions, "confirmed_by_id", "people", nullable=True),
        _moment("confirmed_at", nullable=True),
        sa.UniqueConstraint(
            "lot_id", "institution_id", "code", name=op.f("uq_exemptions_lot_id_institution_id_code")
        ),
        indexes=("lot_id", "institution_id"),
    )
    reviews = "award_reviews"
    _create(
        reviews,
        *_reference(reviews, "auction_id", "auctions"),
        *_reference(reviews, "registration_id", "registrations"),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("barred", sa.Boolean(), nullable=False),
        _moment("opened_at"),
        _text("decision", 20),
        _text("reason", 500),
        *_reference(reviews, "decided_by_id", "people", nullable=True),
        _moment("decided_at", nullable=True),
        sa.UniqueConstraint(
            "auction_id", "registration_id", name=op.f("uq_award_reviews_auction_id_registration_id")
        ),
        indexes=("auction_id", "decision"),
    )
