"""A list of results as a file: CSV or a workbook, in which no cell is ever a formula."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from marketplace.spreadsheets import csv_text, harmless
from search.presentation import Row, as_json

ROWS_LIMIT = 1_000
"""Lots in one file; who wants more narrows the search or reads the interface for programs page by page."""

# Names that programs read; the same as in the interface for programs.
COLUMNS = (
    "reference", "title", "status", "seller", "right_types", "numbers", "classes", "technology_fields",
    "currency", "start_price", "price", "deposit", "way_of_selling", "opens_at", "closes_at", "ends_on",
    "url",
)  # fmt: skip
_AMOUNTS = frozenset({"start_price", "price", "deposit"})


def csv_of(rows: Iterable[Row]) -> bytes:
    """UTF-8 with a byte order mark, which spreadsheets need to read Chinese; amounts are plain decimals."""
    return csv_text(COLUMNS, map(_cells, rows)).encode("utf-8-sig")


def xlsx_of(rows: Iterable[Row]) -> bytes:
    """The same as a workbook, whose amounts are numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("lots")
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([_cell(sheet, name, text) for name, text in _cells(row).items()])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, name: str, text: str) -> Any:
    if name in _AMOUNTS:
        return Decimal(text) if text else None
    cell = WriteOnlyCell(sheet, harmless(ILLEGAL_CHARACTERS_RE.sub("", text)))
    cell.data_type = "s"
    return cell


def _cells(row: Row) -> dict[str, str]:
    values = as_json(row)
    return {name: _text(values[name]) for name in COLUMNS}


def _text(value: str | Sequence[object] | None) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else "; ".join(map(str, value))
