"""Writing the journal: every event gets its entry, sealed and signed; the auction's row follows."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from auctions import queries
from auctions.entrants import Owner, entrant_by_alias
from auctions.journal import FIRST_PREVIOUS, entry_hash
from auctions.models import Auction, JournalEntry, Registration
from auctions.receipts import sign, signing_key
from auctions.rules import Action, Decision, Event, Outcome, State
from auctions.rules.decisions import due_at
from auctions.sealing.door import put_amount
from auctions.sealing.rules import conceal
from auctions.written.state_json import write_state
from auctions.written.terms import read_terms
from marketplace.money import decimal_text

_COLUMNS = tuple(JournalEntry.__table__.columns.keys())
_INSERT = insert(JournalEntry.__table__)  # type: ignore[arg-type]


def record(
    session: Session,
    auction: Auction,
    event: Event,
    decision: Decision,
    registration: Registration | None = None,
    *,
    key: str | None = None,
    salt: str | None = None,
) -> JournalEntry:
    """Add the event with its decision, then the automatic bids it caused; returns the event's own entry.

    The auction's row must be locked: the sequence and the chain continue from it. Where bids are sealed the
    amount is sealed here, with the bidder's `salt` or one made for it.
    """
    owners: dict[str, Owner] = {} if registration is None else {registration.alias: registration}
    entries = enter(session, auction, event, decision, owners, key=key, salt=salt)
    session.add_all(entries)
    if decision.reason is None:
        follow(session, auction, decision.state, owners)
    return entries[0]


def enter(
    session: Session,
    auction: Auction,
    event: Event,
    decision: Decision,
    owners: dict[str, Owner],
    *,
    key: str | None = None,
    salt: str | None = None,
) -> list[JournalEntry]:
    """The same entries, not written yet, and without the state.

    Whoever decides several events in one transaction writes them together and lets the state `follow` once.
    `owners` are bidders by alias: the event's must be among them, those of automatic bids are added.
    """
    entry = JournalEntry(action=event.action, decision=str(decision), idempotency_key=key)
    put_amount(session, auction, entry, event, decision, salt=salt)
    chain(auction, entry, event.at, None if event.bidder is None else owners[event.bidder])
    entries = [entry]
    for bid in decision.automatic:
        if bid.bidder not in owners:
            owners[bid.bidder] = entrant_by_alias(session, auction.id, bid.bidder)
        automatic = JournalEntry(
            action=Action.BID,
            amount=decimal_text(bid.amount, auction.currency),
            amount_minor=bid.amount,
            decision=queries.ACCEPTED,
            caused_by=entry.sequence,
        )
        chain(auction, automatic, event.at, owners[bid.bidder])
        entries.append(automatic)
    return entries


def chain(auction: Auction, entry: JournalEntry, at: datetime, owner: Owner | None = None) -> None:
    """Number, chain and sign the entry. The auction's row must be locked."""
    entry.id = uuid.uuid4()
    entry.auction_id = auction.id
    entry.sequence = auction.sequence + 1
    entry.at = at
    entry.registration_id = owner.id if owner else None
    entry.previous_hash = auction.last_hash or FIRST_PREVIOUS
    entry.hash = entry_hash(entry, owner.alias if owner else None)
    entry.receipt = sign(signing_key(), entry.hash)
    auction.sequence, auction.last_hash, auction.last_event_at = entry.sequence, entry.hash, at


def write_together(session: Session, entries: Sequence[JournalEntry]) -> None:
    """Write chained entries by one statement; they stay outside the session, for any thread to read."""
    if not entries:
        return
    rows = [{name: getattr(entry, name) for name in _COLUMNS} for entry in entries]
    # Past the session, so that the auction's row is written once, when all that follows is known.
    session.connection().execute(_INSERT, rows if len(rows) > 1 else rows[0])


def follow(
    session: Session, auction: Auction, state: State, known: Mapping[str, Owner] | None = None
) -> None:
    """Keep the state, and its copies in columns; `known` spares a look-up of the leader by its alias."""
    if state.leader is None:
        auction.leader_id = None
    elif state.leader != auction.state.get("leader") or auction.leader_id is None:
        leader = (known or {}).get(state.leader)
        auction.leader_id = (leader or entrant_by_alias(session, auction.id, state.leader)).id
    auction.state = write_state(conceal(state))
    auction.outcome = state.outcome
    auction.awaits_opening = auction.awaits_opening and state.outcome is Outcome.OPEN
    auction.suspended = state.suspended_at is not None
    auction.closes_at = state.closes_at
    auction.due_at = due_at(read_terms(auction.terms), state)
    auction.price_minor = state.price
    auction.bid_count = state.bids
