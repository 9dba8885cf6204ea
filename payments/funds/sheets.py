"""Lists as XLSX: text stays text, whatever it begins with, and amounts are numbers."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from marketplace.money import decimal_text, exponent

Cell = str | int | Decimal
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60


def amount_cell(minor: int, currency: str) -> Decimal:
    """An amount as the number a spreadsheet adds up."""
    return Decimal(decimal_text(minor, currency))


def workbook(sheets: Iterable[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]], currency: str) -> bytes:
    """A file of sheets, each with its title, its head and its rows.

    No cell is ever a formula: a text that begins with =, +, - or @ is written as the text it is.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    places = "#,##0." + "0" * exponent(currency) if exponent(currency) else "#,##0"
    for title, head, rows in sheets:
        sheet = book.create_sheet(title[:31])
        for number, row in enumerate([head, *rows], start=1):
            for place, value in enumerate(row, start=1):
                _write(sheet.cell(number, place), value, places, bold=number == 1)
        for place, name in enumerate(head, start=1):
            longest = max(len(str(value)) for value in [name, *(row[place - 1] for row in rows)])
            sheet.column_dimensions[sheet.cell(1, place).column_letter].width = min(longest + 4, _WIDEST)
        sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(cell: Any, value: Cell, places: str, *, bold: bool) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, Decimal):
        cell.number_format = places
    if bold:
        cell.font = Font(bold=True)
