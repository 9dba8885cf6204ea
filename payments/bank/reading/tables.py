"""CSV and XLSX statements, by the columns that an officer has mapped."""

from marketplace.errors import Refused
from marketplace.listings.portfolio.reading import read_rows
from payments.bank.rules.cells import RowReader
from payments.bank.rules.columns import (
    ColumnMapping,
    check_complete,
    guess_header,
    guess_mapping,
    positions,
)
from payments.bank.rules.statements import RefusedLine, Statement, balances_from_rows
from payments.bank.rules.words import FileFormat, Reason

_XLSX = b"PK\x03\x04"
PREVIEW_ROWS = 40

Rows = list[tuple[int, list[str]]]


def read(
    content: bytes, currency: str, mapping: ColumnMapping | None, *, most_lines: int, most_bytes: int
) -> Statement:
    """The lines below the header.

    Raises:
        Refused: as `read_rows`, or no header was found.
    """
    rows = read_rows(content, most_bytes=most_bytes, most_rows=most_lines)
    if mapping is None:
        mapping = _guessed(rows)
    header, places = positions(mapping, rows)
    reader = RowReader(mapping, places, currency)
    statement = Statement(file_format(content), currency=currency)
    for number, cells in rows[header + 1 :]:
        line = reader.read(number, cells)
        if isinstance(line, RefusedLine):
            statement.refused.append(line)
        else:
            statement.lines.append(line)
    balances_from_rows(statement, currency)
    return statement


def file_format(content: bytes) -> FileFormat:
    return FileFormat.XLSX if content.startswith(_XLSX) else FileFormat.CSV


def preview(content: bytes, *, most_lines: int, most_bytes: int) -> tuple[Rows, int | None]:
    """The first rows of a table as text, and the index of the one that looks like its headings.

    Raises:
        Refused: as `read_rows`.
    """
    rows = read_rows(content, most_bytes=most_bytes, most_rows=most_lines)
    shown = [(number, [str(cell) for cell in cells]) for number, cells in rows[:PREVIEW_ROWS]]
    return shown, guess_header(rows)


def _guessed(rows: list[tuple[int, list[str]]]) -> ColumnMapping:
    header = guess_header(rows)
    if header is None:
        raise Refused(Reason.HEADER_MISSING, "file", heading="booked_on")
    mapping = guess_mapping(rows[header][1])
    check_complete(mapping)
    return mapping
