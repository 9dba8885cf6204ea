"""Reading sales of others from a CSV file: every row is accepted, or refused with its reason."""

from collections.abc import Iterable
from typing import Any

from marketplace.errors import Refused
from marketplace.rights import fields as technology
from transactions.importing import cells
from transactions.importing.cells import BadCell, Problem, Row, RowError
from transactions.importing.particulars import licence, particulars, terms
from transactions.rules import publishing
from transactions.rules.checks import check_facts
from transactions.rules.facts import SaleFacts
from transactions.rules.words import (
    COURT_SUPERVISED,
    FAMILIES,
    AssetFamily,
    AssetType,
    Channel,
    ProofGrade,
    RightSold,
    SaleOutcome,
)

SALE_COLUMNS = frozenset({"id", "date", "asset_type", "channel", "asset", "currency", "price", "outcome"})

_ASSET_TYPES = {
    **{kind.value: kind for kind in AssetType},
    "software_copyright": AssetType.COPYRIGHT,
    "ipv4_addresses": AssetType.OTHER,
    "domain": AssetType.OTHER,
}


# Where a column is not called as its field.
_COLUMNS = {
    "number_of_rights": "n_assets",
    "number_of_families": "n_families",
    "sold_on": "date",
    "bids": "n_bids",
    "bidders": "n_bidders",
    "attempt": "round",
    "royalty_basis_points": "royalty_percent",
}


def read_sales(text: str, source: str) -> tuple[list[SaleFacts], list[RowError]]:
    """The sales of a file with the columns of `docs/transactions.md`, and what is wrong with the other rows.

    Amounts are whole or decimal currency units. `source` names the collection; with `id` it is what makes a
    second import of the same row a repetition.
    """
    sales: list[SaleFacts] = []
    errors: list[RowError] = []
    seen: set[str] = set()
    for number, row in cells.rows(text, SALE_COLUMNS, errors):
        try:
            facts = _sale(row, source)
            _check(facts, seen)
        except BadCell as bad:
            errors.append(RowError(number, bad.column, bad.reason))
        except Refused as refused:
            errors.append(RowError(number, _column_of(refused.field), str(refused.reason)))
        else:
            seen.add(facts.source_id)
            sales.append(facts)
    return sales, errors


def _check(facts: SaleFacts, seen: set[str]) -> None:
    if facts.source_id in seen:
        raise BadCell("id", Problem.TWICE)
    check_facts(facts)


def _column_of(field: str | None) -> str:
    name = field or ""
    return _COLUMNS.get(name, name.removesuffix("_minor"))


def _sale(row: Row, source: str) -> SaleFacts:
    asset_type = _asset_type(row["asset_type"])
    currency = cells.currency(row, "currency")
    channel = cells.word(row, "channel", Channel)
    day, precision = cells.day(row, "date")
    outcome = _outcome(row["outcome"])
    amount = cells.amount(row, "price", currency)
    sold = outcome in {SaleOutcome.SOLD, SaleOutcome.REVERSED}
    right_sold = _right_sold(row)
    classes = tuple(row.get("classes", "").split(";")) if row.get("classes") else ()
    return SaleFacts(
        source_marketplace=cells.text(source, 60, "source"),
        source_kind="import",
        source_id=cells.text(row["id"], 80, "id", needed=True),
        outcome=outcome,
        asset_type=asset_type,
        title=cells.text(row["asset"], 300, "asset", needed=True),
        channel=channel,
        currency=currency,
        sold_on=day,
        date_precision=precision,
        proof_grade=_grade(row, channel),
        right_sold=right_sold,
        price_minor=amount if sold else None,
        top_bid_minor=_top_bid(row, currency, outcome, amount),
        start_price_minor=cells.amount(row, "start_price", currency),
        deposit_minor=cells.amount(row, "deposit", currency),
        price_basis=cells.text(row.get("price_basis", ""), 200, "price_basis"),
        evidence=cells.text(row.get("evidence", ""), 2000, "evidence"),
        evidence_url=cells.text(row.get("source_url", ""), 500, "source_url"),
        classes=classes,
        **(_technology(classes) if FAMILIES[asset_type] is AssetFamily.PATENT else {}),
        **_circumstances(row, channel),
        **particulars(row),
        **terms(row, currency),
        **licence(row, currency, right_sold),
    )


def _circumstances(row: Row, channel: Channel) -> dict[str, Any]:
    usable = cells.yes_or_no(row, "use_as_comparable", default=True)
    related = cells.yes_or_no(row, "related_party", default=False)
    return {
        "number_of_rights": cells.number(row, "n_assets"),
        "remaining_life_months": cells.number(row, "remaining_life_months"),
        "bidders": cells.number(row, "n_bidders"),
        "bids": cells.number(row, "n_bids"),
        "attempt": cells.number(row, "round"),
        "country": cells.text(row.get("country", ""), 2, "country"),
        "forced": cells.yes_or_no(row, "forced", default=channel in COURT_SUPERVISED),
        "arms_length": cells.yes_or_no(row, "arms_length", default=not related),
        "related_party": related,
        "seller_kind": _seller_kind(row, channel),
        "usable": usable,
        "exclusion_reason": "" if usable else cells.text(row.get("note", "") or row["outcome"], 300, "note"),
    }


def _seller_kind(row: Row, channel: Channel) -> str:
    stated = cells.text(row.get("seller_kind", ""), 20, "seller_kind")
    return stated or ("court" if channel is Channel.JUDICIAL_ONLINE_AUCTION else "")


def _technology(classes: Iterable[str]) -> dict[str, Any]:
    numbers = [technology.field_of(symbol) for symbol in classes]
    if None in numbers:
        raise BadCell("classes", Problem.UNKNOWN_CLASS)
    found = [number for number in numbers if number is not None]
    return {"technology_field": found[0] if found else None, "technology_fields": tuple(sorted(set(found)))}


def _top_bid(row: Row, currency: str, outcome: SaleOutcome, amount: int | None) -> int | None:
    """As stated; else the price of what did not sell, unless nobody bid: then it is only what was asked."""
    stated = cells.amount(row, "top_bid", currency)
    if stated is not None or outcome not in {SaleOutcome.UNSOLD, SaleOutcome.REAUCTIONED}:
        return stated
    return None if row["outcome"] == "not_sold_no_bid" else amount


def _right_sold(row: Row) -> RightSold:
    return RightSold.LICENCE if "licence" in row.get("right_sold", "") else RightSold.OWNERSHIP


def _outcome(text: str) -> SaleOutcome:
    if text.startswith("not_sold"):
        return SaleOutcome.UNSOLD
    try:
        return SaleOutcome(text)
    except ValueError:
        raise BadCell("outcome", Problem.UNKNOWN_WORD if text else Problem.MISSING) from None


def _asset_type(text: str) -> AssetType:
    if text not in _ASSET_TYPES:
        raise BadCell("asset_type", Problem.UNKNOWN_WORD if text else Problem.MISSING)
    return _ASSET_TYPES[text]


def _grade(row: Row, channel: Channel) -> ProofGrade:
    if row.get("proof_grade"):
        return cells.word(row, "proof_grade", ProofGrade)
    return publishing.proof_of_report(channel, row.get("price_basis", ""))
