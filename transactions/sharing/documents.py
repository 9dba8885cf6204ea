"""Rows as the JSON that the schemas describe."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.clock import moment_text
from marketplace.web import refusal_text
from transactions.disclosure.rules import NEVER, Shown
from transactions.log import proofs
from transactions.log.commitments import plain
from transactions.models import TransactionRecord
from transactions.rules.facts import FACT_NAMES
from transactions.rules.words import SaleOutcome
from transactions.sharing.models import Contributor, ContributorKey
from transactions.sharing.service.reading import PoolPage, Seen
from transactions.sharing.service.submitting import Result, receipt_of


def record_as_json(view: Shown) -> dict[str, Any]:
    """The fields that the reader sees; what is kept back is left out."""
    hidden = view.withheld | NEVER
    return {name: plain(getattr(view.facts, name)) for name in FACT_NAMES if name not in hidden}


def entry_as_json(seen: Seen) -> dict[str, Any]:
    """An entry of the feed: the record as far as it is seen, or its commitment alone."""
    record, view = seen.record, seen.view
    place = {"offset": record.leaf_index, "leaf_hash": record.leaf_hash}
    if view is None:
        return place | {"change": "withheld", "why": seen.why}
    return place | {
        "change": _change(record),
        "id": str(record.id),
        "recorded_at": moment_text(record.recorded_at),
        "record": record_as_json(view),
        "withheld": sorted(view.withheld - NEVER),
        "coarse": sorted(view.coarse),
        "quarter": view.quarter,
        "own": seen.own,
    }


def pool_as_json(page: PoolPage) -> dict[str, Any]:
    """A page of the pool. No id, no place in the log, no moment: only what the view itself tells."""
    entries = [
        {
            "record": record_as_json(view),
            "withheld": sorted(view.withheld - NEVER),
            "coarse": sorted(view.coarse),
            "quarter": view.quarter,
        }
        for view in page.views
    ]
    return {
        "page": page.page,
        "pages": page.pages,
        "kept_back": page.kept_back,
        "left": page.left,
        "entries": entries,
    }


def _change(record: TransactionRecord) -> str:
    if record.corrects is None:
        return "recorded"
    return "reversed" if record.outcome is SaleOutcome.REVERSED else "corrected"


def result_as_json(place: int, result: Result) -> dict[str, Any]:
    """A line of the answer to a submission."""
    line: dict[str, Any] = {"line": place, "id": result.own_id}
    if result.refused is None:
        code = 201 if result.status == "accepted" else 200
        return line | {"status": result.status, "code": code, "receipt": receipt_of(result)}
    refused = result.refused
    return line | {
        "status": "refused",
        "code": refused.status,
        "error": refusal_text(refused),
        "reason": str(refused.reason),
        "field": refused.field,
    }


def contributor_as_json(contributor: Contributor, records: int) -> dict[str, Any]:
    """An entry of the register as everybody may read it."""
    return {
        "code": contributor.code,
        "name": contributor.name,
        "kind": str(contributor.kind),
        "country": contributor.country,
        "status": str(contributor.status),
        "admitted_at": contributor.admitted_at and moment_text(contributor.admitted_at),
        "records": records,
        "keys": [_key_as_json(key) for key in contributor.keys],
    }


def _key_as_json(key: ContributorKey) -> dict[str, Any]:
    return {
        "fingerprint": key.fingerprint,
        "public_key": key.public_key,
        "valid_from": moment_text(key.valid_from),
        "valid_until": key.valid_until and moment_text(key.valid_until),
        "revoked_at": key.revoked_at and moment_text(key.revoked_at),
    }


def proof_as_json(session: Session, seen: Seen) -> dict[str, Any]:
    """What shows that the record is in the log and each exact field the one that was sealed."""
    record, view = seen.record, seen.view
    exact = frozenset(FACT_NAMES) - NEVER - (view.withheld | view.coarse if view else frozenset(FACT_NAMES))
    return proofs.as_json(session, record, proofs.of_record(session, record), exact)
