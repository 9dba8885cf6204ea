"""A field of a record as somebody writes it: parsed by what the field is, and written again. Pure."""

import re
import uuid
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, Final

from marketplace.errors import Refused
from marketplace.money import MalformedAmount, decimal_text, parse_minor
from transactions.rules.corrections import CORRECTABLE
from transactions.rules.facts import Reason
from transactions.rules.words import (
    DatePrecision,
    LegalEvent,
    LicenceKind,
    PaymentTerms,
    ProofGrade,
    RightSold,
    SaleOutcome,
    TaxBearer,
)

WORDS: Mapping[str, type[StrEnum]] = {
    "outcome": SaleOutcome,
    "right_sold": RightSold,
    "proof_grade": ProofGrade,
    "payment_terms": PaymentTerms,
    "tax_bearer": TaxBearer,
    "licence_kind": LicenceKind,
    "date_precision": DatePrecision,
}
DATES: Final = frozenset({"sold_on", "filed_on"})
FLAGS: Final = frozenset({"forced", "arms_length", "usable", "related_party"})
# Characters a text may have: as the column holds.
TEXTS: Mapping[str, int] = {
    "price_basis": 200,
    "reference_price_basis": 32,
    "exclusion_reason": 300,
    "evidence": 2000,
    "evidence_url": 500,
    "royalty_base": 100,
    "territory": 100,
    "region": 6,
    "base_currency": 3,
    "rate_to_base": 30,
}
AMOUNTS: Final = frozenset(name for name in CORRECTABLE if name.endswith("_minor"))
_NOTHING: Final = frozenset({"", "none"})
_WHOLE: Final = re.compile(r"[0-9]{1,9}")


def field_of(name: str) -> str:
    """The field that a name means; an amount may be named without its unit, as the published table does.

    Raises:
        Refused: no such field, or none that may be corrected.
    """
    for field in (name, f"{name}_minor"):
        if field in CORRECTABLE:
            return field
    raise Refused(Reason.NOT_CORRECTABLE, field=name[:60], name=name[:60])


def read_value(field: str, text: str, currency: str) -> Any:
    """The value of a field of `CORRECTABLE`; nothing, or `none`, where nothing is known.

    Amounts are decimals of the currency, dates ISO 8601, lists have `;` between, flags are yes or no.

    Raises:
        Refused: naming the field.
    """
    text = text.strip()
    if field in TEXTS:
        if len(text) > TEXTS[field]:
            raise Refused(Reason.TEXT_TOO_LONG, field=field, most=TEXTS[field])
        return text
    if field == "legal_events":
        return tuple(part.strip() for part in text.split(";") if part.strip())
    if text in _NOTHING and field not in WORDS and field not in FLAGS:
        return None
    if choices_of(field):
        return _chosen(field, text)
    try:
        return _number_or_date(field, text, currency)
    except (ValueError, MalformedAmount):
        raise Refused(Reason.NOT_READ, field=field, text=text[:60]) from None


def _chosen(field: str, text: str) -> Any:
    if field not in WORDS:
        choices: dict[str, Any] = {"yes": True, "no": False}
    else:
        choices = {word.value or "none": word for word in WORDS[field]}
        text = text or "none"
    if text not in choices:
        raise Refused(Reason.NOT_READ, field=field, text=text[:60])
    return choices[text]


def _number_or_date(field: str, text: str, currency: str) -> Any:
    if field in AMOUNTS:
        return parse_minor(text, currency)
    if field in DATES:
        return date.fromisoformat(text)
    if field == "previous":
        return uuid.UUID(text)
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def write_value(field: str, value: Any, currency: str) -> str:
    """As `read_value` reads it again."""
    if value is None:
        return ""
    if field in AMOUNTS:
        return decimal_text(value, currency)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value)
    return str(value)


def choices_of(field: str) -> tuple[str, ...]:
    """The words a field may have, for whoever chooses; empty where it is written freely."""
    if field in FLAGS or field == "evidence_of_use":
        return ("yes", "no")
    if field == "legal_events":
        return tuple(event.value for event in LegalEvent)
    return tuple(word.value or "none" for word in WORDS[field]) if field in WORDS else ()
