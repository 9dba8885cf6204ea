"""From the bytes of a CSV or XLSX file to rows of text, within limits. Formulas are never evaluated."""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

import openpyxl

from marketplace.errors import Refused
from marketplace.listings.portfolio.columns import FileReason

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED_BYTES = 100 * 1024 * 1024
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200

_XLSX_START = b"PK\x03\x04"
_OTHER_STARTS = (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
_DELIMITERS = ",;\t"
_UTF16_STARTS = (b"\xff\xfe", b"\xfe\xff")

# What a damaged or hostile workbook makes the reader raise.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError, TypeError, AttributeError,
    SyntaxError, RuntimeError,
)  # fmt: skip


class CellReason(StrEnum):
    """Why one cell, row or lot of a readable file is refused."""

    EMPTY = "empty"
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    TOO_LONG = "too_long"
    UNREADABLE_TEXT = "unreadable_text"
    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_DATE = "not_a_date"
    NOT_A_MOMENT = "not_a_moment"
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_A_CHOICE = "not_a_choice"
    BEYOND_HEADER = "beyond_header"
    DIFFERS_WITHIN_LOT = "differs_within_lot"
    DIFFERS_WITHIN_CASE = "differs_within_case"
    NUMBER_REPEATED = "number_repeated"
    LOT_HAS_REFUSED_ROW = "lot_has_refused_row"
    LOT_EXISTS = "lot_exists"
    RIGHT_EXISTS = "right_exists"
    CASE_EXISTS_OTHERWISE = "case_exists_otherwise"


# A cell is its text, or the reason why it has none.
Cell = str | CellReason


def read_rows(
    content: bytes, *, most_bytes: int = MOST_BYTES, most_rows: int = MOST_ROWS
) -> list[tuple[int, list[Cell]]]:
    """The rows that are not empty, with their numbers as a spreadsheet counts them; the header is among them.

    At most `most_rows` rows beside the header, and as many empty ones.

    Raises:
        Refused: the file is too large, of another format, damaged, or has too many rows or columns.
    """
    if len(content) > most_bytes:
        raise Refused(FileReason.FILE_TOO_LARGE, field="file", most=f"{most_bytes // 1024**2} MB")
    if content.startswith(_OTHER_STARTS):
        raise Refused(FileReason.FILE_FORMAT_UNKNOWN, field="file")
    lines = _xlsx(content, most_rows) if content.startswith(_XLSX_START) else _csv(content)
    rows: list[tuple[int, list[Cell]]] = []
    for number, cells in enumerate(lines, start=1):
        if len(rows) > most_rows or number > 2 * most_rows:
            raise Refused(FileReason.TOO_MANY_ROWS, field="file", most=most_rows)
        if len(cells) > MOST_COLUMNS:
            raise Refused(FileReason.TOO_MANY_COLUMNS, field="file", most=MOST_COLUMNS)
        if any(cell != "" for cell in cells):
            rows.append((number, cells))
    if len(rows) < 2:
        raise Refused(FileReason.NO_ROWS, field="file")
    return rows


def _csv(content: bytes) -> Iterator[list[Cell]]:
    text = _decode(content)
    first_line = next(
        (line for line in text[:20_000].splitlines() if any(sign in line for sign in _DELIMITERS)), ""
    )
    delimiter = max(_DELIMITERS, key=first_line.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise Refused(FileReason.FILE_DAMAGED, field="file", why=str(error)) from error


def _decode(content: bytes) -> str:
    """UTF-8 with or without a byte order mark, else GB 18030, which includes GBK."""
    if not content.startswith(_UTF16_STARTS) and b"\0" not in content:
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise Refused(FileReason.ENCODING_UNKNOWN, field="file")


def _xlsx(content: bytes, most_rows: int) -> list[list[Cell]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of extensions it leaves out, such as drawings
            return list(_sheet_rows(content, most_rows))
    except _DAMAGE as error:
        raise Refused(FileReason.FILE_DAMAGED, field="file", why=type(error).__name__) from error


def _sheet_rows(content: bytes, most_rows: int) -> Iterator[list[Cell]]:
    """The first sheet. openpyxl reads XML through defusedxml where installed: no entity is expanded."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Refused(FileReason.FILE_TOO_LARGE, field="file", most="100 MB unpacked")
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # a file may claim any size
        for cells in sheet.iter_rows(max_row=2 * most_rows + 1, max_col=MOST_COLUMNS + 1):
            yield _without_tail([_cell(cell) for cell in cells])
    finally:
        book.close()


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return CellReason.FORMULA
    if cell.data_type == "e":
        return CellReason.ERROR_VALUE
    return _text(value)


def _text(value: object) -> Cell:
    """A typed cell as the text a CSV file would have."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value).strip()


def _without_tail(cells: list[Cell]) -> list[Cell]:
    while cells and cells[-1] == "":
        cells.pop()
    return cells
