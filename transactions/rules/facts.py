"""The facts that are kept of a sale; `transactions.log.commitments` seals them."""

import uuid
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final

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

RECORD_VERSION: Final = 1


class Reason(StrEnum):
    NOT_FOUND = "not_found"
    ALREADY_CORRECTED = "already_corrected"
    RECORDED_DIFFERENTLY = "recorded_differently"
    NOTHING_CHANGED = "nothing_changed"
    REASON_MISSING = "reason_missing"
    PRICE_MISSING = "price_missing"
    PRICE_NOT_EXPECTED = "price_not_expected"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    NUMBER_OUT_OF_RANGE = "number_out_of_range"
    UNKNOWN_CURRENCY = "unknown_currency"
    DATE_AND_PRECISION = "date_and_precision"
    EXCLUSION_REASON = "exclusion_reason"
    RATE_LOADED_DIFFERENTLY = "rate_loaded_differently"
    UNKNOWN_REGION = "unknown_region"
    UNKNOWN_EVENT = "unknown_event"
    PARENT_NOT_HEXADECIMAL = "parent_not_hexadecimal"
    NOT_A_RATE = "not_a_rate"
    LICENCE_ALONE = "licence_alone"
    RELATED_AT_ARMS_LENGTH = "related_at_arms_length"
    NAMES_ITSELF = "names_itself"
    TEXT_TOO_LONG = "text_too_long"
    NOT_CORRECTABLE = "not_correctable"
    NOT_READ = "not_read"
    OF_ANOTHER_MARKETPLACE = "of_another_marketplace"
    CORRECTION_WAITS = "correction_waits"


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """Everything that is kept of a sale or a failed attempt, and so everything its leaf in the log seals.

    No party is named: a seller is known by its kind alone. No reserve and no losing maximum is here.

    Attributes:
        source_marketplace, source_kind, source_id: where it comes from; together carried across once.
        corrects, correction_reason: the record this one replaces, and why.
        number_of_rights: as counted by the source; None where the source does not say.
        technology_field: WIPO field (1-35) of most of the rights; `technology_fields` all of them.
        filed_on: the earliest filing date. remaining_life_months: the median at the date of the sale.
        attempt: 1 for the first auction of the lot; None where there was none.
        forced: sold to satisfy a creditor or by a court.
        top_bid_minor: the best open bid; None for sealed formats.
        price_basis: what the price includes, in the words of the source.
        sold_on: the day the price was made, the first day of its month or year by `date_precision`.
        arms_length: seller and buyer are not related. usable: may serve as a comparable; else why not.
        record_version: which fields the leaf seals; 0 are the records from before the others were kept.
        consent_tier: how much of it others may see; `release_on` the first day on which anybody may.
        seller_parent: 32 hexadecimal digits that stand for the seller's ultimate parent, for counting
            independent contributors; never shown to anybody.
        number_of_families: inventions or marks behind the rights. family_size, claims, forward_citations:
            of the middle one of the rights.
        evidence_of_use: somebody is known to practise one of the rights; None where nobody looked.
        legal_events: values of `LegalEvent`, each once, in its order.
        age_months: the median at the date of the sale, from filing.
        region: of the seller, ISO 3166-2 as in CN-37.
        related_party: the two sides declared, or were found, to belong together.
        buyer_premium_minor: what the buyer paid on top of `price_minor`, the hammer price.
        base_currency, rate_to_base: one `currency` cost so many of it on the day of the sale; "" without one.
        previous: the record of the lot's earlier attempt.
        licence_kind and below: of a licence alone. `price_minor` is its lump sum, None where there is none.
        royalty_base: what the royalty is taken of, in words. territory: where it holds, in words.
    """

    source_marketplace: str
    source_kind: str
    source_id: str
    outcome: SaleOutcome
    asset_type: AssetType
    title: str
    channel: Channel
    currency: str
    sold_on: date | None
    date_precision: DatePrecision
    proof_grade: ProofGrade
    right_sold: RightSold = RightSold.OWNERSHIP
    number_of_rights: int | None = None
    technology_field: int | None = None
    technology_fields: tuple[int, ...] = ()
    classes: tuple[str, ...] = ()
    country: str = ""
    filed_on: date | None = None
    remaining_life_months: int | None = None
    rule_pack: str = ""
    rule_pack_version: str = ""
    attempt: int | None = None
    forced: bool = False
    seller_kind: str = ""
    reference_price_minor: int | None = None
    reference_price_basis: str = ""
    start_price_minor: int | None = None
    deposit_minor: int | None = None
    bidders: int | None = None
    bids: int | None = None
    top_bid_minor: int | None = None
    price_minor: int | None = None
    price_basis: str = ""
    arms_length: bool = True
    usable: bool = True
    exclusion_reason: str = ""
    evidence: str = ""
    evidence_url: str = ""
    corrects: uuid.UUID | None = None
    correction_reason: str = ""
    record_version: int = RECORD_VERSION
    consent_tier: ConsentTier = ConsentTier.PRICE_ONLY
    release_on: date | None = None
    seller_parent: str = ""
    number_of_families: int | None = None
    family_size: int | None = None
    claims: int | None = None
    forward_citations: int | None = None
    evidence_of_use: bool | None = None
    legal_events: tuple[str, ...] = ()
    age_months: int | None = None
    region: str = ""
    payment_terms: PaymentTerms = PaymentTerms.NOT_TOLD
    tax_bearer: TaxBearer = TaxBearer.NOT_TOLD
    related_party: bool = False
    buyer_premium_minor: int | None = None
    base_currency: str = ""
    rate_to_base: str = ""
    previous: uuid.UUID | None = None
    licence_kind: LicenceKind = LicenceKind.NONE
    royalty_basis_points: int | None = None
    royalty_base: str = ""
    entry_fee_minor: int | None = None
    licence_months: int | None = None
    territory: str = ""


FACT_NAMES = tuple(field.name for field in fields(SaleFacts))
