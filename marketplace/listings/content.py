"""What exactly is approved when a lot is approved: everything a buyer relies on, as one hash."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from marketplace.canonical import digest
from marketplace.clock import moment_text
from marketplace.listings.models import Lot
from marketplace.listings.queries import TERM_COLUMNS
from marketplace.rights.models import Right


def content_of(lot: Lot) -> dict[str, Any]:
    """Terms, rules, rights with their encumbrances, and the case: JSON values only."""
    case = lot.default_case
    return {
        "terms": {name: _plain(getattr(lot, name)) for name in TERM_COLUMNS},
        "rule_pack_version": lot.rule_pack_version,
        "rights": [_right(right) for right in sorted(lot.rights, key=lambda right: right.number)],
        "case": {"reference": case.reference, "outstanding_minor": case.outstanding_minor} if case else None,
    }


def content_hash(lot: Lot) -> str:
    """SHA-256 of the content, 64 hexadecimal digits."""
    return digest(content_of(lot))


def _right(right: Right) -> dict[str, Any]:
    names = ("right_type", "number", "title", "applicant", "classes", "filed_on", "granted_on", "expires_on")
    return {name: _plain(getattr(right, name)) for name in names} | {
        "encumbrances": [
            [
                str(found.kind),
                found.holder,
                found.registration_number,
                _plain(found.registered_on),
                found.rank,
                found.claim_minor,
                found.currency,
            ]
            for found in right.encumbrances
        ]
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value
