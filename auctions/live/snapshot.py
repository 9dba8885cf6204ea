"""The public state of an auction at one moment: what streams, polls and the JSON answers carry.

It holds no identity, no maximum and no secret reserve; the leader is named by alias.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from auctions.live import queries
from auctions.live.stage import Stage, effective_end, stage_of
from auctions.models import Auction
from auctions.rules import Bidder, Outcome, Phase, PhaseKind
from auctions.rules.decisions import advance, phase
from auctions.written.state_json import read_state
from auctions.written.terms import read_terms
from marketplace.clock import moment_text
from marketplace.money import decimal_text


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Two are equal exactly when a watcher need not be told.

    Attributes:
        sequence: of the last public entry of the journal; 0 before the first.
        price, next_minimum: minor units; None where there is none, or nobody may see it yet.
        closes_at: the effective end, as far as anybody can know it.
        bids: how many everybody may see.
        leader: alias of whoever leads, or has won.
        phase: what is going on, for everybody.
    """

    auction_id: uuid.UUID
    sequence: int
    stage: Stage
    currency: str
    price: int | None
    next_minimum: int | None
    opens_at: datetime
    closes_at: datetime | None
    bids: int
    leader: str | None
    outcome: Outcome
    suspended: bool
    phase: Phase

    def as_json(self, now: datetime) -> dict[str, Any]:
        """The state as JSON values; amounts are decimal texts, moments RFC 3339 in UTC."""
        return {
            "auction": str(self.auction_id),
            "sequence": self.sequence,
            "stage": str(self.stage),
            "currency": self.currency,
            "price": self._text(self.price),
            "next_minimum": self._text(self.next_minimum),
            "opens_at": moment_text(self.opens_at),
            "closes_at": self.closes_at and moment_text(self.closes_at),
            "server_now": moment_text(now),
            "bids": self.bids,
            "leader": self.leader,
            "outcome": str(self.outcome),
            "suspended": self.suspended,
            "phase": self._phase(),
        }

    def _phase(self) -> dict[str, Any]:
        found = self.phase
        return {
            "kind": str(found.kind),
            "hidden": found.hidden,
            "ends_at": found.ends_at and moment_text(found.ends_at),
            "changes_at": found.changes_at and moment_text(found.changes_at),
            "turn_of": found.turn_of,
            "round": found.round,
        }

    def _text(self, minor: int | None) -> str | None:
        return None if minor is None else decimal_text(minor, self.currency)


def phase_of(auction: Auction, now: datetime, bidder: Bidder | None = None) -> Phase:
    """What is going on in the auction at `now`, for this bidder or for everybody."""
    return phase(read_terms(auction.terms), read_state(auction.state), now, bidder)


def hides_bids(auction: Auction, now: datetime) -> bool:
    """Whether what is bid now must not be seen by anybody but its bidder, the seller included."""
    return phase_of(auction, now).hidden


def stage_at(auction: Auction, now: datetime) -> Stage:
    """The auction's stage at `now`."""
    return stage_of(auction.outcome, auction.opens_at, auction.closes_at, now, suspended=auction.suspended)


def take(session: Session, auction: Auction, now: datetime) -> Snapshot:
    """The public state of the auction as read in this session.

    Price and leader of the state are public in every phase: the formats keep out of them what is sealed.
    """
    terms, state = read_terms(auction.terms), read_state(auction.state)
    found = phase(terms, state, now)
    ended = found.kind is PhaseKind.ENDED
    stage, closes_at = stage_at(auction, now), effective_end(auction.closes_at, suspended=auction.suspended)
    if found.kind is PhaseKind.AWAITING_OPENING:
        stage = Stage.AWAITING_OPENING
    elif stage is Stage.CLOSING and not ended:  # one of its stages is over and the next has begun
        stage, closes_at = Stage.LIVE, found.ends_at
    return Snapshot(
        auction_id=auction.id,
        sequence=queries.public_sequence(session, auction.id, hidden=found.hidden),
        stage=stage,
        currency=auction.currency,
        price=auction.price_minor if ended else found.price,
        next_minimum=found.least,
        opens_at=auction.opens_at,
        closes_at=closes_at,
        bids=queries.count_takes(session, auction.id) if found.hidden else auction.bid_count,
        leader=advance(terms, state, now).leader,
        outcome=auction.outcome,
        suspended=auction.suspended,
        phase=found,
    )
