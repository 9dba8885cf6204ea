"""What a correction of a record may change, and the record that comes of it."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marketplace.errors import Conflict, Refused
from transactions.rules.checks import check_facts
from transactions.rules.facts import Reason, SaleFacts

# What a correction may change. Where a record comes from, what it is called and how much its parties let
# others see stays what it was.
CORRECTABLE = frozenset(
    {
        "outcome", "right_sold", "proof_grade", "payment_terms", "tax_bearer", "licence_kind",
        "date_precision", "sold_on", "filed_on",
        "number_of_rights", "number_of_families", "technology_field", "family_size", "claims",
        "forward_citations", "age_months", "remaining_life_months", "attempt", "bidders", "bids",
        "royalty_basis_points", "licence_months",
        "price_minor", "buyer_premium_minor", "reference_price_minor", "start_price_minor", "deposit_minor",
        "top_bid_minor", "entry_fee_minor",
        "forced", "arms_length", "usable", "related_party", "evidence_of_use",
        "legal_events", "previous", "region", "base_currency", "rate_to_base",
        "price_basis", "reference_price_basis", "exclusion_reason", "evidence", "evidence_url",
        "royalty_base", "territory",
    }
)  # fmt: skip


def corrected(
    record_id: uuid.UUID, facts: SaleFacts, changes: Mapping[str, Any], reason: str, *, already: bool
) -> SaleFacts:
    """The facts of the record that replaces `record_id`.

    Raises:
        Conflict: when the record has been corrected already; correct the newer one.
        Refused: without a reason, without a change, or when the new facts do not agree with each other.
    """
    if already:
        raise Conflict(Reason.ALREADY_CORRECTED)
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, field="reason")
    unknown = set(changes) - CORRECTABLE
    if unknown:
        raise ValueError(f"not to be corrected: {sorted(unknown)}")
    new = replace(facts, **changes)
    if new == facts:
        raise Refused(Reason.NOTHING_CHANGED)
    new = replace(
        new,
        source_kind="correction",
        source_id=str(record_id),
        corrects=record_id,
        correction_reason=reason.strip(),
    )
    check_facts(new)
    return new
