"""Reading one cell of a CSV file, or saying what is wrong with it."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO
from typing import TypeVar

from marketplace.money import EXPONENTS, MalformedAmount, parse_minor
from transactions.rules.words import DatePrecision

ROWS_LIMIT = 100_000

_WHOLE = re.compile(r"[0-9]{1,9}")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_PRECISIONS = {0: DatePrecision.DAY, 1: DatePrecision.MONTH, 2: DatePrecision.YEAR}

Row = Mapping[str, str]
Word = TypeVar("Word", bound=StrEnum)


class Problem(StrEnum):
    MISSING_COLUMN = "missing_column"
    NOT_A_TABLE = "not_a_table"
    TOO_LARGE = "too_large"
    MISSING = "missing"
    TWICE = "twice"
    TOO_LONG = "too_long"
    NOT_A_DATE = "not_a_date"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_RATE = "not_a_rate"
    UNKNOWN_CURRENCY = "unknown_currency"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_CLASS = "unknown_class"


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was refused. `row` counts as a spreadsheet does: the heading is row 1."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.reason}"


class BadCell(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def rows(text: str, needed: frozenset[str], errors: list[RowError]) -> Iterator[tuple[int, Row]]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        missing = sorted(needed - set(reader.fieldnames or ()))
        errors += [RowError(1, column, Problem.MISSING_COLUMN) for column in missing]
        if missing:
            return
        for number, row in enumerate(reader, start=2):
            if number > ROWS_LIMIT + 1:
                errors.append(RowError(number, "id", Problem.TOO_LARGE))
                return
            yield number, {str(name): (value or "").strip() for name, value in row.items() if name}
    except csv.Error:
        errors.append(RowError(reader.line_num, "-", Problem.NOT_A_TABLE))


def word(row: Row, column: str, words: type[Word]) -> Word:
    try:
        return words(row[column])
    except ValueError:
        raise BadCell(column, Problem.UNKNOWN_WORD if row[column] else Problem.MISSING) from None


def optional_word(row: Row, column: str, words: type[Word], default: Word) -> Word:
    """The word of a column that may be missing or blank."""
    return word(row, column, words) if row.get(column) else default


def text(text: str, most: int, column: str, *, needed: bool = False) -> str:
    if needed and not text:
        raise BadCell(column, Problem.MISSING)
    if len(text) > most or "\x00" in text:
        raise BadCell(column, Problem.TOO_LONG)
    return text


def currency(row: Row, column: str) -> str:
    if row[column] not in EXPONENTS:
        raise BadCell(column, Problem.UNKNOWN_CURRENCY)
    return row[column]


def amount(row: Row, column: str, currency: str) -> int | None:
    text = row.get(column, "")
    try:
        return parse_minor(text, currency) if text else None
    except MalformedAmount:
        raise BadCell(column, Problem.NOT_AN_AMOUNT) from None


def number(row: Row, column: str) -> int | None:
    text = row.get(column, "")
    if text and not _WHOLE.fullmatch(text):
        raise BadCell(column, Problem.NOT_A_NUMBER)
    return int(text) if text else None


def yes_or_no(row: Row, column: str, *, default: bool) -> bool:
    text = row.get(column, "")
    if text not in {"", "yes", "no"}:
        raise BadCell(column, Problem.UNKNOWN_WORD)
    return default if not text else text == "yes"


def day(row: Row, column: str) -> tuple[date | None, DatePrecision]:
    if not row[column]:
        return None, DatePrecision.UNKNOWN
    match = _DATE.fullmatch(row[column])
    if match is None:
        raise BadCell(column, Problem.NOT_A_DATE)
    try:
        day = date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise BadCell(column, Problem.NOT_A_DATE) from None
    return day, _PRECISIONS[[match[2], match[3]].count(None)]
