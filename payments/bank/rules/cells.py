"""One row of a bank's table as a line: dates, amounts and directions as banks write them."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from marketplace.errors import Refused
from marketplace.money import MalformedAmount, parse_minor
from payments.bank.rules.columns import Column, ColumnMapping, DateOrder
from payments.bank.rules.statements import RefusedLine, StatementLine
from payments.bank.rules.words import Reason

# The longest text kept of each column; a longer purpose is refused rather than cut in the middle of a code.
LONGEST = {
    Column.BANK_REFERENCE: 100,
    Column.END_TO_END: 100,
    Column.COUNTERPARTY: 200,
    Column.COUNTERPARTY_NUMBER: 64,
    Column.COUNTERPARTY_BANK: 200,
    Column.VIRTUAL_NUMBER: 64,
    Column.PURPOSE: 500,
    Column.NOTE: 500,
}

# What says which way the money went, seen from the account: 贷 (credit) is money that came in.
_IN = frozenset({"贷", "贷方", "收入", "转入", "来账", "收", "c", "cr", "credit", "crdt", "in", "+"})
_OUT = frozenset({"借", "借方", "支出", "转出", "往账", "付", "d", "dr", "debit", "dbit", "out", "-"})

_YEAR_FIRST = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_SIGNS_OF_MONEY = "¥￥元$€£ \u00a0"
# A bank's own charge, by what it writes in the purpose.
_FEE = re.compile(
    r"手续费|账户管理费|汇划费|工本费|网银服务费|bank charge|bank fee|service fee", re.IGNORECASE
)


class RowReader:
    """Reads the rows below a header by a mapping."""

    def __init__(self, mapping: ColumnMapping, places: dict[Column, int], currency: str) -> None:
        self._mapping = mapping
        self._places = places
        self._currency = currency

    def read(self, number: int, cells: Sequence[Any]) -> StatementLine | RefusedLine:
        """The line in a row, or why there is none."""
        try:
            return self._line(number, cells)
        except Refused as why:
            column = self._mapping.headings.get(Column(why.field), "") if why.field else ""
            return RefusedLine(number, column or str(why.field), why)

    def _line(self, number: int, cells: Sequence[Any]) -> StatementLine:
        purpose = " ".join(filter(None, (self._text(cells, Column.PURPOSE), self._text(cells, Column.NOTE))))
        booked_on = self._day(cells, Column.BOOKED_ON)
        if booked_on is None:
            raise Refused(Reason.EMPTY_CELL, Column.BOOKED_ON)
        minor = self._minor(cells)
        return StatementLine(
            row=number,
            booked_on=booked_on,
            value_on=self._day(cells, Column.VALUE_ON),
            minor=minor,
            bank_reference=self._text(cells, Column.BANK_REFERENCE),
            end_to_end=self._text(cells, Column.END_TO_END),
            counterparty=self._text(cells, Column.COUNTERPARTY),
            counterparty_number=_number(self._text(cells, Column.COUNTERPARTY_NUMBER)),
            counterparty_bank=self._text(cells, Column.COUNTERPARTY_BANK),
            virtual_number=_number(self._text(cells, Column.VIRTUAL_NUMBER)),
            purpose=purpose,
            balance=self._amount(cells, Column.BALANCE),
            fee=minor < 0 and _FEE.search(purpose) is not None,
        )

    def _text(self, cells: Sequence[Any], column: Column) -> str:
        place = self._places.get(column)
        cell = cells[place] if place is not None and place < len(cells) else ""
        if type(cell) is not str:  # a code for a formula or an error is a kind of text
            raise Refused(Reason.FORMULA_CELL, column)
        text = " ".join(unicodedata.normalize("NFC", cell).replace("\0", "").split())
        if len(text) > LONGEST.get(column, 60):
            raise Refused(Reason.TEXT_TOO_LONG, column, most=LONGEST.get(column, 60))
        return text

    def _day(self, cells: Sequence[Any], column: Column) -> date | None:
        text = self._text(cells, column)
        return read_day(text, self._mapping.date_order, column) if text else None

    def _amount(self, cells: Sequence[Any], column: Column) -> int | None:
        text = self._text(cells, column)
        return read_amount(text, self._currency, column, comma=self._mapping.decimal_comma) if text else None

    def _minor(self, cells: Sequence[Any]) -> int:
        """What came in (positive) or went out (negative)."""
        if Column.AMOUNT in self._places:
            amount, column = self._amount(cells, Column.AMOUNT), Column.AMOUNT
            if amount is not None and Column.DIRECTION in self._places:
                amount = self._directed(cells, amount)
        else:
            amount, column = self._of_two(cells), Column.CREDIT
        if not amount:
            raise Refused(Reason.NO_AMOUNT, column)
        return amount

    def _directed(self, cells: Sequence[Any], amount: int) -> int:
        said = unicodedata.normalize("NFKC", self._text(cells, Column.DIRECTION)).casefold()
        if said in _IN:
            return abs(amount)
        if said in _OUT:
            return -abs(amount)
        raise Refused(Reason.BAD_DIRECTION, Column.DIRECTION, value=said[:20])

    def _of_two(self, cells: Sequence[Any]) -> int:
        credit, debit = self._amount(cells, Column.CREDIT) or 0, self._amount(cells, Column.DEBIT) or 0
        if credit and debit:
            raise Refused(Reason.TWO_AMOUNTS, Column.CREDIT)
        return credit - debit


def read_day(text: str, order: DateOrder, column: str = Column.BOOKED_ON) -> date:
    """A date such as 2026-03-02, 20260302, 2026年3月2日 or 02/03/2026, with or without a time behind it.

    Raises:
        Refused: it is none.
    """
    match = _YEAR_FIRST.match(text)
    if match is not None:
        year, month, day = match.groups()
    else:
        match = _YEAR_LAST.match(text)
        if match is None or order is DateOrder.YEAR_FIRST:
            raise Refused(Reason.BAD_DATE, column, value=text[:40])
        day, month, year = match.groups() if order is DateOrder.DAY_FIRST else _swapped(match)
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        raise Refused(Reason.BAD_DATE, column, value=text[:40]) from None
    if not 2000 <= read.year < 2200:
        raise Refused(Reason.BAD_DATE, column, value=text[:40])
    return read


def _swapped(match: re.Match[str]) -> tuple[str, str, str]:
    month, day, year = match.groups()
    return day, month, year


def read_amount(text: str, currency: str, column: str = Column.AMOUNT, *, comma: bool = False) -> int:
    """Minor units of an amount with sign, thousands commas and a sign of money around it.

    Raises:
        Refused: it is none, or has more places than the currency.
    """
    plain = unicodedata.normalize("NFKC", text).strip(_SIGNS_OF_MONEY)
    sign = -1 if plain[:1] in {"-", "−"} else 1
    plain = plain.removeprefix(plain[:1] if plain[:1] in {"+", "-", "−"} else "").strip(_SIGNS_OF_MONEY)
    if comma:
        plain = plain.replace(".", "").replace(",", ".")
    if not (plain.isascii() and _GROUPED.fullmatch(plain)):
        raise Refused(Reason.BAD_AMOUNT, column, value=text[:40], currency=currency)
    try:
        return sign * parse_minor(plain.replace(",", ""), currency)
    except MalformedAmount:
        raise Refused(Reason.BAD_AMOUNT, column, value=text[:40], currency=currency) from None


def _number(text: str) -> str:
    """An account's number without the spaces and dashes that it is printed with."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
