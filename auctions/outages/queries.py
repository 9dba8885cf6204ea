"""Named selects of what outages did to auctions."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from auctions.models import Auction
from auctions.outages.models import Interruption
from auctions.rules import Outcome
from marketplace.due import take_first
from marketplace.heartbeat.models import Outage

MOST = 100


def lock_interrupted(session: Session) -> Auction | None:
    """An open auction that an outage touched and to which the time has not been given back yet."""
    touched = exists().where(Outage.ended_at > Auction.opens_at, *_touched())
    statement = select(Auction).where(Auction.outcome == Outcome.OPEN, Auction.suspended.is_(False), touched)
    return take_first(session, statement.order_by(Auction.closes_at, Auction.id), Auction)


def outages_of(session: Session, auction: Auction) -> Sequence[Outage]:
    """The outages that touched this auction and have not been made good, in their order."""
    statement = (
        select(Outage)
        .join(Auction, Auction.id == auction.id)
        .where(Outage.ended_at > Auction.opens_at, *_touched())
        .order_by(Outage.began_at)
        .limit(MOST)
    )
    return session.scalars(statement).all()


def _touched() -> tuple[ColumnElement[bool], ...]:
    """Before it would have ended or gone on by itself, after its last entry, and not recorded yet."""
    recorded = exists().where(Interruption.outage_id == Outage.id, Interruption.auction_id == Auction.id)
    return (
        or_(Auction.due_at.is_(None), Outage.began_at < Auction.due_at),
        or_(Auction.last_event_at.is_(None), Auction.last_event_at < Outage.ended_at),
        ~recorded,
    )


def interruptions_of(session: Session, auction_id: uuid.UUID) -> Sequence[Interruption]:
    """The times for which the auction stood still because of an outage, the latest first."""
    statement = (
        select(Interruption)
        .where(Interruption.auction_id == auction_id, Interruption.began_at < Interruption.ended_at)
        .order_by(Interruption.ended_at.desc())
        .limit(MOST)
    )
    return session.scalars(statement).all()


def interrupted_by(session: Session, outages: Sequence[Outage]) -> dict[uuid.UUID, int]:
    """How many auctions each of the outages held up."""
    statement = (
        select(Interruption.outage_id, func.count())
        .where(
            Interruption.outage_id.in_([outage.id for outage in outages]),
            Interruption.began_at < Interruption.ended_at,
        )
        .group_by(Interruption.outage_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
