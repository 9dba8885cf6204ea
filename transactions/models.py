"""The shared record of sales, the log that seals it, and what this marketplace has carried into it.

Everything but `CarriedSale` lies in the bind `transactions`, which may be another server into which several
marketplaces write: no foreign key leads out of it, and what is kept is copied as values.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db import TRANSACTIONS_BIND, AppendOnly, Model, currency_code, identity, minor_units
from transactions.rules.facts import FACT_NAMES, RECORD_VERSION, SaleFacts
from transactions.rules.words import (
    AssetType,
    Channel,
    ConsentTier,
    DatePrecision,
    LicenceKind,
    PaymentTerms,
    ProofGrade,
    RightSold,
    SaleOutcome,
    TaxBearer,
)

_LISTS = frozenset({"technology_fields", "classes", "legal_events"})


class TransactionRecord(AppendOnly, Model):
    """One sale or failed attempt, with the attributes of `SaleFacts` and three of its own.

    Attributes:
        leaf_index: its place in the log, 0, 1, 2 … without a gap.
        salt: 32 hexadecimal digits that keep a leaf from being guessed.
        leaf_hash: 64 hexadecimal digits, of `rules.leaf_data`.
    """

    __tablename__ = "transaction_records"
    __bind_key__ = TRANSACTIONS_BIND
    __table_args__ = (
        UniqueConstraint("source_marketplace", "source_kind", "source_id"),
        Index("ix_transaction_records_stratum", "asset_type", "technology_field", "sold_on", "leaf_index"),
        Index("ix_transaction_records_latest_of_type", "asset_type", "sold_on", "leaf_index"),
        Index("ix_transaction_records_latest_of_office", "country", "asset_type", "sold_on", "leaf_index"),
        CheckConstraint("leaf_index >= 0", name="leaf_index_not_negative"),
    )

    id: Mapped[uuid.UUID] = identity()
    source_marketplace: Mapped[str] = mapped_column(String(60))
    source_kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[str] = mapped_column(String(80))
    outcome: Mapped[SaleOutcome] = mapped_column(index=True)
    asset_type: Mapped[AssetType]
    right_sold: Mapped[RightSold]
    title: Mapped[str] = mapped_column(String(300))
    number_of_rights: Mapped[int | None]
    technology_field: Mapped[int | None] = mapped_column(index=True)
    technology_fields: Mapped[list[int]] = mapped_column(JSON)
    classes: Mapped[list[str]] = mapped_column(JSON)
    country: Mapped[str] = mapped_column(String(2))
    filed_on: Mapped[date | None]
    remaining_life_months: Mapped[int | None]
    channel: Mapped[Channel] = mapped_column(index=True)
    rule_pack: Mapped[str] = mapped_column(String(20))
    rule_pack_version: Mapped[str] = mapped_column(String(20))
    attempt: Mapped[int | None]
    forced: Mapped[bool]
    seller_kind: Mapped[str] = mapped_column(String(20))
    reference_price_minor: Mapped[int | None] = minor_units(optional=True)
    reference_price_basis: Mapped[str] = mapped_column(String(32))
    start_price_minor: Mapped[int | None] = minor_units(optional=True)
    deposit_minor: Mapped[int | None] = minor_units(optional=True)
    bidders: Mapped[int | None]
    bids: Mapped[int | None]
    top_bid_minor: Mapped[int | None] = minor_units(optional=True)
    price_minor: Mapped[int | None] = minor_units(optional=True)
    currency: Mapped[str] = currency_code()
    price_basis: Mapped[str] = mapped_column(String(200))
    sold_on: Mapped[date | None] = mapped_column(index=True)
    date_precision: Mapped[DatePrecision]
    proof_grade: Mapped[ProofGrade]
    arms_length: Mapped[bool]
    usable: Mapped[bool]
    exclusion_reason: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[str] = mapped_column(Text)
    evidence_url: Mapped[str] = mapped_column(String(500))
    corrects: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    correction_reason: Mapped[str] = mapped_column(String(500))
    record_version: Mapped[int] = mapped_column(default=RECORD_VERSION, server_default="0")
    consent_tier: Mapped[ConsentTier] = mapped_column(
        default=ConsentTier.PRICE_ONLY, server_default=ConsentTier.PRICE_ONLY.value
    )
    release_on: Mapped[date | None]
    seller_parent: Mapped[str] = mapped_column(String(32), default="", server_default="")
    number_of_families: Mapped[int | None]
    family_size: Mapped[int | None]
    claims: Mapped[int | None]
    forward_citations: Mapped[int | None]
    evidence_of_use: Mapped[bool | None]
    legal_events: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    age_months: Mapped[int | None]
    region: Mapped[str] = mapped_column(String(6), default="", server_default="")
    payment_terms: Mapped[PaymentTerms] = mapped_column(default=PaymentTerms.NOT_TOLD, server_default="")
    tax_bearer: Mapped[TaxBearer] = mapped_column(default=TaxBearer.NOT_TOLD, server_default="")
    related_party: Mapped[bool] = mapped_column(default=False, server_default=false())
    buyer_premium_minor: Mapped[int | None] = minor_units(optional=True)
    base_currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    rate_to_base: Mapped[str] = mapped_column(String(30), default="", server_default="")
    previous: Mapped[uuid.UUID | None] = mapped_column(index=True)
    licence_kind: Mapped[LicenceKind] = mapped_column(default=LicenceKind.NONE, server_default="")
    royalty_basis_points: Mapped[int | None]
    royalty_base: Mapped[str] = mapped_column(String(100), default="", server_default="")
    entry_fee_minor: Mapped[int | None] = minor_units(optional=True)
    licence_months: Mapped[int | None]
    territory: Mapped[str] = mapped_column(String(100), default="", server_default="")
    recorded_at: Mapped[datetime]
    leaf_index: Mapped[int] = mapped_column(BigInteger, unique=True)
    salt: Mapped[str] = mapped_column(String(32))
    leaf_hash: Mapped[str] = mapped_column(String(64))

    def facts(self) -> SaleFacts:
        """The sealed facts as the rules see them."""
        return SaleFacts(**{name: _fact(name, getattr(self, name)) for name in FACT_NAMES})


def _fact(name: str, value: Any) -> Any:
    return tuple(value) if name in _LISTS and isinstance(value, list) else value


def columns_of(facts: SaleFacts) -> dict[str, Any]:
    """The facts as the columns of a record."""
    columns = {name: getattr(facts, name) for name in FACT_NAMES}
    return columns | {name: list(columns[name]) for name in _LISTS}


class Checkpoint(AppendOnly, Model):
    """A signed statement: with so many leaves the log had this root.

    Attributes:
        signer: the marketplace that signed; `public_key` its Ed25519 key, base64.
        signature: base64, over the canonical bytes of log name, size, root and moment.
    """

    __tablename__ = "checkpoints"
    __bind_key__ = TRANSACTIONS_BIND

    tree_size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    signer: Mapped[str] = mapped_column(String(60))
    public_key: Mapped[str] = mapped_column(String(60))
    signature: Mapped[str] = mapped_column(String(120))


class LogHead(Model):
    """The one row that appends lock, with what they need of the tree; a copy, the leaves are the truth."""

    __tablename__ = "log_heads"
    __bind_key__ = TRANSACTIONS_BIND

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(BigInteger)
    frontier: Mapped[list[str]] = mapped_column(JSON)


class ExchangeRate(AppendOnly, Model):
    """One `currency` cost this many `base` on that day, by that source.

    Attributes:
        rate: a plain decimal, as text, so that it is exactly what the source printed.
    """

    __tablename__ = "exchange_rates"
    __bind_key__ = TRANSACTIONS_BIND
    __table_args__ = (UniqueConstraint("rate_on", "currency", "base"),)

    id: Mapped[uuid.UUID] = identity()
    rate_on: Mapped[date] = mapped_column(index=True)
    currency: Mapped[str] = currency_code()
    base: Mapped[str] = currency_code()
    rate: Mapped[str] = mapped_column(String(30))
    source: Mapped[str] = mapped_column(String(300))
    loaded_at: Mapped[datetime]


class CarriedSale(AppendOnly, Model):
    """In the marketplace's own database: this deal or auction stands in the shared record."""

    __tablename__ = "carried_sales"

    source_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    source_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    record_id: Mapped[uuid.UUID]
    carried_at: Mapped[datetime]
