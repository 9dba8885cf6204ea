"""Optional columns of a sale: how good the rights are, the terms of the price, what a licence costs."""

import re
from datetime import date
from typing import Any, Final

from transactions.importing import cells
from transactions.importing.cells import BadCell, Problem, Row
from transactions.rules.words import (
    ConsentTier,
    DatePrecision,
    LegalEvent,
    LicenceKind,
    PaymentTerms,
    RightSold,
    TaxBearer,
)

# Per cent with two places are whole basis points.
_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")


def particulars(row: Row) -> dict[str, Any]:
    """Families, claims, citations, use, legal events, age, region; None and empty where nothing is said."""
    return {
        "number_of_families": cells.number(row, "n_families"),
        "family_size": cells.number(row, "family_size"),
        "claims": cells.number(row, "claims"),
        "forward_citations": cells.number(row, "forward_citations"),
        "evidence_of_use": _known(row, "evidence_of_use"),
        "legal_events": _events(row),
        "age_months": cells.number(row, "age_months"),
        "filed_on": _day(row, "filed_on"),
        "region": cells.text(row.get("region", ""), 6, "region"),
    }


def terms(row: Row, currency: str) -> dict[str, Any]:
    """What the price is made of and how it is paid; how much others may see, as published sales all of it."""
    return {
        "reference_price_minor": cells.amount(row, "reference_price", currency),
        "reference_price_basis": cells.text(
            row.get("reference_price_basis", ""), 32, "reference_price_basis"
        ),
        "buyer_premium_minor": cells.amount(row, "buyer_premium", currency),
        "payment_terms": cells.optional_word(row, "payment_terms", PaymentTerms, PaymentTerms.NOT_TOLD),
        "tax_bearer": cells.optional_word(row, "tax_bearer", TaxBearer, TaxBearer.NOT_TOLD),
        "base_currency": cells.text(row.get("base_currency", ""), 3, "base_currency"),
        "rate_to_base": cells.text(row.get("rate_to_base", ""), 30, "rate_to_base"),
        "rule_pack": cells.text(row.get("rule_pack", ""), 20, "rule_pack"),
        "consent_tier": cells.optional_word(row, "consent_tier", ConsentTier, ConsentTier.PUBLIC),
        "release_on": _day(row, "release_on"),
    }


def licence(row: Row, currency: str, right_sold: RightSold) -> dict[str, Any]:
    """What a licence grants and costs beside its lump sum; what `right_sold` says of its kind counts too."""
    kind = cells.optional_word(row, "licence_kind", LicenceKind, LicenceKind.NONE)
    if kind is LicenceKind.NONE and right_sold is RightSold.LICENCE:
        said = row.get("right_sold", "").removesuffix("_licence")
        kind = LicenceKind(said) if said in set(LicenceKind) else LicenceKind.NOT_TOLD
    return {
        "licence_kind": kind,
        "royalty_basis_points": _basis_points(row),
        "royalty_base": cells.text(row.get("royalty_base", ""), 100, "royalty_base"),
        "entry_fee_minor": cells.amount(row, "entry_fee", currency),
        "licence_months": cells.number(row, "licence_months"),
        "territory": cells.text(row.get("territory", ""), 100, "territory"),
    }


def _basis_points(row: Row) -> int | None:
    text = row.get("royalty_percent", "")
    match = _PERCENT.fullmatch(text)
    if text and match is None:
        raise BadCell("royalty_percent", Problem.NOT_A_NUMBER)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None


def _known(row: Row, column: str) -> bool | None:
    return cells.yes_or_no(row, column, default=False) if row.get(column) else None


def _day(row: Row, column: str) -> date | None:
    if not row.get(column):
        return None
    day, precision = cells.day(row, column)
    if precision is not DatePrecision.DAY:
        raise BadCell(column, Problem.NOT_A_DATE)
    return day


def _events(row: Row) -> tuple[str, ...]:
    """In the order of the list, whatever the order in the cell; a word twice is once."""
    written = {part.strip() for part in row.get("legal_events", "").split(";") if part.strip()}
    if not written <= set(LegalEvent):
        raise BadCell("legal_events", Problem.UNKNOWN_WORD)
    return tuple(event.value for event in LegalEvent if event in written)
