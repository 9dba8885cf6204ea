"""One row's cells read as values. What cannot be read is remembered with its column, and reads as None."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from marketplace.clock import LOCAL_ZONE, aware
from marketplace.errors import Refused
from marketplace.listings.portfolio.columns import Header
from marketplace.listings.portfolio.reading import Cell, CellReason
from marketplace.money import MalformedAmount, UnknownCurrency, parse_minor

Value = TypeVar("Value")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DAY = re.compile(
    r"([0-9]{4})(?:[-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})日?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_WHOLE = re.compile(r"[0-9]{1,6}")
_YEARS = range(1850, 2200)
_FLAGS = {
    "yes": True, "true": True, "1": True, "是": True, "公开": True,
    "no": False, "false": False, "0": False, "否": False, "不公开": False,
}  # fmt: skip


class Cells:
    """The cells of one row by column, with the problems found while reading them."""

    def __init__(self, header: Header, number: int, cells: Sequence[Cell]) -> None:
        self.number = number
        self.problems: dict[str, Refused] = {}
        self._header = header
        self._cells = cells
        beyond = max(header.positions.values()) + 1
        if any(cell != "" for cell in cells[beyond:]) or self._outside_columns():
            self.refuse("lot_reference", CellReason.BEYOND_HEADER)

    def _outside_columns(self) -> bool:
        known = set(self._header.positions.values())
        return any(cell != "" for index, cell in enumerate(self._cells) if index not in known)

    def refuse(self, column: str, reason: StrEnum, **details: object) -> None:
        """Remember a problem; the first one of a column stays."""
        self.note(column, Refused(reason, column, **details))

    def note(self, column: str, refused: Refused) -> None:
        """Remember a refusal of a rule under the column that caused it."""
        self.problems.setdefault(column, refused)

    def written(self, column: str) -> str:
        """The heading of a column as the file writes it."""
        return self._header.written.get(column, column)

    def text(self, column: str, most: int = 200, *, required: bool = False) -> str:
        """The text of a cell, at most so many characters; empty where the cell or the column is."""
        index = self._header.positions.get(column)
        cell = self._cells[index] if index is not None and index < len(self._cells) else ""
        if isinstance(cell, CellReason):
            self.refuse(column, cell)
            return ""
        if _CONTROL.search(cell):
            self.refuse(column, CellReason.UNREADABLE_TEXT)
        elif len(cell) > most:
            self.refuse(column, CellReason.TOO_LONG, most=most)
        elif required and not cell:
            self.refuse(column, CellReason.EMPTY)
        return cell

    def amount(self, column: str, currency: str) -> int | None:
        """Minor units of a plain decimal, with or without thousands commas."""
        text = self.text(column)
        if not text:
            return None
        plain = text.replace(",", "") if _GROUPED.fullmatch(text) else text
        try:
            return parse_minor(plain, currency)
        except (MalformedAmount, UnknownCurrency):
            self.refuse(column, CellReason.NOT_AN_AMOUNT, value=text[:40], currency=currency[:3])
            return None

    def day(self, column: str) -> date | None:
        """A date such as 2018-05-04, 2018/5/4, 20180504 or 2018年5月4日."""
        text = self.text(column)
        if not text:
            return None
        day = _read_day(text)
        if day is None:
            self.refuse(column, CellReason.NOT_A_DATE, value=text[:40])
        return day

    def moment(self, column: str) -> datetime | None:
        """A moment; one without a zone is local time (Asia/Shanghai)."""
        text = self.text(column)
        if not text:
            return None
        moment = _read_moment(text)
        if moment is None:
            self.refuse(column, CellReason.NOT_A_MOMENT, value=text[:40])
        return moment

    def whole(self, column: str) -> int | None:
        """A whole number of at most six digits."""
        text = self.text(column)
        if text and not _WHOLE.fullmatch(text):
            self.refuse(column, CellReason.NOT_A_WHOLE_NUMBER, value=text[:40])
            return None
        return int(text) if text else None

    def flag(self, column: str) -> bool | None:
        """Yes or no, in English or Chinese."""
        text = self.text(column).casefold()
        if text and text not in _FLAGS:
            self.refuse(column, CellReason.NOT_YES_OR_NO, value=text[:40])
        return _FLAGS.get(text)

    def choice(self, column: str, choices: Mapping[str, Value]) -> Value | None:
        """The value that a word stands for."""
        text = self.text(column).casefold()
        plain = re.sub(r"[\s-]+", "_", text)
        if not text:
            return None
        value = choices.get(text, choices.get(plain))
        if value is None:
            self.refuse(column, CellReason.NOT_A_CHOICE, value=text[:40], choices=", ".join(choices))
        return value


def _read_day(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    try:
        day = date(*(int(part) for part in match.groups() if part))
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _read_moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    if moment.year not in _YEARS:
        return None
    return aware(moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE))
