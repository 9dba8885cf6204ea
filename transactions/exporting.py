"""Records as other programs read them: flat rows of text for tables, the same as JSON."""

import csv
from collections.abc import Iterable
from io import StringIO

from marketplace.clock import moment_text
from marketplace.money import decimal_text
from transactions.models import TransactionRecord

_PLAIN = (
    "outcome", "asset_type", "right_sold", "number_of_rights", "technology_field", "country",
    "remaining_life_months", "channel", "rule_pack", "rule_pack_version", "attempt", "seller_kind",
    "reference_price_basis", "bidders", "bids", "currency", "date_precision", "proof_grade",
)  # fmt: skip
_AMOUNTS = ("reference_price", "start_price", "deposit", "top_bid", "price")
_TEXTS = ("title", "price_basis", "exclusion_reason", "evidence", "evidence_url", "correction_reason")
_FLAGS = ("forced", "arms_length", "usable")

# A spreadsheet runs a cell that begins like this as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def row_of(record: TransactionRecord) -> dict[str, str]:
    """Everything published of a record; amounts as decimals, empty for what is not known."""
    row = {"id": str(record.id), "date": _text(record.sold_on)}
    row |= {name: _text(getattr(record, name)) for name in _PLAIN}
    for name in _AMOUNTS:
        minor = getattr(record, f"{name}_minor")
        row[name] = "" if minor is None else decimal_text(minor, record.currency)
    row |= {name: "yes" if getattr(record, name) else "no" for name in _FLAGS}
    row |= {name: getattr(record, name) for name in _TEXTS}
    return row | {
        "classes": ";".join(record.classes),
        "technology_fields": ";".join(str(field) for field in record.technology_fields),
        "filed_on": _text(record.filed_on),
        "corrects": _text(record.corrects),
        "source_marketplace": record.source_marketplace,
        "source_kind": record.source_kind,
        "source_id": record.source_id,
        "recorded_at": moment_text(record.recorded_at),
        "leaf_index": str(record.leaf_index),
        "leaf_hash": record.leaf_hash,
        "salt": record.salt,
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)


def csv_of(records: Iterable[TransactionRecord]) -> str:
    """A table with a heading; a text that a spreadsheet would run as a formula gets an apostrophe."""
    rows = [row_of(record) for record in records]
    table = StringIO(newline="")
    if rows:
        writer = csv.DictWriter(table, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _harmless(text) for name, text in row.items()} for row in rows)
    return table.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
