"""Records as other programs read them: flat rows of text for tables, the same as JSON."""

from collections.abc import Mapping, Sequence

from marketplace.clock import moment_text
from marketplace.money import decimal_text
from marketplace.spreadsheets import csv_text
from transactions.disclosure.rules import NEVER, Shown
from transactions.models import TransactionRecord

_PLAIN = (
    "outcome", "asset_type", "right_sold", "number_of_rights", "technology_field", "country",
    "remaining_life_months", "channel", "rule_pack", "rule_pack_version", "attempt", "seller_kind",
    "reference_price_basis", "bidders", "bids", "currency", "date_precision", "proof_grade",
    "record_version", "consent_tier", "release_on", "number_of_families", "family_size", "claims",
    "forward_citations", "age_months", "region", "payment_terms", "tax_bearer", "base_currency",
    "rate_to_base", "previous", "licence_kind", "royalty_basis_points", "licence_months",
)  # fmt: skip
_AMOUNTS = (
    "reference_price", "start_price", "deposit", "top_bid", "price", "buyer_premium", "entry_fee",
)  # fmt: skip
_TEXTS = (
    "title", "price_basis", "exclusion_reason", "evidence", "evidence_url", "correction_reason",
    "royalty_base", "territory",
)  # fmt: skip
_FLAGS = ("forced", "arms_length", "usable", "related_party")


def row_of(record: TransactionRecord, view: Shown) -> dict[str, str]:
    """What the reader of `view` may see of a record; amounts as decimals, empty where not known or told.

    The salt, from which those of all fields are made, goes only with a record of which everything is shown.
    """
    facts = view.facts
    row = {"id": str(record.id), "date": _text(facts.sold_on)}
    row |= {name: _text(getattr(facts, name)) for name in _PLAIN}
    for name in _AMOUNTS:
        minor = getattr(facts, f"{name}_minor")
        row[name] = "" if minor is None else decimal_text(minor, facts.currency)
    row |= {name: "yes" if getattr(facts, name) else "no" for name in _FLAGS}
    row |= {name: getattr(facts, name) for name in _TEXTS}
    return row | {
        "classes": ";".join(facts.classes),
        "technology_fields": ";".join(str(field) for field in facts.technology_fields),
        "filed_on": _text(facts.filed_on),
        "legal_events": ";".join(facts.legal_events),
        "evidence_of_use": {None: "", True: "yes", False: "no"}[facts.evidence_of_use],
        "corrects": _text(facts.corrects),
        "source_marketplace": facts.source_marketplace,
        "source_kind": facts.source_kind,
        "source_id": facts.source_id,
        "recorded_at": moment_text(record.recorded_at),
        "leaf_index": str(record.leaf_index),
        "leaf_hash": record.leaf_hash,
        "salt": record.salt if view.withheld <= NEVER else "",
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)


def csv_of(rows: Sequence[Mapping[str, str]]) -> str:
    """A table with a heading; a text that a spreadsheet would run as a formula gets an apostrophe."""
    return csv_text(list(rows[0]), rows) if rows else ""
