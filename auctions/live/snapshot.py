"""The public state of an auction at one moment: what streams, polls and the JSON answers carry.

It holds no identity, no maximum and no secret reserve; the leader is named by alias.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from auctions.formats.raises import least_next
from auctions.live import queries
from auctions.live.stage import ENDED, Stage, effective_end, stage_of
from auctions.models import Auction
from auctions.rules import Outcome
from auctions.state_json import read_state
from auctions.terms import read_terms
from marketplace.clock import moment_text
from marketplace.money import decimal_text

# Formats whose bids everybody sees as they come. Any other format shows none before the end.
OPEN_FORMATS = frozenset({"english"})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Two are equal exactly when a watcher need not be told.

    Attributes:
        sequence: of the last public entry of the journal; 0 before the first.
        price, next_minimum: minor units; None where there is none.
        closes_at: the effective end.
        leader: alias of whoever leads, or has won.
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
        }

    def _text(self, minor: int | None) -> str | None:
        return None if minor is None else decimal_text(minor, self.currency)


def shows_bids(auction: Auction, stage: Stage) -> bool:
    """Whether anybody may see bids and price now: always in an open format, else once it has ended."""
    return auction.auction_format in OPEN_FORMATS or stage in ENDED


def stage_at(auction: Auction, now: datetime) -> Stage:
    """The auction's stage at `now`."""
    return stage_of(auction.outcome, auction.opens_at, auction.closes_at, now, suspended=auction.suspended)


def next_minimum(auction: Auction, stage: Stage) -> int | None:
    """The least amount the rules take next, in minor units; None once it has ended."""
    if stage in ENDED or not shows_bids(auction, stage):
        return None
    return least_next(read_terms(auction.terms), read_state(auction.state))


def take(session: Session, auction: Auction, now: datetime) -> Snapshot:
    """The public state of the auction as read in this session."""
    stage = stage_at(auction, now)
    open_book = shows_bids(auction, stage)
    return Snapshot(
        auction_id=auction.id,
        sequence=queries.public_sequence(session, auction.id) if open_book else 0,
        stage=stage,
        currency=auction.currency,
        price=auction.price_minor if open_book else None,
        next_minimum=next_minimum(auction, stage),
        opens_at=auction.opens_at,
        closes_at=effective_end(auction.closes_at, suspended=auction.suspended),
        bids=auction.bid_count if open_book else 0,
        leader=auction.state.get("leader") if open_book else None,
        outcome=auction.outcome,
        suspended=auction.suspended,
    )
