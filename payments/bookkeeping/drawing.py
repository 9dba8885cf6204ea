"""Statements of account as files: CSV for spreadsheets, PDF for the files of a case."""

from collections.abc import Sequence
from datetime import datetime

from marketplace.clock import LOCAL_ZONE, moment_text
from marketplace.language import money
from marketplace.money import decimal_text
from marketplace.papers import Sheet, both, label, lines
from marketplace.spreadsheets import csv_text
from payments.bookkeeping import texts
from payments.bookkeeping.rules import Period
from payments.bookkeeping.statement import StatementLine, Summary
from payments.texts import ACCOUNTS

# Spreadsheets take a file for UTF-8 when it begins with this.
_BYTE_ORDER_MARK = "\ufeff"
_HEAD = ("time", "key", "cause", "lot", "account", "against", "gone", "came", "balance")


def as_csv(rows: Sequence[StatementLine], currency: str) -> str:
    """One row per entry, in the reader's language; amounts are plain decimals."""
    head = [str(texts.LABELS[name]) for name in _HEAD]
    table = [dict(zip(head, _cells(row, currency), strict=True)) for row in rows]
    return _BYTE_ORDER_MARK + csv_text(head, table)


def _cells(row: StatementLine, currency: str) -> list[str]:
    gone, came = _sides(row.minor)
    return [
        moment_text(row.at),
        row.key,
        str(texts.cause(row.cause)),
        row.lot or "",
        str(ACCOUNTS[row.purpose]),
        _against(row),
        "" if gone is None else decimal_text(gone, currency),
        "" if came is None else decimal_text(came, currency),
        _signed(row.balance, currency),
    ]


def as_pdf(
    holder: str, period: Period, summary: Summary, rows: Sequence[StatementLine], printed_at: datetime
) -> bytes:
    """The statement in Chinese and English at once."""
    chinese, english = both(texts.STATEMENT)
    sheet = Sheet(
        title=f"{chinese} {holder}",
        issuer=holder,
        foot=f"{chinese} {english} · {holder} · {_moment(printed_at)}",
        issued_at=printed_at,
    )
    sheet.heading(chinese, english)
    sheet.facts(_facts(holder, period, summary))
    sheet.space(3)
    sheet.table(
        [label(texts.LABELS[name]) for name in ("time", "cause", "account", "gone", "came", "balance")],
        [_printed(row, summary.currency) for row in rows],
        widths=(16, 24, 24, 17, 17, 18),
        numbers=frozenset({3, 4, 5}),
    )
    sheet.space(2)
    sheet.paragraph(lines(texts.CLOSING), quiet=True)
    return sheet.finished()


def _facts(holder: str, period: Period, summary: Summary) -> list[tuple[str, str]]:
    amounts = [(name, getattr(summary, name)) for name in ("opening", "came", "gone", "closing")]
    pending = [(name, minor) for name in ("bound", "promised") if (minor := getattr(summary, name))]
    return [
        (label(texts.LABELS["party"]), holder),
        (label(texts.LABELS["period"]), f"{period.first} – {period.last}"),
        *((label(texts.LABELS[name]), money(minor, summary.currency)) for name, minor in amounts + pending),
    ]


def _printed(row: StatementLine, currency: str) -> list[str]:
    gone, came = _sides(row.minor)
    cause = lines(texts.cause(row.cause)) + (f"\n{row.lot}" if row.lot else "")
    return [
        _moment(row.at).replace(" ", "\n", 1),
        cause,
        lines(ACCOUNTS[row.purpose]),
        "" if gone is None else decimal_text(gone, currency),
        "" if came is None else decimal_text(came, currency),
        _signed(row.balance, currency),
    ]


def _sides(minor: int) -> tuple[int | None, int | None]:
    """What went out, what came in; None in the other column."""
    return (-minor, None) if minor < 0 else (None, minor)


def _signed(minor: int, currency: str) -> str:
    return f"-{decimal_text(-minor, currency)}" if minor < 0 else decimal_text(minor, currency)


def _against(row: StatementLine) -> str:
    return ", ".join(str(ACCOUNTS[purpose]) for purpose in row.against)


def _moment(moment: datetime) -> str:
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M")
