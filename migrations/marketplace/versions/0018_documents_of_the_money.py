"""Documents of the money, their series of numbers, particulars for invoices, registered contracts.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from marketplace import db
from migrations.append_only import protect, unprotect

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

HISTORY = ("document_readers", "documents", "contract_registrations", "tax_particulars")


def upgrade() -> None:
    _particulars()
    _registrations()
    op.create_table(
        "document_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_series")),
        sa.UniqueConstraint("issuer", "kind", "year", name=op.f("uq_document_series_issuer_kind_year")),
    )
    _documents()
    op.create_table(
        "document_readers",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        _points("document_readers", "document_id", "documents"),
        _points("document_readers", "institution_id", "institutions"),
        sa.PrimaryKeyConstraint("document_id", "institution_id", name=op.f("pk_document_readers")),
    )
    _index("document_readers", "institution_id")
    for table in HISTORY:
        protect(table)


def downgrade() -> None:
    for table in HISTORY:
        unprotect(table)
        op.drop_table(table)
    op.drop_table("document_series")


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _index(table: str, *columns: str) -> None:
    with op.batch_alter_table(table) as altered:
        for column in columns:
            altered.create_index(op.f(f"ix_{table}_{column}"), [column], unique=False)


def _particulars() -> None:
    op.create_table(
        "tax_particulars",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("treatment", sa.String(length=32), nullable=False),
        sa.Column("tax_number", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=False),
        sa.Column("bank", sa.String(length=100), nullable=False),
        sa.Column("bank_account", sa.String(length=60), nullable=False),
        sa.Column("stated_by_id", sa.Uuid(), nullable=False),
        sa.Column("stated_at", db.UtcDateTime(timezone=True), nullable=False),
        _points("tax_particulars", "institution_id", "institutions"),
        _points("tax_particulars", "stated_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_particulars")),
    )
    _index("tax_particulars", "institution_id")


def _registrations() -> None:
    op.create_table(
        "contract_registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", db.UtcDateTime(timezone=True), nullable=False),
        _points("contract_registrations", "deal_id", "deals"),
        _points("contract_registrations", "recorded_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_registrations")),
        sa.UniqueConstraint("deal_id", name=op.f("uq_contract_registrations_deal_id")),
    )


def _documents() -> None:
    columns = [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("issuer", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=True),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("issued_at", db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Uuid(), nullable=True),
    ]
    references = {
        "issuer_id": "institutions",
        "recipient_id": "institutions",
        "lot_id": "lots",
        "deal_id": "deals",
        "corrects_id": "documents",
        "replaces_id": "documents",
        "issued_by_id": "people",
    }
    op.create_table(
        "documents",
        *columns,
        *(_points("documents", column, table) for column, table in references.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("code", name=op.f("uq_documents_code")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_documents_corrects_id")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_documents_replaces_id")),
        sa.UniqueConstraint(
            "kind", "subject_id", "about", "edition", name=op.f("uq_documents_kind_subject_id_about_edition")
        ),
        sa.UniqueConstraint(
            "issuer", "kind", "year", "sequence", name=op.f("uq_documents_issuer_kind_year_sequence")
        ),
    )
    indexed = ("deal_id", "issued_at", "issuer_id", "kind", "lot_id", "number", "recipient_id", "subject_id")
    _index("documents", *indexed)
