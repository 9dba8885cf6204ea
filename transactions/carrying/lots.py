"""What is published of a lot itself: its rights, as they stand on the day, and its terms."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from statistics import median_low
from typing import Any

from marketplace.clock import LOCAL_ZONE
from marketplace.listings.models import Lot
from marketplace.rights.models import Right
from marketplace.rights.particulars import events_in_order
from marketplace.rights.rules import PATENTS
from transactions.rules import publishing
from transactions.rules.words import Channel, TaxBearer, asset_type_of

_CLASSES_LIMIT = 20
_COURT_PACK = "cn-court"


def channel_of(auction_format: str) -> Channel:
    """The channel of an auction format of this marketplace."""
    return Channel(f"auction_{auction_format}")


def day_of(moment: datetime) -> date:
    """The calendar day where the sale takes place."""
    return moment.astimezone(LOCAL_ZONE).date()


def facts_of_lot(lot: Lot, day: date) -> dict[str, Any]:
    """What is published of the lot itself: its rights, as they stand on that day, and its terms."""
    return _of_rights(lot.rights, day) | {
        "title": lot.title,
        "country": _country(lot),
        "rule_pack": lot.rule_pack,
        "rule_pack_version": lot.rule_pack_version,
        "forced": lot.default_case_id is not None or lot.rule_pack == _COURT_PACK,
        "reference_price_basis": lot.reference_price_basis.value if lot.reference_price_basis else "",
        "tax_bearer": TaxBearer(lot.tax_bearer.value),
        "consent_tier": lot.consent_tier,
    }


def _of_rights(rights: Sequence[Right], day: date) -> dict[str, Any]:
    fields = [right.technology_field for right in rights if right.technology_field]
    lives = [publishing.whole_months(day, right.expires_on) for right in rights if right.expires_on]
    filed = [right.filed_on for right in rights if right.filed_on]
    classes = dict.fromkeys(right.classes[0] for right in rights if right.classes)
    return {
        "asset_type": asset_type_of([right.right_type for right in rights]),
        "number_of_rights": sum(right.registrations for right in rights) or None,
        "number_of_families": _families(rights),
        "technology_field": _most_common(fields),
        "technology_fields": tuple(sorted(set(fields))),
        "classes": tuple(classes)[:_CLASSES_LIMIT],
        "filed_on": min(filed, default=None),
        "age_months": _middle(publishing.whole_months(start, day) for start in filed),
        "remaining_life_months": _middle(lives),
        "family_size": _middle(right.family_size for right in rights),
        "claims": _middle(right.claims for right in rights),
        "forward_citations": _middle(right.forward_citations for right in rights),
        "evidence_of_use": _in_use([right.evidence_of_use for right in rights]),
        "legal_events": tuple(
            str(event) for event in events_in_order(e for right in rights for e in right.all_legal_events)
        ),
    }


def _families(rights: Sequence[Right]) -> int | None:
    """Families among the rights, one without a name counting as its own; None where none has one."""
    named = {right.family for right in rights if right.family}
    return len(named) + sum(not right.family for right in rights) if named else None


def _middle(values: Iterable[int | None]) -> int | None:
    """The lower median of what is known; None of nothing."""
    known = [value for value in values if value is not None]
    return median_low(known) if known else None


def _in_use(looked: Sequence[bool | None]) -> bool | None:
    """Whether one of the rights is known to be practised; None where nobody looked at any."""
    known = [value for value in looked if value is not None]
    return any(known) if known else None


def _most_common(fields: list[int]) -> int | None:
    counts = Counter(fields)
    return min(counts, key=lambda field: (-counts[field], field), default=None)


def _country(lot: Lot) -> str:
    """Of a patent the office's code before its number; other registers write none: that of the seller."""
    right = lot.rights[0] if lot.rights else None
    code = right.number[:2] if right and right.right_type in PATENTS else ""
    return code if code.isascii() and code.isalpha() else lot.institution.country
