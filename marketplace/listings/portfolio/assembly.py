"""The rows of a file put together: lots with their rights and cases, and what is wrong with each row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marketplace.clock import LOCAL_ZONE
from marketplace.listings.portfolio.cells import Cells
from marketplace.listings.portfolio.columns import Header, read_header
from marketplace.listings.portfolio.reading import CellReason, read_rows
from marketplace.listings.portfolio.rows import (
    RightValues,
    read_case,
    read_currency,
    read_right,
    read_terms,
)
from marketplace.listings.terms import DEFAULT_CURRENCY, LotTerms, check_draft, consent_problems
from marketplace.rule_packs import load

# The Lot's columns by the file's, where they differ.
TERM_FIELDS = {
    "lot_title": "title",
    "lot_description": "description",
    "reference_price": "reference_price_minor",
    "price_basis": "reference_price_basis",
    "start_price": "start_price_minor",
    "reserve_price": "reserve_minor",
    "deposit": "deposit_minor",
    "increment": "increment_minor",
}
_COLUMNS = {name: column for column, name in TERM_FIELDS.items()}


@dataclass(slots=True)
class LotRows:
    """A lot as the file gives it. The numbers in `rights` are those of the rows."""

    reference: str
    cells: list[Cells] = field(default_factory=list)
    rights: list[tuple[Cells, RightValues]] = field(default_factory=list)
    case: dict[str, Any] = field(default_factory=dict)
    given: dict[str, tuple[Cells, Any]] = field(default_factory=dict)
    currency: str = DEFAULT_CURRENCY
    terms: LotTerms | None = None

    @property
    def first_refused_row(self) -> int | None:
        """The first row that makes the whole lot refused; None for a lot without fault."""
        return next((cells.number for cells in self.cells if cells.problems), None)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A file that could be read: every row belongs to one of its lots."""

    lots: list[LotRows]

    @property
    def rows(self) -> list[Cells]:
        """All rows in the order of the file."""
        return sorted((cells for lot in self.lots for cells in lot.cells), key=lambda cells: cells.number)

    @property
    def good_lots(self) -> list[LotRows]:
        return [lot for lot in self.lots if lot.first_refused_row is None]


def read_portfolio(content: bytes, *, now: datetime) -> Portfolio:
    """Read a whole file. Rows that are wrong carry their problems; nothing is looked up or stored.

    Raises:
        Refused: the file itself cannot be read, or its header is wrong; the field names the place.
    """
    rows = read_rows(content)
    header = read_header([cell if isinstance(cell, str) else "?" for cell in rows[0][1]])
    lots: dict[str, LotRows] = {}
    for number, row in rows[1:]:
        cells = Cells(header, number, row)
        reference = cells.text("lot_reference", 60, required=True)
        lots.setdefault(reference, LotRows(reference)).cells.append(cells)
    for lot in lots.values():
        _read_lot(lot, header, now)
    _merge_cases(lots.values())
    _refuse_repeated_numbers(lots.values())
    return Portfolio(list(lots.values()))


def _read_lot(lot: LotRows, header: Header, now: datetime) -> None:
    named = [(cells, read_currency(cells)) for cells in lot.cells]
    lot.currency = next((currency for _, currency in named if currency), DEFAULT_CURRENCY)
    for cells, currency in named:
        if currency not in {None, lot.currency}:
            cells.refuse("currency", CellReason.DIFFERS_WITHIN_LOT, value=lot.currency)
        right = read_right(cells, header, lot.currency, now.astimezone(LOCAL_ZONE).date())
        if right is not None:
            lot.rights.append((cells, right))
        _merge(lot.given, cells, read_terms(cells, lot.currency), CellReason.DIFFERS_WITHIN_LOT)
    lot.terms = _terms(lot)


def _terms(lot: LotRows) -> LotTerms:
    """The lot's terms, checked against its rule pack; a problem goes to the row that gave the value."""
    values = {TERM_FIELDS.get(column, column): value for column, (_, value) in lot.given.items()}
    values.setdefault("title", _title(lot.rights))
    terms = LotTerms(reference=lot.reference, currency=lot.currency, **values)
    pack = load(terms.rule_pack)
    for refused in [*check_draft(terms, pack), *consent_problems(terms.consent_tier, pack)]:
        column = _COLUMNS.get(refused.field or "", refused.field or "lot_reference")
        cells = lot.given[column][0] if column in lot.given else lot.cells[0]
        cells.note(column, refused)
    return terms


def _title(rights: list[tuple[Cells, RightValues]]) -> str:
    if not rights:
        return ""
    first = rights[0][1].title[:280]
    return first if len(rights) == 1 else f"{first} (+{len(rights) - 1})"


def _merge(
    known: dict[str, tuple[Cells, Any]], cells: Cells, values: dict[str, Any], reason: CellReason
) -> None:
    """Keep what is said first about each column; refuse a row that says something else."""
    for column, value in values.items():
        _, first = known.setdefault(column, (cells, value))
        if first != value:
            cells.refuse(column, reason, row=known[column][0].number)


def _merge_cases(lots: Iterable[LotRows]) -> None:
    """One case per loan in the whole file; its columns may stand in any row that names the loan."""
    cases: dict[str, dict[str, tuple[Cells, Any]]] = {}
    for lot in lots:
        loans: dict[str, tuple[Cells, Any]] = {}
        for cells in lot.cells:
            values = read_case(cells, lot.currency) | {"currency": lot.currency}
            if loan := values.get("loan_reference"):
                _merge(loans, cells, {"loan_reference": loan}, CellReason.DIFFERS_WITHIN_LOT)
                _merge(cases.setdefault(loan, {}), cells, values, CellReason.DIFFERS_WITHIN_CASE)
        lot.case = {column: value for column, (_, value) in loans.items()}
    for lot in lots:
        if lot.case:
            _complete_case(lot, cases[lot.case["loan_reference"]])


def _complete_case(lot: LotRows, known: dict[str, tuple[Cells, Any]]) -> None:
    lot.case = {column: value for column, (_, value) in known.items()}
    for column in ("debtor", "pledgor"):
        if column not in lot.case:
            lot.cells[0].refuse(column, CellReason.EMPTY)


def _refuse_repeated_numbers(lots: Iterable[LotRows]) -> None:
    seen: dict[str, int] = {}
    rights = sorted(
        ((cells, right) for lot in lots for cells, right in lot.rights), key=lambda pair: pair[0].number
    )
    for cells, right in rights:
        first = seen.setdefault(right.number, cells.number)
        if right.number and first != cells.number:
            cells.refuse("number", CellReason.NUMBER_REPEATED, number=right.number, row=first)
