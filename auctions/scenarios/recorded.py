"""A stored auction read back from its journal: for export, for replay, for the checks."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from auctions import queries
from auctions.journal import admission_refusal, bidder_as_recorded, event_of
from auctions.models import Auction, JournalEntry
from auctions.rules import WITH_TEXT, Bidder, Event, Outcome, Terms
from auctions.rules.decisions import phase
from auctions.sealing.opened import as_opened
from auctions.sealing.queries import opened_bids
from auctions.written.results import result
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace.clock import moment_text
from marketplace.errors import MarketplaceError


class NotEnded(MarketplaceError):
    """The auction is still open: its journal holds what nobody may see yet."""

    status = 409

    def __str__(self) -> str:
        return "has not ended"


class NeverOpened(NotEnded):
    """The auction ended with its bids sealed: nobody knows them, and nobody ever will."""

    def __str__(self) -> str:
        return "ended before its sealed bids were opened"


def never_opened(auction: Auction) -> bool:
    """Whether the auction was cancelled while its bids were sealed, so that their amounts stay unread.

    Where the journal itself holds no amounts there is nothing to keep back.
    """
    state = read_state(auction.state)
    cancelled = state.outcome is Outcome.CANCELLED and not state.concealed
    return cancelled and phase(read_terms(auction.terms), state, auction.opens_at).hidden


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came from outside, in order, without the automatic bids it caused.

    Attributes:
        bidders: by id. Whoever was refused for want of admission stands under one more id with the reason,
            because a scenario fixes admission once and a deposit may arrive between two bids.
        entries: the journal entries of the events, one each; without sealed bids that turned out invalid.
        concealed: the bids are still sealed: the events have stand-ins on which the rules decide alike.
    """

    terms: Terms
    bidders: dict[str, Bidder]
    events: tuple[Event, ...]
    entries: tuple[JournalEntry, ...]
    concealed: bool = False


def recorded(session: Session, auction: Auction) -> Recorded:
    """Read an auction's events back from its journal."""
    priorities = {one.alias: one.priority_order for one in queries.registrations_of(session, auction.id)}
    bidders = {alias: Bidder(alias, priority) for alias, priority in priorities.items()}
    events, entries = [], []
    terms, opened = read_terms(auction.terms), opened_bids(session, auction.id)
    for entry, alias in queries.journal_of(session, auction.id):
        event = as_opened(entry, event_of(entry, alias), opened.get(entry.sequence), terms)
        if entry.caused_by is not None or event is None:
            continue
        refusal = admission_refusal(entry)
        bidder_id = f"{alias} {refusal}" if refusal else alias
        if bidder_id is not None and bidder_id not in bidders:
            bidders[bidder_id] = bidder_as_recorded(bidder_id, priorities.get(alias or ""), refusal)
        events.append(replace(event, bidder=bidder_id))
        entries.append(entry)
    return Recorded(terms, bidders, tuple(events), tuple(entries), auction.state.get("concealed", False))


def as_scenario(session: Session, auction_id: uuid.UUID) -> dict[str, Any]:
    """The ended auction as a scenario file, with everything it must come to.

    Raises:
        NotFound: no such auction.
        NotEnded: it is still open, or its bids were never opened.
    """
    auction = queries.find_auction(session, auction_id)
    if auction.outcome is Outcome.OPEN:
        raise NotEnded
    found = recorded(session, auction)
    if found.concealed or never_opened(auction):
        raise NeverOpened
    return {
        "scenario": f"auction-{auction.id}",
        "about": "Exported from the journal of an auction that has ended.",
        "source": f"journal, last hash {auction.last_hash}",
        "auction": auction.terms,
        "bidders": [_write_bidder(bidder) for bidder in found.bidders.values()],
        "events": [_write_event(event) for event in found.events],
        "expect": {
            "decisions": [entry.decision for entry in found.entries],
            **result(found.terms, read_state(auction.state)),
        },
    }


def _write_bidder(bidder: Bidder) -> dict[str, Any]:
    return {
        "id": bidder.id,
        "priority_order": bidder.priority_order,
        "admitted": bidder.admitted,
        "deposit_held": bidder.deposit_held,
        "barred": bidder.barred or None,
    }


def _write_event(event: Event) -> dict[str, Any]:
    written: dict[str, Any] = {"at": moment_text(event.at), "action": str(event.action)}
    if event.bidder is not None:
        written["bidder"] = event.bidder
    if event.action in WITH_TEXT:
        written["amount"] = event.amount or ""
    return written
