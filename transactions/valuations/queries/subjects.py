"""Named selects of what is valued: lots, rights, cases, and the bidding on a lot."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from auctions.models import Auction, JournalEntry
from auctions.rules import Action, Outcome
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.rights.models import Right

MOST_AT_ONCE = 20_000

# What is neither sold nor withdrawn still secures something.
STANDING = (
    LotStatus.DRAFTED,
    LotStatus.SUBMITTED,
    LotStatus.APPROVED,
    LotStatus.PUBLISHED,
    LotStatus.RESERVED,
    LotStatus.UNSOLD,
)


def own_lot(session: Session, institution_id: uuid.UUID, lot_id: uuid.UUID) -> Lot:
    """The institution's lot; NotFound for another's."""
    lot = session.get(Lot, lot_id)
    if lot is None or lot.institution_id != institution_id:
        raise NotFound("lot")
    return lot


def standing_lots(session: Session, institution_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, str]]:
    """Id and reference of the bank's lots that are neither sold nor withdrawn, by reference."""
    query = (
        select(Lot.id, Lot.reference)
        .where(Lot.institution_id == institution_id, Lot.status.in_(STANDING))
        .order_by(Lot.reference)
        .limit(MOST_AT_ONCE + 1)
    )
    return [(row.id, row.reference) for row in session.execute(query)]


def standing_rights(session: Session, institution_id: uuid.UUID, on: date) -> Sequence[tuple[uuid.UUID, str]]:
    """Id and number of the bank's rights that have not expired, by number."""
    query = (
        select(Right.id, Right.number)
        .where(Right.institution_id == institution_id)
        .where(Right.expires_on.is_(None) | (Right.expires_on > on))
        .order_by(Right.number)
        .limit(MOST_AT_ONCE + 1)
    )
    return [(row.id, row.number) for row in session.execute(query)]


def lots_by_id(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Lot]:
    """These lots with their rights and their cases."""
    query = select(Lot).where(Lot.id.in_(ids)).options(selectinload(Lot.rights), joinedload(Lot.default_case))
    return {lot.id: lot for lot in session.scalars(query).unique()}


def lots_by_reference(session: Session, institution_id: uuid.UUID, references: Collection[str]) -> set[str]:
    """Which of these references are lots of the institution."""
    query = select(Lot.reference).where(
        Lot.institution_id == institution_id, Lot.reference.in_(sorted(references))
    )
    return set(session.scalars(query))


def rights_by_id(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Right]:
    return {right.id: right for right in session.scalars(select(Right).where(Right.id.in_(ids)))}


def lots_of_cases(session: Session, case_ids: Collection[uuid.UUID]) -> Sequence[Lot]:
    """The lots of these cases that are neither sold nor withdrawn."""
    if not case_ids:
        return []
    query = (
        select(Lot)
        .where(Lot.default_case_id.in_(sorted(case_ids)), Lot.status.in_(STANDING))
        .options(joinedload(Lot.default_case))
        .order_by(Lot.reference, Lot.id)
    )
    return session.scalars(query).unique().all()


def open_auction_of(session: Session, lot_id: uuid.UUID) -> Auction | None:
    """The lot's attempt that has begun and not ended."""
    query = select(Auction).where(
        Auction.lot_id == lot_id, Auction.outcome == Outcome.OPEN, Auction.opened_at.is_not(None)
    )
    return session.scalars(query.order_by(Auction.attempt.desc()).limit(1)).one_or_none()


def best_open_bid(session: Session, auction_id: uuid.UUID) -> int | None:
    """The highest bid that was shown."""
    return session.scalar(
        select(func.max(JournalEntry.amount_minor)).where(
            JournalEntry.auction_id == auction_id,
            JournalEntry.decision == "accepted",
            JournalEntry.action == Action.BID,
        )
    )


def count_bids(session: Session, auction_id: uuid.UUID) -> tuple[int, int]:
    """How many have bid, and how many bids were shown."""
    row = session.execute(
        select(func.count(func.distinct(JournalEntry.registration_id)), func.count()).where(
            JournalEntry.auction_id == auction_id,
            JournalEntry.decision == "accepted",
            JournalEntry.action == Action.BID,
        )
    ).one()
    return row[0], row[1]
