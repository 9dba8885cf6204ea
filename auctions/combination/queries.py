"""Named selects of combinations and of the auctions that belong to them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from auctions.models import Auction, Combination
from auctions.rules import Outcome
from marketplace.due import take_first

# Built once: every bid asks it.
_OWN = select(Auction.combination_id).where(Auction.id == bindparam("auction_id")).scalar_subquery()
_LOCK_OF = select(Combination.id).where(Combination.id == _OWN).with_for_update()


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


def lock_combination_of(session: Session, auction_id: uuid.UUID) -> None:
    """Lock the combination of an auction, if it is in one: before any of its auctions is locked."""
    session.connection().execute(_LOCK_OF, {"auction_id": auction_id})


def lock_siblings(session: Session, auction: Auction) -> Sequence[Auction]:
    """The other open auctions of a combination, locked; the combination must be locked already."""
    others = (
        select(Auction).where(_with(Auction, auction), Auction.outcome == Outcome.OPEN).order_by(Auction.id)
    )
    locking = others.with_for_update(of=Auction).execution_options(populate_existing=True)
    return session.scalars(locking).all()


def lock_whole_without_a_part(session: Session) -> Auction | None:
    """An open auction of a whole of which the auction of a part was cancelled; None where there is none."""
    part = aliased(Auction)
    cancelled = select(part.id).where(_with(part, Auction), part.outcome == Outcome.CANCELLED)
    wholes = (
        select(Auction)
        .join(Combination, Combination.id == Auction.combination_id)
        .where(
            Auction.lot_id == Combination.whole_lot_id, Auction.outcome == Outcome.OPEN, cancelled.exists()
        )
    )
    return take_first(session, wholes.order_by(Auction.id), Auction)


def _with(other: type[Auction], auction: Auction | type[Auction]) -> ColumnElement[bool]:
    return and_(other.combination_id == auction.combination_id, other.id != auction.id)
