"""The columns of a payment table: which, under which heading, as the operator's bank wants them."""

from collections.abc import Sequence
from enum import StrEnum

from marketplace.errors import Refused
from payments.bank.rules.words import Reason


class OrderField(StrEnum):
    POSITION = "position"
    NUMBER = "number"
    HOLDER = "holder"
    BANK = "bank"
    BANK_CODE = "bank_code"
    AMOUNT = "amount"
    CURRENCY = "currency"
    REFERENCE = "reference"
    PURPOSE = "purpose"
    PAYER_NUMBER = "payer_number"
    EMPTY = "empty"


# What most enterprise banking systems of Chinese banks ask for in a batch of transfers.
USUAL: tuple[tuple[str, OrderField], ...] = (
    ("序号", OrderField.POSITION),
    ("付款账号", OrderField.PAYER_NUMBER),
    ("收款账号", OrderField.NUMBER),
    ("收款户名", OrderField.HOLDER),
    ("收款行名称", OrderField.BANK),
    ("收款行联行号", OrderField.BANK_CODE),
    ("金额", OrderField.AMOUNT),
    ("币种", OrderField.CURRENCY),
    ("用途", OrderField.PURPOSE),
    ("客户流水号", OrderField.REFERENCE),
)
MOST_COLUMNS = 40


def read_columns(text: str) -> list[tuple[str, OrderField]]:
    """Columns as an officer writes them, one `heading = field` a line.

    Raises:
        Refused: a line names no field, or account, name, amount or reference would not stand in the table.
    """
    columns = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        heading, _, name = line.rpartition("=")
        try:
            columns.append((heading.strip(), OrderField(name.strip())))
        except ValueError:
            raise Refused(Reason.NOT_MAPPED, "columns", column=line[:60]) from None
    check_columns(columns)
    return columns


def check_columns(columns: Sequence[tuple[str, OrderField]]) -> None:
    """Refuse columns without which no bank can pay, or its statement could not be matched."""
    have = {one for _, one in columns}
    for needed in (OrderField.NUMBER, OrderField.HOLDER, OrderField.AMOUNT):
        if needed not in have:
            raise Refused(Reason.NOT_MAPPED, "columns", column=needed)
    if not have & {OrderField.REFERENCE, OrderField.PURPOSE}:
        raise Refused(Reason.NOT_MAPPED, "columns", column=OrderField.REFERENCE)
    if len(columns) > MOST_COLUMNS or any(not heading or len(heading) > 60 for heading, _ in columns):
        raise Refused(Reason.NOT_MAPPED, "columns", column="=")


def write_columns(columns: Sequence[tuple[str, str]]) -> str:
    """The columns as `read_columns` reads them."""
    return "\n".join(f"{heading} = {name}" for heading, name in columns)
