"""The facts that are kept of a sale, whether they agree with each other, and the bytes that seal them."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from marketplace.canonical import canonical_bytes
from marketplace.errors import Conflict, Refused
from marketplace.money import EXPONENTS, MINOR_LIMIT
from transactions.rules.words import (
    AssetType,
    Channel,
    DatePrecision,
    ProofGrade,
    RightSold,
    SaleOutcome,
)


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


FACT_NAMES = tuple(field.name for field in fields(SaleFacts))
_AMOUNTS = ("reference_price_minor", "start_price_minor", "deposit_minor", "top_bid_minor", "price_minor")
_COUNTS = {
    "number_of_rights": (1, 10**7),
    "remaining_life_months": (0, 2400),
    "attempt": (1, 1000),
    "bidders": (0, 10**6),
    "bids": (0, 10**7),
    "technology_field": (1, 35),
}


def check_facts(facts: SaleFacts) -> None:
    """Raise Refused, naming the field, unless the facts agree with each other."""
    if facts.currency not in EXPONENTS:
        raise Refused(Reason.UNKNOWN_CURRENCY, field="currency")
    for name in _AMOUNTS:
        amount = getattr(facts, name)
        if amount is not None and not 0 <= amount < MINOR_LIMIT:
            raise Refused(Reason.AMOUNT_OUT_OF_RANGE, field=name)
    for name, (least, most) in _COUNTS.items():
        count = getattr(facts, name)
        if count is not None and not least <= count <= most:
            raise Refused(Reason.NUMBER_OUT_OF_RANGE, field=name, least=least, most=most)
    _check_price(facts)
    if (facts.sold_on is None) != (facts.date_precision is DatePrecision.UNKNOWN):
        raise Refused(Reason.DATE_AND_PRECISION, field="sold_on")
    if facts.usable == bool(facts.exclusion_reason):
        raise Refused(Reason.EXCLUSION_REASON, field="exclusion_reason")


def _check_price(facts: SaleFacts) -> None:
    priced = facts.outcome in {SaleOutcome.SOLD, SaleOutcome.REVERSED}
    if priced and not facts.price_minor:
        raise Refused(Reason.PRICE_MISSING, field="price_minor")
    if not priced and facts.price_minor is not None:
        raise Refused(Reason.PRICE_NOT_EXPECTED, field="price_minor")


def leaf_data(record_id: uuid.UUID, recorded_at: str, salt: str, facts: SaleFacts) -> bytes:
    """The bytes a record's leaf is hashed from: anybody who has the published record can write them again.

    The moment is RFC 3339 in UTC, as `clock.moment_text` writes it.
    """
    sealed: dict[str, Any] = {name: _plain(getattr(facts, name)) for name in FACT_NAMES}
    sealed |= {"id": str(record_id), "recorded_at": recorded_at, "salt": salt}
    return canonical_bytes(sealed)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return value


# What a correction may change. Where a record comes from and what was offered stays what it was.
CORRECTABLE = frozenset(
    {
        "outcome",
        "number_of_rights",
        "technology_field",
        "sold_on",
        "date_precision",
        "price_minor",
        "price_basis",
        "proof_grade",
        "right_sold",
        "forced",
        "arms_length",
        "usable",
        "exclusion_reason",
        "evidence",
        "evidence_url",
    }
)


def corrected(
    record_id: uuid.UUID, facts: SaleFacts, changes: Mapping[str, Any], reason: str, *, already: bool
) -> SaleFacts:
    """The facts of the record that replaces `record_id`.

    Raises:
        Conflict: when the record has been corrected already; correct the newer one.
        Refused: without a reason, without a change, or when the new facts do not agree with each other.
    """
    if already:
        raise Conflict(Reason.ALREADY_CORRECTED)
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, field="reason")
    unknown = set(changes) - CORRECTABLE
    if unknown:
        raise ValueError(f"not to be corrected: {sorted(unknown)}")
    new = replace(facts, **changes)
    if new == facts:
        raise Refused(Reason.NOTHING_CHANGED)
    new = replace(
        new,
        source_kind="correction",
        source_id=str(record_id),
        corrects=record_id,
        correction_reason=reason.strip(),
    )
    check_facts(new)
    return new
