"""Which column of a bank's table is what: guessed from its headings, saved per account, read strictly."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from marketplace.errors import Refused
from payments.bank.rules.words import Reason


class Column(StrEnum):
    """What a column can be. Amounts come as one signed column, as two, or as one beside a direction."""

    BOOKED_ON = "booked_on"
    VALUE_ON = "value_on"
    AMOUNT = "amount"
    CREDIT = "credit"
    DEBIT = "debit"
    DIRECTION = "direction"
    BALANCE = "balance"
    BANK_REFERENCE = "bank_reference"
    END_TO_END = "end_to_end"
    COUNTERPARTY = "counterparty"
    COUNTERPARTY_NUMBER = "counterparty_number"
    COUNTERPARTY_BANK = "counterparty_bank"
    VIRTUAL_NUMBER = "virtual_number"
    PURPOSE = "purpose"
    NOTE = "note"


class DateOrder(StrEnum):
    """How a date is written where the year does not come first; a year first is always understood."""

    YEAR_FIRST = "year_first"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


# Headings as banks write them; brackets, spaces and case do not matter.
_HEADINGS: dict[Column, tuple[str, ...]] = {
    Column.BOOKED_ON: (
        "交易日期", "记账日期", "入账日期", "交易时间", "日期", "bookingdate", "date", "bookedon",
    ),
    Column.VALUE_ON: ("起息日", "起息日期", "valuedate", "valueon"),
    Column.AMOUNT: ("交易金额", "发生额", "金额", "amount"),
    Column.CREDIT: (
        "贷方发生额", "贷方金额", "收入金额", "收入", "转入金额", "贷方", "credit", "creditamount",
    ),
    Column.DEBIT: ("借方发生额", "借方金额", "支出金额", "支出", "转出金额", "借方", "debit", "debitamount"),
    Column.DIRECTION: (
        "借贷标志", "借贷", "借贷方向", "收支方向", "交易类型", "direction", "creditdebit", "drcr",
    ),
    Column.BALANCE: ("余额", "账户余额", "交易后余额", "balance", "runningbalance"),
    Column.BANK_REFERENCE: (
        "交易流水号", "流水号", "银行流水号", "交易序号", "凭证号", "reference", "bankreference",
    ),
    Column.END_TO_END: ("客户流水号", "企业流水号", "业务编号", "endtoendid", "endtoend"),
    Column.COUNTERPARTY: (
        "对方户名", "对方账户名称", "对方名称", "对手户名", "付款人名称", "counterparty", "name", "payer",
    ),
    Column.COUNTERPARTY_NUMBER: (
        "对方账号", "对手账号", "付款人账号", "counterpartyaccount", "account", "iban",
    ),
    Column.COUNTERPARTY_BANK: ("对方开户行", "对方行名", "对方银行", "counterpartybank", "bank"),
    Column.VIRTUAL_NUMBER: ("虚拟账号", "子账号", "虚拟子账户", "收款子账号", "virtualaccount"),
    Column.PURPOSE: ("摘要", "用途", "purpose", "description", "remittanceinformation"),
    Column.NOTE: ("附言", "备注", "交易附言", "note", "memo", "remark"),
}  # fmt: skip
_BY_HEADING = {heading: column for column, names in _HEADINGS.items() for heading in names}

# A table starts within its first rows; above it stand account, holder and period.
HEADER_WITHIN = 30
_FEWEST_KNOWN = 3


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where each column stands, by the text of its heading, and how values are written.

    Attributes:
        headings: by column, as the file writes them.
        decimal_comma: 1.234,56 instead of 1,234.56.
    """

    headings: dict[Column, str] = field(default_factory=dict)
    date_order: DateOrder = DateOrder.YEAR_FIRST
    decimal_comma: bool = False

    def as_json(self) -> dict[str, Any]:
        """For the column of the account's row."""
        return asdict(self)


def plain_heading(text: str) -> str:
    """A heading without what banks vary: width, case, spaces, marks, units in brackets."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in re.sub(r"\(.*?\)", "", folded) if sign.isalnum())


def read_mapping(values: Mapping[str, Any]) -> ColumnMapping:
    """The mapping that `as_json` wrote, or a person or file stated.

    Raises:
        Refused: it names no such column, or not enough columns to read a line.
    """
    try:
        headings = {
            Column(name): str(text) for name, text in dict(values.get("headings", {})).items() if text
        }
        order = DateOrder(values.get("date_order", DateOrder.YEAR_FIRST))
    except (ValueError, TypeError):
        raise Refused(Reason.NOT_MAPPED, "mapping", column="?") from None
    mapping = ColumnMapping(headings, order, bool(values.get("decimal_comma", False)))
    check_complete(mapping)
    return mapping


def check_complete(mapping: ColumnMapping) -> None:
    """Refuse a mapping by which no line can be read: date and amount are needed, and who paid.

    Raises:
        Refused: naming the first column that is missing.
    """
    have = mapping.headings
    amounts = Column.AMOUNT in have or {Column.CREDIT, Column.DEBIT} <= have.keys()
    for column, present in (
        (Column.BOOKED_ON, Column.BOOKED_ON in have),
        (Column.AMOUNT, amounts),
        (Column.COUNTERPARTY, Column.COUNTERPARTY in have),
    ):
        if not present:
            raise Refused(Reason.NOT_MAPPED, str(column), column=str(column))


def guess_header(rows: Sequence[tuple[int, Sequence[Any]]]) -> int | None:
    """Index of the first row that looks like headings; None where none does."""
    for index, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        known = {_BY_HEADING.get(plain_heading(cell)) for cell in cells if isinstance(cell, str)}
        if len(known - {None}) >= _FEWEST_KNOWN:
            return index
    return None


def guess_mapping(cells: Sequence[Any]) -> ColumnMapping:
    """What the headings say themselves; the first heading for a column stays."""
    headings: dict[Column, str] = {}
    for cell in cells:
        column = _BY_HEADING.get(plain_heading(cell)) if type(cell) is str else None
        if column is not None:
            headings.setdefault(column, cell)
    return ColumnMapping(headings)


def positions(
    mapping: ColumnMapping, rows: Sequence[tuple[int, Sequence[Any]]]
) -> tuple[int, dict[Column, int]]:
    """The index of the header's row, and of each mapped column in it.

    Raises:
        Refused: no row near the top has the mapped headings; the field names the first that is missing.
    """
    wanted = {column: plain_heading(text) for column, text in mapping.headings.items()}
    for index, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        plain = [plain_heading(cell) if type(cell) is str else "" for cell in cells]
        if wanted[Column.BOOKED_ON] in plain:
            missing = next((column for column, text in wanted.items() if text not in plain), None)
            if missing is not None:
                heading = mapping.headings[missing]
                raise Refused(Reason.COLUMN_MISSING, heading, heading=heading)
            return index, {column: plain.index(text) for column, text in wanted.items()}
    raise Refused(Reason.HEADER_MISSING, "file", heading=mapping.headings[Column.BOOKED_ON])
