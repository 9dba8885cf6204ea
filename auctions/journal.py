"""The journal's shape: what an entry's hash covers, how the chain is checked, how entries become events."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from auctions.models import JournalEntry
from auctions.rules import ADMISSION_REASONS, Action, Bidder, Event, Reason
from marketplace.canonical import digest
from marketplace.clock import moment_text

# Before the first entry there is no hash to seal.
FIRST_PREVIOUS = ""

AMOUNT_LENGTH = 64


def storable(amount: str | None) -> str | None:
    """The amount as it can be kept: 64 characters at most, none that a database refuses."""
    if amount is None:
        return None
    clean = amount[:AMOUNT_LENGTH].encode("utf-8", "replace").decode("utf-8")
    return clean.replace("\x00", "�")


def covered(entry: JournalEntry, alias: str | None) -> dict[str, Any]:
    """Everything the entry says, the hash before it included: what its hash covers, as a record shows it.

    A sealed bid adds its commitment and the digest of its envelope, an opening the digest of what it opened.
    """
    said: dict[str, Any] = {
        "auction": str(entry.auction_id),
        "sequence": entry.sequence,
        "at": moment_text(entry.at),
        "action": str(entry.action),
        "bidder": alias,
        "amount": entry.amount,
        "amount_minor": entry.amount_minor,
        "decision": entry.decision,
        "caused_by": entry.caused_by,
        "idempotency_key": entry.idempotency_key,
        "previous_hash": entry.previous_hash,
    }
    if entry.commitment is not None:
        said["commitment"] = entry.commitment
    if entry.sealed is not None:
        said["sealed"] = digest(entry.sealed)
    return said


def entry_hash(entry: JournalEntry, alias: str | None) -> str:
    """SHA-256 over what the entry says."""
    return digest(covered(entry, alias))


def chain_faults(entries: Iterable[tuple[JournalEntry, str | None]]) -> list[str]:
    """What is wrong with entries, given with their aliases in order: gaps, changes, decreasing moments."""
    found, previous, moment = [], FIRST_PREVIOUS, None
    for expected, (entry, alias) in enumerate(entries, start=1):
        if entry.sequence != expected:
            found.append(f"entry {expected} is missing, {entry.sequence} stands there")
            break
        if entry.previous_hash != previous or entry.hash != entry_hash(entry, alias):
            found.append(f"entry {expected} does not fit its hash")
        if moment is not None and entry.at < moment:
            found.append(f"entry {expected} is earlier than the one before")
        previous, moment = entry.hash, entry.at
    return found


def admission_refusal(entry: JournalEntry) -> Reason | None:
    """The reason of an entry refused because of who the bidder was at that moment."""
    reasons = {f"refused:{reason}": reason for reason in ADMISSION_REASONS}
    return reasons.get(entry.decision)


def bidder_as_recorded(bidder_id: str, priority_order: int | None, refusal: Reason | None) -> Bidder:
    """A bidder of whom admission says what the journal says it said."""
    return Bidder(
        id=bidder_id,
        priority_order=priority_order,
        admitted=refusal is not Reason.NOT_ADMITTED,
        barred="as recorded" if refusal is Reason.BARRED else "",
        deposit_held=refusal is not Reason.NO_DEPOSIT,
        headroom=0 if refusal is Reason.OVER_LIMIT else None,
    )


def event_of(entry: JournalEntry, bidder_id: str | None) -> Event:
    """The event an entry records."""
    return Event(entry.at, entry.action, bidder_id, entry.amount)


def causes(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The entries that came from outside: without the automatic bids they caused."""
    return [entry for entry in entries if entry.caused_by is None]


def is_public(action: Action, decision: str) -> bool:
    """Whether everybody may see the entry: an accepted bid, by hand or automatic, but never a maximum."""
    return action is Action.BID and decision == "accepted"


def first_moment(last_event_at: datetime | None, now: datetime) -> datetime:
    """The moment of the next entry: a clock that steps back stands still."""
    return now if last_event_at is None else max(now, last_event_at)
