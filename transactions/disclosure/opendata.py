"""The public tier as open data: every line can be checked against its leaf in the log by anybody."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.canonical import canonical_bytes
from marketplace.clock import moment_text
from marketplace.spreadsheets import csv_text
from transactions import queries as records
from transactions.disclosure.meanings import MEANINGS
from transactions.disclosure.queries import released_on
from transactions.disclosure.rules import ANYBODY, NEVER, shown
from transactions.log.commitments import commitment, field_salt, plain
from transactions.log.tree import leaf_hash
from transactions.models import TransactionRecord
from transactions.rules.facts import FACT_NAMES
from transactions.rules.words import ConsentTier

# Of one answer; the next begins after the last leaf index of this one.
LINES_LIMIT: Final = 20_000

LICENCE: Final = "CC-BY-4.0"

_AT_ONCE = 1000
_NAMES: Final = tuple(name for name in FACT_NAMES if name not in NEVER)


Line = dict[str, Any]


def lines(session: Session, on: date, *, after: int = -1, limit: int = LINES_LIMIT) -> Iterator[Line]:
    """Public records in the order of the log, corrected ones and their corrections too.

    Args:
        session: reads the bind `transactions`.
        on: the day; records that are released later are left out.
        after: the leaf index after which to begin.
        limit: how many at most.
    """
    record = TransactionRecord
    query = (
        select(record)
        .where(record.consent_tier == ConsentTier.PUBLIC, released_on(on), record.leaf_index > after)
        .order_by(record.leaf_index)
        .limit(min(limit, LINES_LIMIT))
        .execution_options(yield_per=_AT_ONCE)
    )
    for found in session.scalars(query):
        line = _line(found, on)
        if line is not None:
            yield line


def _line(record: TransactionRecord, on: date) -> Line | None:
    facts = record.facts()
    view = shown(facts, ANYBODY, on)
    if view is None or not view.withheld <= NEVER:
        return None
    salts = {name: field_salt(record.salt, name) for name in sorted(NEVER)}
    kept_back = {name: commitment(salt, getattr(facts, name)) for name, salt in salts.items()}
    return {
        "id": str(record.id),
        "recorded_at": moment_text(record.recorded_at),
        "leaf_index": record.leaf_index,
        "leaf_hash": record.leaf_hash,
        "salt": record.salt,
        "kept_back": kept_back if facts.record_version else {},
        "record": {name: plain(getattr(view.facts, name)) for name in _NAMES},
    }


def is_sealed(line: Mapping[str, Any]) -> bool:
    """Whether a line is what its leaf seals; False where anything in it was changed.

    Only with commitments (record version 1 and later) can a line be checked without the field kept back.
    """
    record, salt = line["record"], line["salt"]
    try:
        commitments = {name: commitment(field_salt(salt, name), value) for name, value in record.items()}
        sealed = canonical_bytes(
            {
                "id": line["id"],
                "recorded_at": line["recorded_at"],
                "record_version": record["record_version"],
                "commitments": commitments | dict(line["kept_back"]),
            }
        )
    except (KeyError, TypeError, ValueError):
        return False
    return leaf_hash(sealed).hex() == str(line["leaf_hash"])


def csv_of(found: Iterator[dict[str, Any]]) -> str:
    """The same as a table; lists joined by semicolons, nothing as an empty cell, amounts in minor units."""
    rows = [
        {name: _cell(line[name]) for name in ("id", "recorded_at", "leaf_index", "leaf_hash", "salt")}
        | {name: _cell(line["record"][name]) for name in _NAMES}
        for line in found
    ]
    head = ["id", "recorded_at", "leaf_index", "leaf_hash", "salt", *_NAMES]
    return csv_text(head, rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ";".join(str(part) for part in value) if isinstance(value, list) else str(value)


def description(session: Session) -> dict[str, Any]:
    """What the files are: licence, fields with their meaning, how to check a line, the latest checkpoint."""
    point = records.latest_checkpoint(session)
    return {
        "title": "Public sales of intellectual property recorded by this marketplace and its contributors",
        "licence": LICENCE,
        "licence_note": "Name the source, the day and the tree size; reports name their own in `evidence`.",
        "lines_limit": LINES_LIMIT,
        "next": "Ask again with after = the last leaf_index until a file is empty.",
        "checking": (
            "commitment = SHA-256(HMAC-SHA-256(salt, field name) || canonical JSON of the value); leaf_hash "
            "= SHA-256(0x00 || canonical JSON of id, recorded_at, record_version, commitments); those of "
            "`kept_back` are given. The proof of a record leads from its leaf to the signed checkpoint."
        ),
        "checkpoint": None
        if point is None
        else {
            "tree_size": point.tree_size,
            "root": point.root,
            "at": moment_text(point.at),
            "signer": point.signer,
            "public_key": point.public_key,
            "signature": point.signature,
        },
        "fields": {name: MEANINGS[name] for name in _NAMES},
    }
