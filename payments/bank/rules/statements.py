"""A statement as its file gives it: lines, balances, and the key by which a line is known again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from marketplace.canonical import digest
from marketplace.errors import Refused
from marketplace.money import decimal_text
from payments.bank.rules.words import FileFormat, Reason


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booking on the account.

    Attributes:
        row: its number in the file: of the row, or of the entry.
        minor: minor units; positive came in, negative went out.
        bank_reference: the bank's own number of the booking; empty where it gives none.
        end_to_end: what the payer's order carried through the banks.
        counterparty, counterparty_number, counterparty_bank: who paid or was paid, as the bank names them.
        virtual_number: the virtual account it was paid to; empty for the account itself.
        balance: what stood on the account after it; None where the file does not say.
        fee: the bank says that it is its own charge.
    """

    row: int
    booked_on: date
    minor: int
    bank_reference: str = ""
    value_on: date | None = None
    end_to_end: str = ""
    counterparty: str = ""
    counterparty_number: str = ""
    counterparty_bank: str = ""
    virtual_number: str = ""
    purpose: str = ""
    balance: int | None = None
    fee: bool = False


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that cannot be taken: where, in which column as the file names it, and why."""

    row: int
    column: str
    why: Refused


@dataclass(slots=True)
class Statement:
    """A file that could be read.

    Attributes:
        account_number: of the account it is about; empty where the file does not say.
        currency: empty where the file does not say.
        opening, closing: balances before and after its lines; None where the file has none.
        not_booked: entries that the bank has only announced; they come again once booked.
        new: how many of its lines stand on no earlier statement, once that was asked.
    """

    file_format: FileFormat
    account_number: str = ""
    currency: str = ""
    number: str = ""
    opening: int | None = None
    closing: int | None = None
    lines: list[StatementLine] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    not_booked: int = 0
    new: int = 0

    @property
    def first_day(self) -> date | None:
        return min((line.booked_on for line in self.lines), default=None)

    @property
    def last_day(self) -> date | None:
        return max((line.booked_on for line in self.lines), default=None)


def line_keys(lines: Sequence[StatementLine]) -> list[str]:
    """What each line is known by on its account, in any file in which it stands.

    The bank's own reference where it gives one. Otherwise a digest of what the line says, with a number
    that counts equal lines of the file: equal bookings of a day stand together in every file that has them.
    """
    seen: Counter[str] = Counter()
    keys = []
    for line in lines:
        if line.bank_reference:
            keys.append(f"reference:{line.bank_reference}")
            continue
        content = _content(line)
        seen[content] += 1
        keys.append(f"content:{content}:{seen[content]}")
    return keys


def _content(line: StatementLine) -> str:
    said = (
        line.booked_on.isoformat(),
        line.minor,
        line.end_to_end,
        line.counterparty,
        line.counterparty_number,
        line.virtual_number,
        line.purpose,
        line.balance,
    )
    return digest(said)[:40]


def refuse_repeated(statement: Statement) -> None:
    """Move lines whose bank reference stood in an earlier line of the same file to the refused ones."""
    first: dict[str, int] = {}
    kept = []
    for line in statement.lines:
        row = first.setdefault(line.bank_reference, line.row) if line.bank_reference else line.row
        if row == line.row:
            kept.append(line)
            continue
        why = Refused(Reason.REFERENCE_REPEATED, "bank_reference", reference=line.bank_reference, row=row)
        statement.refused.append(RefusedLine(line.row, line.bank_reference, why))
    statement.lines = kept


def check_balance(statement: Statement, currency: str) -> None:
    """Refuse a statement whose opening balance and lines do not make its closing balance.

    Raises:
        Refused: with both amounts, where the file gives both balances and no line of it is refused.
    """
    if statement.opening is None or statement.closing is None or statement.refused:
        return
    reached = statement.opening + sum(line.minor for line in statement.lines)
    if reached != statement.closing:
        raise _differs(reached, statement.closing, currency)


def balances_from_rows(statement: Statement, currency: str) -> None:
    """Take opening and closing balance from the balances that stand behind each row, oldest or newest first.

    Raises:
        Refused: a balance does not follow from the one before it, in either order.
    """
    lines = statement.lines
    if not lines or statement.refused or any(line.balance is None for line in lines):
        return
    for ordered in (lines, lines[::-1]):
        if _first_break(ordered) is None:
            statement.opening = (ordered[0].balance or 0) - ordered[0].minor
            statement.closing = ordered[-1].balance
            statement.lines = list(ordered)
            return
    index = _first_break(lines) or 0
    reached = (lines[index - 1].balance or 0) + lines[index].minor
    raise _differs(reached, lines[index].balance or 0, currency)


def _differs(reached: int, said: int, currency: str) -> Refused:
    amounts = {"reached": decimal_text(reached, currency), "closing": decimal_text(said, currency)}
    return Refused(Reason.BALANCE_DIFFERS, "file", **amounts)


def _first_break(lines: Sequence[StatementLine]) -> int | None:
    for index, (before, after) in enumerate(pairwise(lines), start=1):
        if (before.balance or 0) + after.minor != after.balance:
            return index
    return None


@dataclass(frozen=True, slots=True)
class Span:
    """An imported statement on the time line of its account."""

    label: str
    first_day: date
    last_day: date
    opening: int | None
    closing: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Two neighbouring statements that do not join: something lies between them that was not imported."""

    before: Span
    after: Span

    @property
    def missing(self) -> int:
        """By how much the account changed in between, in minor units."""
        return (self.after.opening or 0) - (self.before.closing or 0)


def gaps(spans: Sequence[Span]) -> list[Gap]:
    """Where the opening balance of a statement is not the closing balance of the one before it.

    Statements that overlap or say no balance prove nothing and are passed over.
    """
    known = [span for span in spans if span.opening is not None and span.closing is not None]
    ordered = sorted(known, key=lambda span: (span.last_day, span.first_day))
    return [
        Gap(before, after)
        for before, after in pairwise(ordered)
        if after.first_day >= before.last_day and after.opening != before.closing
    ]
