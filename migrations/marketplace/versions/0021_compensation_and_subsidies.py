"""Risk-compensation pools with their claims, subsidy programmes with their applications, and their money."""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("payouts") as payouts:
        payouts.alter_column("lot_id", existing_type=sa.Uuid(), nullable=True)
    op.create_table(
        "compensation_pools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("public_totals", sa.Boolean(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["institutions.id"], name=op.f("fk_compensation_pools_keeper_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["people.id"], name=op.f("fk_compensation_pools_opened_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensation_pools")),
        sa.UniqueConstraint("name", name=op.f("uq_compensation_pools_name")),
    )
    with op.batch_alter_table("compensation_pools", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compensation_pools_keeper_id"), ["keeper_id"], unique=False)

    op.create_table(
        "fund_documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_fund_documents_added_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_documents")),
    )
    with op.batch_alter_table("fund_documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_documents_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "subsidy_programmes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("keeper_id", sa.Uuid(), nullable=False),
        sa.Column("terms_name", sa.String(length=60), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["keeper_id"], ["institutions.id"], name=op.f("fk_subsidy_programmes_keeper_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["people.id"], name=op.f("fk_subsidy_programmes_opened_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_programmes")),
        sa.UniqueConstraint(
            "keeper_id", "terms_name", "year", name=op.f("uq_subsidy_programmes_keeper_id_terms_name_year")
        ),
    )
    with op.batch_alter_table("subsidy_programmes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subsidy_programmes_keeper_id"), ["keeper_id"], unique=False)

    op.create_table(
        "pool_agreements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_pool_agreements_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["pool_id"], ["compensation_pools.id"], name=op.f("fk_pool_agreements_pool_id_compensation_pools")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_pool_agreements_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_agreements")),
        sa.UniqueConstraint("pool_id", "version", name=op.f("uq_pool_agreements_pool_id_version")),
    )
    with op.batch_alter_table("pool_agreements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_agreements_pool_id"), ["pool_id"], unique=False)

    op.create_table(
        "programme_budgets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_programme_budgets_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["subsidy_programmes.id"],
            name=op.f("fk_programme_budgets_programme_id_subsidy_programmes"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_programme_budgets_proposed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_budgets")),
    )
    with op.batch_alter_table("programme_budgets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_budgets_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "compensation_claims",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("settlement_id", sa.Uuid(), nullable=True),
        sa.Column("firm", sa.String(length=200), nullable=False),
        sa.Column("firm_key", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("loss_minor", sa.BigInteger(), nullable=False),
        sa.Column("principal_minor", sa.BigInteger(), nullable=False),
        sa.Column("loan_minor", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("uncovered_minor", sa.BigInteger(), nullable=False),
        sa.Column("cuts", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("claimed_by_id", sa.Uuid(), nullable=False),
        sa.Column("claimed_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["pool_agreements.id"],
            name=op.f("fk_compensation_claims_agreement_id_pool_agreements"),
        ),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["institutions.id"], name=op.f("fk_compensation_claims_bank_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["people.id"], name=op.f("fk_compensation_claims_claimed_by_id_people")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_compensation_claims_lot_id_lots")),
        sa.ForeignKeyConstraint(
            ["pool_id"],
            ["compensation_pools.id"],
            name=op.f("fk_compensation_claims_pool_id_compensation_pools"),
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["people.id"], name=op.f("fk_compensation_claims_released_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["people.id"], name=op.f("fk_compensation_claims_reviewed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["settlement_id"],
            ["settlements.id"],
            name=op.f("fk_compensation_claims_settlement_id_settlements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensation_claims")),
        sa.UniqueConstraint("pool_id", "number", name=op.f("uq_compensation_claims_pool_id_number")),
    )
    with op.batch_alter_table("compensation_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compensation_claims_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_compensation_claims_firm_key"), ["firm_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_compensation_claims_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_compensation_claims_pool_id"), ["pool_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_compensation_claims_status"), ["status"], unique=False)

    op.create_table(
        "claim_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["ledger_accounts.id"], name=op.f("fk_claim_parts_account_id_ledger_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["compensation_claims.id"], name=op.f("fk_claim_parts_claim_id_compensation_claims")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_claim_parts_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_claim_parts_payout_id_payouts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_parts")),
        sa.UniqueConstraint("claim_id", "role", name=op.f("uq_claim_parts_claim_id_role")),
    )
    with op.batch_alter_table("claim_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_parts_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_parts_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "compensation_recoveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("reported_by_id", sa.Uuid(), nullable=False),
        sa.Column("reported_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("bank_reference", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_compensation_recoveries_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"],
            ["compensation_claims.id"],
            name=op.f("fk_compensation_recoveries_claim_id_compensation_claims"),
        ),
        sa.ForeignKeyConstraint(
            ["reported_by_id"], ["people.id"], name=op.f("fk_compensation_recoveries_reported_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensation_recoveries")),
        sa.UniqueConstraint("bank_reference", name=op.f("uq_compensation_recoveries_bank_reference")),
    )
    with op.batch_alter_table("compensation_recoveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compensation_recoveries_claim_id"), ["claim_id"], unique=False)

    op.create_table(
        "fund_movements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("bank_reference", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_fund_movements_moves_something")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_fund_movements_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["institutions.id"], name=op.f("fk_fund_movements_party_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payouts.id"], name=op.f("fk_fund_movements_payout_id_payouts")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"], ["people.id"], name=op.f("fk_fund_movements_prepared_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_movements")),
        sa.UniqueConstraint("bank_reference", name=op.f("uq_fund_movements_bank_reference")),
    )
    with op.batch_alter_table("fund_movements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_movements_fund_id"), ["fund_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_fund_movements_party_id"), ["party_id"], unique=False)

    op.create_table(
        "subsidy_applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("firm", sa.String(length=200), nullable=False),
        sa.Column("firm_number", sa.String(length=40), nullable=False),
        sa.Column("payee_id", sa.Uuid(), nullable=True),
        sa.Column("size", sa.String(length=32), nullable=False),
        sa.Column("costs", sa.JSON(), nullable=False),
        sa.Column("loan_minor", sa.BigInteger(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("cuts", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("payout_id", sa.Uuid(), nullable=True),
        sa.Column("applied_by_id", sa.Uuid(), nullable=False),
        sa.Column("applied_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["applicant_id"],
            ["institutions.id"],
            name=op.f("fk_subsidy_applications_applicant_id_institutions"),
        ),
        sa.ForeignKeyConstraint(
            ["applied_by_id"], ["people.id"], name=op.f("fk_subsidy_applications_applied_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["people.id"], name=op.f("fk_subsidy_applications_approved_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["deals.id"], name=op.f("fk_subsidy_applications_deal_id_deals")
        ),
        sa.ForeignKeyConstraint(
            ["payee_id"], ["institutions.id"], name=op.f("fk_subsidy_applications_payee_id_institutions")
        ),
        sa.ForeignKeyConstraint(
            ["payout_id"], ["payouts.id"], name=op.f("fk_subsidy_applications_payout_id_payouts")
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["subsidy_programmes.id"],
            name=op.f("fk_subsidy_applications_programme_id_subsidy_programmes"),
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["people.id"], name=op.f("fk_subsidy_applications_reviewed_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_applications")),
        sa.UniqueConstraint(
            "programme_id", "number", name=op.f("uq_subsidy_applications_programme_id_number")
        ),
    )
    with op.batch_alter_table("subsidy_applications", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subsidy_applications_applicant_id"), ["applicant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_subsidy_applications_deal_id"), ["deal_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_subsidy_applications_firm_number"), ["firm_number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_subsidy_applications_programme_id"), ["programme_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_subsidy_applications_status"), ["status"], unique=False)
    protect("fund_documents")


def downgrade() -> None:
    unprotect("fund_documents")
    with op.batch_alter_table("subsidy_applications", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subsidy_applications_status"))
        batch_op.drop_index(batch_op.f("ix_subsidy_applications_programme_id"))
        batch_op.drop_index(batch_op.f("ix_subsidy_applications_firm_number"))
        batch_op.drop_index(batch_op.f("ix_subsidy_applications_deal_id"))
        batch_op.drop_index(batch_op.f("ix_subsidy_applications_applicant_id"))

    op.drop_table("subsidy_applications")
    with op.batch_alter_table("fund_movements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_movements_party_id"))
        batch_op.drop_index(batch_op.f("ix_fund_movements_fund_id"))

    op.drop_table("fund_movements")
    with op.batch_alter_table("compensation_recoveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_compensation_recoveries_claim_id"))

    op.drop_table("compensation_recoveries")
    with op.batch_alter_table("claim_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_parts_institution_id"))
        batch_op.drop_index(batch_op.f("ix_claim_parts_claim_id"))

    op.drop_table("claim_parts")
    with op.batch_alter_table("compensation_claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_compensation_claims_status"))
        batch_op.drop_index(batch_op.f("ix_compensation_claims_pool_id"))
        batch_op.drop_index(batch_op.f("ix_compensation_claims_lot_id"))
        batch_op.drop_index(batch_op.f("ix_compensation_claims_firm_key"))
        batch_op.drop_index(batch_op.f("ix_compensation_claims_bank_id"))

    op.drop_table("compensation_claims")
    with op.batch_alter_table("programme_budgets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_budgets_programme_id"))

    op.drop_table("programme_budgets")
    with op.batch_alter_table("pool_agreements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pool_agreements_pool_id"))

    op.drop_table("pool_agreements")
    with op.batch_alter_table("subsidy_programmes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subsidy_programmes_keeper_id"))

    op.drop_table("subsidy_programmes")
    with op.batch_alter_table("fund_documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_documents_subject_id"))

    op.drop_table("fund_documents")
    with op.batch_alter_table("compensation_pools", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_compensation_pools_keeper_id"))

    op.drop_table("compensation_pools")
    with op.batch_alter_table("payouts") as payouts:
        payouts.alter_column("lot_id", existing_type=sa.Uuid(), nullable=False)
