"""Named selects of combinations and of the auctions that belong to them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, aliased

from auctions.models import Auction, Combination
from auctions.rules import Outcome
from marketplace.due import take_first


def combination_of_lot(session: Session, lot_id: uuid.UUID) -> Combination | None:
    """The latest combination in which the lot was or is offered; None where there is none."""
    statement = (
        select(Combination)
        .join(Auction, Auction.combination_id == Combination.id)
        .where(Auction.lot_id == lot_id)
        .order_by(Auction.attempt.desc())
        .limit(1)
    )
    return session.scalars(statement).first()


def members_of(session: Session, combination_id: uuid.UUID) -> Sequence[Auction]:
    """The auctions of a combination, in the order of their ids."""
    statement = select(Auction).where(Auction.combination_id == combination_id).order_by(Auction.id)
    return session.scalars(statement).all()


def lock_members(session: Session, combination_id: uuid.UUID) -> Sequence[Auction]:
    """The auctions of a combination, read anew and locked in the order of their ids."""
    statement = select(Auction).where(Auction.combination_id == combination_id).order_by(Auction.id)
    locking = statement.with_for_update(of=Auction).execution_options(populate_existing=True)
    return session.scalars(locking).all()


def lock_ended_combination(session: Session, now: datetime) -> Combination | None:
    """An undecided combination none of whose auctions still takes bids, that no other worker holds."""
    runs = and_(
        Auction.combination_id == Combination.id,
        Auction.outcome == Outcome.OPEN,
        or_(Auction.suspended, Auction.closes_at.is_(None), Auction.closes_at > now),
    )
    undecided = select(Combination).where(
        Combination.decided_at.is_(None), ~select(Auction.id).where(runs).exists()
    )
    return take_first(session, undecided.order_by(Combination.scheduled_at, Combination.id), Combination)


def lock_member_behind(session: Session) -> Auction | None:
    """An open auction that would end before another of its combination does; None where there is none."""
    ahead = aliased(Auction)
    later = select(ahead.id).where(
        _with(ahead), ahead.outcome == Outcome.OPEN, ahead.closes_at > Auction.closes_at
    )
    open_here = select(Auction).where(
        Auction.outcome == Outcome.OPEN, Auction.suspended.is_(False), later.exists()
    )
    return take_first(session, open_here.order_by(Auction.closes_at, Auction.id), Auction)


def last_end(session: Session, auction: Auction) -> datetime | None:
    """The latest end among the other open auctions of its combination; None where all are over."""
    statement = (
        select(Auction.closes_at)
        .where(
            Auction.combination_id == auction.combination_id,
            Auction.id != auction.id,
            Auction.outcome == Outcome.OPEN,
            Auction.closes_at.is_not(None),
        )
        .order_by(Auction.closes_at.desc())
        .limit(1)
    )
    return session.scalar(statement)


def lock_whole_without_a_part(session: Session) -> Auction | None:
    """An open auction of a whole of which the auction of a part was cancelled; None where there is none."""
    part = aliased(Auction)
    cancelled = select(part.id).where(_with(part), part.outcome == Outcome.CANCELLED)
    wholes = (
        select(Auction)
        .join(Combination, Combination.id == Auction.combination_id)
        .where(
            Auction.lot_id == Combination.whole_lot_id, Auction.outcome == Outcome.OPEN, cancelled.exists()
        )
    )
    return take_first(session, wholes.order_by(Auction.id), Auction)


def _with(other: type[Auction]) -> ColumnElement[bool]:
    return and_(other.combination_id == Auction.combination_id, other.id != Auction.id)
