"""A file of things to be valued, read row by row before anything is stored; a row is good or names its fault.

The rows stay as text in the batch: they are read again by the same rules when they are valued.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from marketplace.access import InstitutionKind
from marketplace.errors import Refused
from marketplace.listings.portfolio.reading import Cell, CellReason, read_rows
from marketplace.listings.terms import DEFAULT_CURRENCY
from marketplace.money import EXPONENTS, MalformedAmount, parse_minor
from marketplace.rights.fields import field_of
from marketplace.rights.rules import RightType, expiry
from transactions.comparables.values import Subject
from transactions.rules import publishing
from transactions.rules.words import AssetType, Channel
from transactions.valuations.columns import read_columns
from transactions.valuations.rules.asking import Asked, SaleTerms, is_forced
from transactions.valuations.rules.words import Basis, SubjectKind, ValuationReason

Value = TypeVar("Value")

ROWS_MOST = 20_000
BYTES_MOST = 10 * 1024 * 1024
_REFERENCE_MOST, _TITLE_MOST, _CELL_MOST = 80, 500, 300
_DATE = re.compile(r"([0-9]{4})[-/.]?([0-9]{1,2})[-/.]?([0-9]{1,2})")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")

_LIMITS = {
    "number_of_rights": (1, 100_000),
    "technology_field": (1, 35),
    "remaining_life_months": (0, 2_400),
    "claims": (0, 10_000),
    "forward_citations": (0, 1_000_000),
    "family_size": (1, 10_000),
    "attempt": (1, 100),
}
_TYPES: Mapping[str, AssetType] = {kind.value: kind for kind in AssetType} | {
    "发明": AssetType.INVENTION, "发明专利": AssetType.INVENTION, "实用新型": AssetType.UTILITY_MODEL,
    "外观设计": AssetType.DESIGN, "专利": AssetType.PATENT, "商标": AssetType.TRADEMARK,
    "著作权": AssetType.COPYRIGHT, "软件著作权": AssetType.COPYRIGHT, "其他": AssetType.OTHER,
}  # fmt: skip
_BASES: Mapping[str, Basis] = {basis.value: basis for basis in Basis} | {
    "市场价值": Basis.MARKET, "有序清算": Basis.ORDERLY_LIQUIDATION, "强制清算": Basis.FORCED_LIQUIDATION,
}  # fmt: skip
_CHANNELS: Mapping[str, Channel] = {channel.value: channel for channel in Channel}
_FLAGS = {
    "yes": True,
    "true": True,
    "1": True,
    "是": True,
    "no": False,
    "false": False,
    "0": False,
    "否": False,
}
_CURRENCIES = {code.casefold(): code for code in EXPONENTS} | {"人民币": "CNY"}


@dataclass(frozen=True, slots=True)
class FileRow:
    """One line: its number as a spreadsheet counts it, its cells by column, and why it is refused."""

    number: int
    cells: Mapping[str, str]
    refused: Refused | None = None

    @property
    def reference(self) -> str:
        return self.cells.get("reference", "")[:_REFERENCE_MOST]


def read_file(content: bytes, *, on: date) -> list[FileRow]:
    """The rows of a CSV or XLSX file, each checked by itself and for a repeated reference.

    Raises:
        Refused: the file or its heading cannot be read, or it has no row or too many.
    """
    rows = read_rows(content, most_bytes=BYTES_MOST, most_rows=ROWS_MOST)
    positions = read_columns(rows[0][1])
    seen: dict[str, int] = {}
    found = []
    for number, cells in rows[1:]:
        row = _checked(_row(number, cells, positions), on)
        first = seen.setdefault(row.reference, number)
        if row.refused is None and first != number:
            row = FileRow(number, row.cells, Refused(ValuationReason.REPEATED, field="reference", row=first))
        found.append(row)
    if not found:
        raise Refused(ValuationReason.NOTHING_TO_VALUE, field="file")
    return found


def _row(number: int, cells: Sequence[Cell], positions: Mapping[str, int]) -> FileRow:
    values: dict[str, str] = {}
    for name, index in positions.items():
        cell = cells[index] if index < len(cells) else ""
        if isinstance(cell, CellReason):
            return FileRow(number, values, Refused(ValuationReason.NOT_READABLE, field=name))
        most = _TITLE_MOST if name == "title" else _CELL_MOST
        if len(cell) > most:
            return FileRow(number, values, Refused(ValuationReason.TOO_LONG, field=name, most=most))
        if _CONTROL.search(cell):
            return FileRow(number, values, Refused(ValuationReason.NOT_READABLE, field=name))
        if cell:
            values[name] = cell
    return FileRow(number, values)


def _checked(row: FileRow, on: date) -> FileRow:
    if row.refused is not None:
        return row
    try:
        asked_of(row.cells, on)
    except Refused as refused:
        return FileRow(row.number, row.cells, refused)
    return row


def asked_of(cells: Mapping[str, str], on: date) -> Asked:
    """The thing that a row describes, as of that day; raises Refused, naming the column."""
    reference = _text(cells, "reference", _REFERENCE_MOST)
    kind = _choice(cells, "asset_type", _TYPES)
    basis = _choice(cells, "basis", _BASES, Basis.ORDERLY_LIQUIDATION)
    currency = _choice(cells, "currency", _CURRENCIES, DEFAULT_CURRENCY)
    filed_on, life = _day(cells, "filed_on"), _life(cells, kind, on)
    field = _number(cells, "technology_field")
    symbols = tuple(part.strip() for part in re.split(r"[;；|、]", cells.get("class", "")) if part.strip())
    subject = Subject(
        asset_type=kind,
        technology_field=field or next(filter(None, map(field_of, symbols)), None),
        number_of_rights=_number(cells, "number_of_rights") or 1,
        remaining_life_months=life,
        channel=_choice(cells, "channel", _CHANNELS, Channel.AUCTION_ENGLISH),
        forced=is_forced(basis),
        on=on,
        currency=currency,
        classes=symbols[:20],
        country=cells.get("country", "").strip().upper()[:2],
        age_months=publishing.whole_months(filed_on, on) if filed_on else None,
        evidence_of_use=_choice(cells, "evidence_of_use", _FLAGS, None),
        claims=_number(cells, "claims"),
        forward_citations=_number(cells, "forward_citations"),
        family_size=_number(cells, "family_size"),
        attempt=_number(cells, "attempt"),
        seller_kind=InstitutionKind.BANK.value,
    )
    start = _amount(cells, "start_price", currency)
    return Asked(
        subject=subject,
        kind=SubjectKind.ROW,
        key=f"row:{reference}"[:80],
        reference=reference,
        title=cells.get("title", ""),
        basis=basis,
        claim_minor=_amount(cells, "claim", currency),
        terms=None if start is None else SaleTerms(start_minor=start),
    )


def _life(cells: Mapping[str, str], kind: AssetType, on: date) -> int | None:
    """The months that are stated, or those until the expiry that is stated or follows from the filing."""
    stated = _number(cells, "remaining_life_months")
    if stated is not None:
        return stated
    ends_on = _day(cells, "expires_on")
    if ends_on is None and kind.value in set(RightType):
        ends_on = expiry(RightType(kind.value), _day(cells, "filed_on"), None)
    if ends_on is not None and ends_on <= on:
        raise Refused(ValuationReason.EXPIRED, field="expires_on" if "expires_on" in cells else "filed_on")
    months = None if ends_on is None else publishing.whole_months(on, ends_on)
    least, most = _LIMITS["remaining_life_months"]
    if months is not None and months > most:
        raise Refused(ValuationReason.NUMBER_OUT_OF_RANGE, field="expires_on", least=least, most=most)
    return months


def _text(cells: Mapping[str, str], name: str, most: int) -> str:
    text = cells.get(name, "").strip()
    if not text:
        raise Refused(ValuationReason.EMPTY, field=name)
    if len(text) > most:
        raise Refused(ValuationReason.TOO_LONG, field=name, most=most)
    return text


_NEEDED: Any = object()


def _choice(cells: Mapping[str, str], name: str, choices: Mapping[str, Value], default: Any = _NEEDED) -> Any:
    text = cells.get(name, "").strip().casefold()
    if not text:
        if default is _NEEDED:
            raise Refused(ValuationReason.EMPTY, field=name)
        return default
    plain = re.sub(r"[\s-]+", "_", text)
    if plain not in choices:
        known = ", ".join(word for word in choices if word.isascii())[:200]
        raise Refused(ValuationReason.NOT_A_CHOICE, field=name, value=text[:40], choices=known)
    return choices[plain]


def _number(cells: Mapping[str, str], name: str) -> int | None:
    text = cells.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused(ValuationReason.NOT_A_NUMBER, field=name, value=text[:40])
    least, most = _LIMITS[name]
    if not least <= int(text) <= most:
        raise Refused(ValuationReason.NUMBER_OUT_OF_RANGE, field=name, least=least, most=most)
    return int(text)


def _amount(cells: Mapping[str, str], name: str, currency: str) -> int | None:
    text = cells.get(name, "").strip()
    if not text:
        return None
    try:
        return parse_minor(text.replace(",", "") if _GROUPED.fullmatch(text) else text, currency)
    except MalformedAmount:
        raise Refused(ValuationReason.NOT_AN_AMOUNT, field=name, value=text[:40]) from None


def _day(cells: Mapping[str, str], name: str) -> date | None:
    text = cells.get(name, "").strip()
    if not text:
        return None
    match = _DATE.fullmatch(text.split(" ")[0])
    build: Callable[..., date] = date
    try:
        return build(*map(int, match.groups())) if match else _no_day(name, text)
    except ValueError:
        return _no_day(name, text)


def _no_day(name: str, text: str) -> date:
    raise Refused(ValuationReason.NOT_A_DATE, field=name, value=text[:40])
