"""The results of a batch as CSV and XLSX: every row with its value, or the reason why it has none."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from marketplace.money import decimal_text
from marketplace.spreadsheets import csv_text
from transactions.valuations import texts
from transactions.valuations.models import ValuationRow
from transactions.valuations.rules.watching import loan_to_value

# Names that programs read; the first of each row's columns.
COLUMNS = (
    "row", "reference", "title", "status", "currency", "value", "low_80", "high_80", "low_50", "high_50",
    "grade", "basis", "approach", "claim", "loan_to_value_percent", "valuation", "digest", "column", "reason",
)  # fmt: skip
_NUMBERS = frozenset({"value", "low_80", "high_80", "low_50", "high_50", "claim", "loan_to_value_percent"})


def csv_of(rows: Sequence[ValuationRow]) -> str:
    """A table for programs; amounts are plain decimals."""
    return csv_text(COLUMNS, (_cells(row) for row in rows))


def xlsx_of(rows: Sequence[ValuationRow], title: str) -> bytes:
    """The same as a workbook, whose amounts are numbers; no cell is ever a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([_cell(sheet, name, text) for name, text in _cells(row).items()])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Any, name: str, text: str) -> Any:
    if name in _NUMBERS:
        return Decimal(text) if text else None
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    return cell


def _cells(row: ValuationRow) -> dict[str, str]:
    found = dict.fromkeys(COLUMNS, "")
    found |= {
        "row": str(row.number),
        "reference": row.reference,
        "title": str(row.cells.get("title", "")),
        "status": row.status.value,
        "column": row.column,
        "reason": texts.row_reason(row.reason, row.details) if row.reason else "",
    }
    kept = row.valuation
    if kept is None:
        return found
    amounts = {
        "value": kept.value_minor,
        "low_80": kept.low_80_minor,
        "high_80": kept.high_80_minor,
        "low_50": kept.low_50_minor,
        "high_50": kept.high_50_minor,
        "claim": kept.claim_minor,
    }
    share = loan_to_value(kept.claim_minor, kept.value_minor)
    found |= {
        name: "" if minor is None else decimal_text(minor, kept.currency) for name, minor in amounts.items()
    }
    return found | {
        "title": kept.title,
        "currency": kept.currency,
        "grade": kept.grade.value,
        "basis": kept.basis.value,
        "approach": kept.approach.value,
        "loan_to_value_percent": "" if share is None else f"{Decimal(share) / 100:.2f}",
        "valuation": str(kept.id),
        "digest": kept.digest,
        "reason": "" if kept.value_minor is not None else gettext("Not enough evidence for a value."),
    }
