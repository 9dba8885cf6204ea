"""Opening as a computation: every envelope of an auction, its bid or its fault, and the rules' answer."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from auctions.journal import admission_refusal, bidder_as_recorded, event_of
from auctions.models import JournalEntry
from auctions.rules import BIDDING, Action, Event, State, Terms
from auctions.rules.decisions import begin, decide
from auctions.sealing.envelopes import Envelope, SealedBid, Unopenable, commitment_of, open_envelope
from auctions.sealing.models import OpenedBid, OpeningContribution
from auctions.sealing.rules import Fault
from marketplace.canonical import digest
from marketplace.money import MalformedAmount, decimal_text, parse_minor

_SCHEME = "luochui opening 1"


@dataclass(frozen=True, slots=True)
class Result:
    """What an opening gives: a row per envelope, and the state after every event with its amount."""

    bids: list[OpenedBid]
    state: State


def shares_by_entry(contributions: Iterable[OpeningContribution]) -> dict[int, dict[str, bytes]]:
    """What all contributions bring together: per entry, each institution's share."""
    found: dict[int, dict[str, bytes]] = {}
    for one in contributions:
        for sequence, share in one.shares.items():
            found.setdefault(int(sequence), {})[str(one.institution_id)] = base64.b64decode(share)
    return found


def open_all(
    terms: Terms,
    journal: Sequence[tuple[JournalEntry, str | None]],
    priorities: Mapping[str, int | None],
    shares: Mapping[int, Mapping[str, bytes]],
) -> Result:
    """Open every envelope of the journal and play all events again with their amounts."""
    bids = {
        entry.sequence: _open_one(entry, alias or "", shares.get(entry.sequence, {}), terms.currency)
        for entry, alias in journal
        if entry.sealed is not None
    }
    return Result(list(bids.values()), _play(terms, journal, priorities, bids))


def _open_one(entry: JournalEntry, alias: str, shares: Mapping[str, bytes], currency: str) -> OpenedBid:
    opened = OpenedBid(auction_id=entry.auction_id, sequence=entry.sequence)
    envelope = Envelope(entry.commitment or "", entry.sealed or {})
    try:
        bid = open_envelope(envelope, str(entry.auction_id), alias, shares)
    except Unopenable as refused:
        opened.fault = refused.fault
        return opened
    opened.amount, opened.salt, opened.amount_minor = bid.amount, bid.salt, _minor(bid.amount, currency)
    return opened


def _minor(amount: str, currency: str) -> int | None:
    try:
        return parse_minor(amount, currency)
    except MalformedAmount:
        return None


def _play(
    terms: Terms,
    journal: Iterable[tuple[JournalEntry, str | None]],
    priorities: Mapping[str, int | None],
    bids: Mapping[int, OpenedBid],
) -> State:
    """The state by the same rules as ever. A bid on which they now decide otherwise does not count."""
    state = begin(terms)
    for entry, alias in journal:
        opened = bids.get(entry.sequence)
        event = as_opened(entry, event_of(entry, alias), opened, terms)
        if event is None or entry.caused_by is not None:
            continue
        bidder = None
        if entry.action in BIDDING:
            bidder = bidder_as_recorded(alias or "", priorities.get(alias or ""), admission_refusal(entry))
        decision = decide(terms, state, event, bidder)
        if opened is not None and str(decision) != entry.decision:
            opened.fault = Fault.DECISION_DIFFERS
            continue
        state = decision.state
    return state


def as_opened(entry: JournalEntry, event: Event, opened: OpenedBid | None, terms: Terms) -> Event | None:
    """The event of a journal entry with the amount that was sealed; None for what no rule decides.

    That is the opening itself, and a bid whose envelope turned out invalid. Before the opening the amount is
    a stand-in on which the rules decide as the door did.
    """
    if entry.action is Action.OPEN or (opened is not None and opened.fault is not None):
        return None
    if entry.sealed is None:
        return event
    if opened is not None:
        return replace(event, amount=opened.amount)
    usual = decimal_text(terms.start_price, terms.currency)
    return replace(event, amount=_STAND_INS.get(entry.decision, usual))


_STAND_INS = {"refused:malformed_amount": "", "refused:below_start": "0"}


def opening_digest(keys: Mapping[str, Any], bids: Iterable[OpenedBid]) -> str:
    """SHA-256 over who opened and everything that was opened: what the opening's journal entry covers."""
    return digest(
        {
            "scheme": _SCHEME,
            "keys": dict(keys),
            "bids": [
                {
                    "sequence": bid.sequence,
                    "amount": bid.amount,
                    "salt": bid.salt,
                    "fault": None if bid.fault is None else str(bid.fault),
                }
                for bid in sorted(bids, key=lambda bid: bid.sequence)
            ],
        }
    )


def commitment_holds(auction: str, bidder: str, amount: str, salt: str, commitment: str) -> bool:
    """Whether an opened amount is the one that was committed to: the check that anybody can repeat."""
    return commitment_of(SealedBid(auction, bidder, amount, salt)) == commitment
