"""One entry of the journal as a record writes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auctions.rules import BIDDING, CONTROL, Action
from auctions.written.reading import Fields, read_moment

# What an entry's hash covers, besides the auction; and the hash and receipt themselves.
COVERED = (
    "sequence",
    "at",
    "action",
    "bidder",
    "amount",
    "amount_minor",
    "decision",
    "caused_by",
    "idempotency_key",
    "previous_hash",
)
# What only some entries have: a sealed bid's commitment, and the digest of its envelope or of an opening.
OPTIONAL = ("commitment", "sealed")
REQUIRED = (*COVERED, "hash", "receipt")

MOST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal.

    Attributes:
        raw: what stands in the file, which is what the hash covers.
        commitment: of a sealed bid, the salted hash of its amount; of an opening, the digest of all opened.
        sealed: of a sealed bid, the digest of its envelope.
    """

    raw: Mapping[str, Any]
    sequence: int
    at: datetime
    action: Action
    bidder: str | None
    amount: str | None
    amount_minor: int | None
    decision: str
    caused_by: int | None
    previous_hash: str
    hash: str
    receipt: str
    commitment: str | None = None
    sealed: str | None = None


def read_entry(raw: Any, path: str, known: Mapping[str, Any]) -> Entry:
    """Read an entry; `known` are the aliases of the bidders. Raises Malformed."""
    fields = Fields(raw, path, (*REQUIRED, *OPTIONAL))
    missing = [name for name in REQUIRED if name not in fields.raw]
    if missing:
        raise fields.fail(missing[0], "is missing")
    action = fields.member("action", Action)
    bidder = fields.optional_text("bidder", 64)
    if bidder is not None and bidder not in known:
        raise fields.fail("bidder", f"{bidder!r} is not among the bidders")
    if (action in BIDDING and bidder is None) or (action in CONTROL and bidder is not None):
        raise fields.fail("bidder", f"does not go with {action}")
    for name in ("idempotency_key", *OPTIONAL):
        fields.optional_text(name, 200)
    return Entry(
        raw=fields.raw,
        sequence=fields.whole("sequence", None, 0, MOST_INTEGER) or 0,
        at=read_moment(fields.required("at"), fields.at("at")),
        action=action,
        bidder=bidder,
        amount=fields.optional_text("amount", 64),
        amount_minor=fields.whole("amount_minor", None, 0, MOST_INTEGER),
        decision=fields.text("decision", 40),
        caused_by=fields.whole("caused_by", None, 1, MOST_INTEGER),
        previous_hash=fields.optional_text("previous_hash", 64) or "",
        hash=fields.text("hash", 64),
        receipt=fields.text("receipt", 120),
        commitment=fields.optional_text("commitment", 200),
        sealed=fields.optional_text("sealed", 200),
    )
