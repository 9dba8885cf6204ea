"""All running auctions at one look, and how the parts that serve them are."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from auctions.live import snapshot
from auctions.live.queries import PRICED_ACTIONS
from auctions.live.snapshot import Snapshot
from auctions.live.stage import Stage
from auctions.models import Auction, JournalEntry, Registration
from auctions.outages.models import Interruption
from auctions.queries import ACCEPTED
from auctions.rules import Outcome
from marketplace.heartbeat.queries import last_heartbeat
from marketplace.heartbeat.rules import OUTAGE_FROM
from marketplace.listings.models import Lot

MOST = 200
SOON = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WallRow:
    """One auction.

    Attributes:
        bidders: how many are registered.
        watchers: streams of this process; others have their own.
        last_bid_at: of the last accepted bid; None before the first, and while bids are sealed.
        interrupted: whether an outage has held it up.
        soon: whether it ends within minutes.
    """

    auction: Auction
    lot: Lot
    state: Snapshot
    bidders: int
    watchers: int
    last_bid_at: datetime | None
    interrupted: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class Health:
    """How the parts are.

    Attributes:
        worker_heard_at: the worker's last sign of life; None where none ever ran.
        worker_silent: whether its silence counts as an outage already.
        streams, streams_most: of this process.
    """

    worker_heard_at: datetime | None
    worker_silent: bool
    streams: int
    streams_most: int


def rows(session: Session, now: datetime, watchers: Mapping[uuid.UUID, int]) -> list[WallRow]:
    """The running auctions, those that end first first; what stands still comes before all."""
    statement = (
        select(Auction)
        .where(Auction.outcome == Outcome.OPEN, Auction.opens_at <= now)
        .order_by(Auction.suspended.desc(), Auction.closes_at, Auction.id)
        .options(joinedload(Auction.lot))
        .limit(MOST)
    )
    found = session.scalars(statement).all()
    ids = [auction.id for auction in found]
    bidders, last, held_up = _bidders(session, ids), _last_bids(session, ids), _interrupted(session, ids)
    return [
        _row(
            auction,
            snapshot.take(session, auction, now),
            now,
            bidders=bidders.get(auction.id, 0),
            watchers=watchers.get(auction.id, 0),
            last_bid_at=last.get(auction.id),
            interrupted=auction.id in held_up,
        )
        for auction in found
    ]


def _row(
    auction: Auction,
    state: Snapshot,
    now: datetime,
    *,
    bidders: int,
    watchers: int,
    last_bid_at: datetime | None,
    interrupted: bool,
) -> WallRow:
    left = state.closes_at - now if state.closes_at and state.stage is Stage.LIVE else None
    return WallRow(
        auction=auction,
        lot=auction.lot,
        state=state,
        bidders=bidders,
        watchers=watchers,
        last_bid_at=None if state.phase.hidden else last_bid_at,
        interrupted=interrupted,
        soon=left is not None and left <= SOON,
    )


def _bidders(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    statement = (
        select(Registration.auction_id, func.count())
        .where(Registration.auction_id.in_(ids))
        .group_by(Registration.auction_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _last_bids(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    statement = (
        select(JournalEntry.auction_id, func.max(JournalEntry.at, type_=JournalEntry.at.type))
        .where(
            JournalEntry.auction_id.in_(ids),
            JournalEntry.decision == ACCEPTED,
            JournalEntry.action.in_(PRICED_ACTIONS),
        )
        .group_by(JournalEntry.auction_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _interrupted(session: Session, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    statement = select(Interruption.auction_id).where(
        Interruption.auction_id.in_(ids), Interruption.began_at < Interruption.ended_at
    )
    return set(session.scalars(statement))


def health(session: Session, now: datetime, *, streams: int, streams_most: int) -> Health:
    """How worker and streams are at `now`."""
    heart = last_heartbeat(session)
    return Health(
        worker_heard_at=heart.beat_at if heart else None,
        worker_silent=heart is None or now - heart.beat_at > OUTAGE_FROM,
        streams=streams,
        streams_most=streams_most,
    )
