"""What `flask auctions verify-record` says of a file."""

from collections.abc import Collection
from typing import Any

from auctions.record.checks import CHECKS, Case, Check
from auctions.record.form import Record

# So many places are named; more would hide the first.
MOST_PLACES = 20


def verify(record: Record, trusted: Collection[str] = ()) -> dict[str, Any]:
    """Every check with its answer, as JSON values.

    Args:
        record: what was read from the file.
        trusted: fingerprints of keys that the reader trusts; without any, the keys in the record are only
            shown, for the reader to compare with those that the marketplace publishes.
    """
    case = Case(record, trusted)
    answers = [_answer(case, name, check) for name, check in CHECKS]
    return {
        "record": record.auction_id,
        "ok": all(answer["ok"] for answer in answers),
        "entries": len(record.entries),
        "last_hash": record.raw["last_hash"],
        "keys": list(record.keys),
        "keys_compared": bool(trusted),
        "checks": answers,
    }


def _answer(case: Case, name: str, check: Check) -> dict[str, Any]:
    places = []
    for difference in check(case):
        places.append({"at": difference.at, "reason": difference.reason})
        if len(places) == MOST_PLACES:
            break
    return {"name": name, "ok": not places, "where": places}
