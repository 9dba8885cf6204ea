"""A proposal as it is stored, and read again for the approval: its digest, its terms as JSON."""

import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from auctions.procedure.models import StepDecision
from auctions.procedure.rules import AttemptTerms, Proposal
from marketplace.canonical import digest
from marketplace.clock import moment_text, parse_moment


def content_hash(lot_id: uuid.UUID, values: dict[str, Any]) -> str:
    """What the second person approves: the step with every amount, date and document."""
    names = ("kind", "terms", "price_minor", "cost_minor", "cost_payee", "document", "reason")
    said = {name: values.get(name) for name in names} | {"kind": str(values["kind"])}
    return digest(said | {"lot": str(lot_id), "after": str(values.get("after_id"))})


def written(proposal: Proposal) -> dict[str, Any]:
    """What a proposal says beyond its columns, as JSON."""
    if proposal.attempt is not None:
        plain = asdict(proposal.attempt)
        moments = {name: moment_text(plain[name]) for name in ("opens_at", "closes_at")}
        return plain | moments
    if proposal.paid_on is not None:
        return {"paid_on": proposal.paid_on.isoformat()}
    return {"third_parties_checked": True} if proposal.third_parties_checked else {}


def read_proposal(row: StepDecision) -> Proposal:
    """A stored proposal as it was made."""
    terms = dict(row.terms)
    attempt = None
    if "start_price_minor" in terms:
        moments = {name: parse_moment(terms[name]) for name in ("opens_at", "closes_at")}
        attempt = AttemptTerms(**terms | moments)
    paid_on = terms.get("paid_on")
    return Proposal(
        kind=row.kind,
        reason=row.reason,
        attempt=attempt,
        price_minor=row.price_minor,
        cost_minor=row.cost_minor,
        cost_payee=row.cost_payee,
        document=row.document,
        paid_on=datetime.fromisoformat(paid_on).date() if paid_on else None,
        third_parties_checked=bool(terms.get("third_parties_checked")),
    )
