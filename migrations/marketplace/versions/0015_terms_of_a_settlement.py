"""What a settlement goes by: the platform's commission, waivers of the title, runners-up, shared risk."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "platform_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("rule_pack", sa.String(length=20), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column(
            "borne_by",
            sa.Enum("seller", "buyer", name="bearer", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("rate", sa.String(length=20), nullable=False),
        sa.Column("table", sa.String(length=20), nullable=False),
        sa.Column("least_minor", sa.BigInteger(), nullable=False),
        sa.Column("most_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("agency_share", sa.String(length=20), nullable=False),
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("effective_from", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_platform_terms_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_platform_terms_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["institutions.id"], name=op.f("fk_platform_terms_operator_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_platform_terms_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_terms")),
    )
    op.create_index(op.f("ix_platform_terms_lot_id"), "platform_terms", ["lot_id"], unique=False)
    op.create_index(op.f("ix_platform_terms_rule_pack"), "platform_terms", ["rule_pack"], unique=False)
    op.create_table(
        "lot_commissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "borne_by", sa.Enum("seller", "buyer", name="bearer", native_enum=False, length=32), nullable=True
        ),
        sa.Column("rate", sa.String(length=20), nullable=False),
        sa.Column("table", sa.String(length=20), nullable=False),
        sa.Column("share_of", sa.String(length=200), nullable=False),
        sa.Column("least_minor", sa.BigInteger(), nullable=False),
        sa.Column("most_minor", sa.BigInteger(), nullable=True),
        sa.Column("terms_id", sa.Uuid(), nullable=True),
        sa.Column("fixed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_commissions_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["terms_id"], ["platform_terms.id"], name=op.f("fk_lot_commissions_terms_id_platform_terms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_commissions")),
        sa.UniqueConstraint("lot_id", "position", name=op.f("uq_lot_commissions_lot_id_position")),
    )
    op.create_index(op.f("ix_lot_commissions_lot_id"), "lot_commissions", ["lot_id"], unique=False)
    op.create_table(
        "title_waivers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_title_waivers_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_title_waivers_deal_id_deals")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_title_waivers_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title_waivers")),
    )
    op.create_index(op.f("ix_title_waivers_deal_id"), "title_waivers", ["deal_id"], unique=False)
    op.create_table(
        "runner_up_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("auction_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column(
            "answer",
            sa.Enum("asked", "accepted", "declined", "lapsed", name="answer", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("asked_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer_by", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_runner_up_offers_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["auction_id"], ["auctions.id"], name=op.f("fk_runner_up_offers_auction_id_auctions")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registrations.id"],
            name=op.f("fk_runner_up_offers_registration_id_registrations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runner_up_offers")),
        sa.UniqueConstraint(
            "auction_id", "registration_id", name=op.f("uq_runner_up_offers_auction_id_registration_id")
        ),
    )
    op.create_index(op.f("ix_runner_up_offers_answer"), "runner_up_offers", ["answer"], unique=False)
    op.create_index(op.f("ix_runner_up_offers_answer_by"), "runner_up_offers", ["answer_by"], unique=False)
    op.create_index(op.f("ix_runner_up_offers_auction_id"), "runner_up_offers", ["auction_id"], unique=False)
    op.create_index(
        op.f("ix_runner_up_offers_registration_id"), "runner_up_offers", ["registration_id"], unique=False
    )
    op.create_table(
        "risk_sharings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_risk_sharings_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_risk_sharings_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_risk_sharings_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_sharings")),
    )
    op.create_index(op.f("ix_risk_sharings_lot_id"), "risk_sharings", ["lot_id"], unique=False)
    op.create_table(
        "risk_shares",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=200), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("share", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["risk_sharings.id"], name=op.f("fk_risk_shares_agreement_id_risk_sharings")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_risk_shares_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_shares")),
        sa.UniqueConstraint("agreement_id", "position", name=op.f("uq_risk_shares_agreement_id_position")),
    )
    op.create_index(op.f("ix_risk_shares_agreement_id"), "risk_shares", ["agreement_id"], unique=False)
    protect("lot_commissions")


def downgrade() -> None:
    unprotect("lot_commissions")
    op.drop_table("risk_shares")
    op.drop_table("risk_sharings")
    op.drop_table("runner_up_offers")
    op.drop_table("title_waivers")
    op.drop_table("lot_commissions")
    op.drop_table("platform_terms")
