"""Reads of the live room. They need no transaction, and each has a limit."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from auctions.models import Auction, JournalEntry, Registration
from auctions.queries import ACCEPTED, registration_for, registration_of_buyer
from auctions.rules import Action, Outcome
from marketplace.audit import AuditEntry
from marketplace.db import db
from marketplace.deals.models import Mandate
from marketplace.deals.rules import MandateSide, MandateStatus
from marketplace.errors import NotFound
from marketplace.listings.models import Lot

# What everybody may know to have happened. A hidden maximum is not among it, nor is anything refused.
PUBLIC_ACTIONS = (
    Action.BID,
    Action.TAKE,
    Action.SUSPEND,
    Action.RESUME,
    Action.CANCEL,
    Action.EXTEND,
    Action.DEFAULT,
    Action.DISQUALIFY,
    Action.DECLINE,
    Action.GIVE_WAY,
    Action.OPEN,
)
PRICED_ACTIONS = (Action.BID, Action.TAKE)
# While bids are sealed nobody may know of them; a take is made in the open.
SEALED_ACTIONS = (Action.BID,)

PER_PAGE = 25
JOURNAL_PER_PAGE = 100
CLIENTS_MOST = 100
OPEN_MOST = 20
REASONS_MOST = 20


def find_auction(session: Session, auction_id: uuid.UUID) -> Auction:
    """The auction with its lot, read anew; raises NotFound."""
    statement = select(Auction).where(Auction.id == auction_id).options(joinedload(Auction.lot))
    auction = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if auction is None:
        raise NotFound("auction")
    return auction


def latest_auction(session: Session, lot_id: uuid.UUID) -> Auction | None:
    """The lot's newest attempt, or None."""
    statement = select(Auction).where(Auction.lot_id == lot_id).order_by(Auction.attempt.desc()).limit(1)
    return session.scalars(statement).one_or_none()


def live_page(now: datetime, page: int) -> Pagination:
    """Auctions that take bids, stand still or wait for their result; the soonest end first."""
    running = select(Auction).where(Auction.outcome == Outcome.OPEN, Auction.opens_at <= now)
    return _page(running.order_by(Auction.closes_at, Auction.id), page)


def upcoming_page(now: datetime, page: int) -> Pagination:
    """Auctions that have not opened; the next first."""
    coming = select(Auction).where(Auction.outcome == Outcome.OPEN, Auction.opens_at > now)
    return _page(coming.order_by(Auction.opens_at, Auction.id), page)


def ended_page(page: int) -> Pagination:
    """Auctions with a result; the latest first."""
    ended = select(Auction).where(Auction.outcome != Outcome.OPEN)
    return _page(ended.order_by(Auction.closes_at.desc(), Auction.id), page)


def open_auctions(session: Session, institution_id: uuid.UUID | None) -> list[Auction]:
    """Announced and running auctions that the institution sells or is registered in; all of them for None."""
    statement = select(Auction).where(Auction.outcome == Outcome.OPEN).options(joinedload(Auction.lot))
    if institution_id is not None:
        acting = or_(Registration.institution_id == institution_id, Mandate.agency_id == institution_id)
        joined = select(Registration.auction_id).outerjoin(Mandate, Registration.mandate_id == Mandate.id)
        taking_part = Auction.id.in_(joined.where(acting))
        statement = statement.where(or_(Auction.institution_id == institution_id, taking_part))
    return list(session.scalars(statement.order_by(Auction.closes_at, Auction.id).limit(OPEN_MOST)))


def _page(statement: Select[Auction], page: int) -> Pagination:
    return db.paginate(
        statement.options(joinedload(Auction.lot)), page=page, per_page=PER_PAGE, error_out=False
    )


def public_sequence(session: Session, auction_id: uuid.UUID, *, hidden: bool) -> int:
    """The sequence of the last entry that everybody may see; 0 before the first."""
    statement = select(func.max(JournalEntry.sequence)).where(*_public(auction_id, hidden=hidden))
    return session.scalar(statement) or 0


def count_takes(session: Session, auction_id: uuid.UUID) -> int:
    """How many bids everybody may see while those that follow are sealed: the take, if there was one."""
    statement = select(func.count()).where(
        JournalEntry.auction_id == auction_id,
        JournalEntry.decision == ACCEPTED,
        JournalEntry.action == Action.TAKE,
    )
    return session.scalar(statement) or 0


def public_journal(auction_id: uuid.UUID, page: int, *, hidden: bool) -> Pagination:
    """What everybody may see of the journal, in its order."""
    statement = (
        select(JournalEntry).where(*_public(auction_id, hidden=hidden)).order_by(JournalEntry.sequence)
    )
    return db.paginate(statement, page=page, per_page=JOURNAL_PER_PAGE, error_out=False)


def whole_journal(auction_id: uuid.UUID, page: int) -> Pagination:
    """Every entry, refused ones too, for the seller and the operator."""
    statement = (
        select(JournalEntry).where(JournalEntry.auction_id == auction_id).order_by(JournalEntry.sequence)
    )
    return db.paginate(statement, page=page, per_page=JOURNAL_PER_PAGE, error_out=False)


def _public(auction_id: uuid.UUID, *, hidden: bool) -> tuple[ColumnElement[bool], ...]:
    shown = [action for action in PUBLIC_ACTIONS if not (hidden and action in SEALED_ACTIONS)]
    return (
        JournalEntry.auction_id == auction_id,
        JournalEntry.decision == ACCEPTED,
        JournalEntry.action.in_(shown),
    )


def entry_at(session: Session, auction_id: uuid.UUID, sequence: int) -> JournalEntry:
    """One entry of the journal; raises NotFound."""
    statement = select(JournalEntry).where(
        JournalEntry.auction_id == auction_id, JournalEntry.sequence == sequence
    )
    entry = session.scalars(statement).one_or_none()
    if entry is None:
        raise NotFound("entry")
    return entry


def own_registration(
    session: Session, auction_id: uuid.UUID, institution_id: uuid.UUID
) -> Registration | None:
    """Under which registration this institution bids, or else would be the buyer through its agency."""
    acting = registration_for(session, auction_id, institution_id)
    return acting or registration_of_buyer(session, auction_id, institution_id)


def has_bid(session: Session, registration_id: uuid.UUID) -> bool:
    """Whether any bid or maximum of this bidder was accepted."""
    statement = select(JournalEntry.id).where(
        JournalEntry.registration_id == registration_id,
        JournalEntry.decision == ACCEPTED,
        JournalEntry.action.in_((*PRICED_ACTIONS, Action.PROXY)),
    )
    return session.scalars(statement.limit(1)).first() is not None


def reason_given(session: Session, subject_id: uuid.UUID, *acts: str) -> str:
    """The reason of the last of these acts that took effect; empty for none. For reasons meant to be read."""
    statement = (
        select(AuditEntry)
        .where(AuditEntry.subject_id == subject_id, AuditEntry.act.in_(acts))
        .order_by(AuditEntry.at.desc())
        .limit(REASONS_MOST)
    )
    entries = session.scalars(statement)
    return next((entry.reason for entry in entries if entry.facts.get("decision", ACCEPTED) == ACCEPTED), "")


def aliases(session: Session, entries: Iterable[JournalEntry]) -> dict[uuid.UUID | None, str]:
    """The aliases of those who act in a page of entries, by registration."""
    wanted = {entry.registration_id for entry in entries}
    statement = select(Registration.id, Registration.alias).where(Registration.id.in_(wanted - {None}))
    return {row.id: row.alias for row in session.execute(statement)}


def buying_mandates(session: Session, agency_id: uuid.UUID, lot: Lot, on: date) -> list[Mandate]:
    """The accepted mandates under which the agency may buy this lot for a client on that day."""
    statement = (
        select(Mandate)
        .where(
            Mandate.agency_id == agency_id,
            Mandate.side == MandateSide.BUY,
            Mandate.status == MandateStatus.ACCEPTED,
            Mandate.valid_until >= on,
            or_(Mandate.lot_id == lot.id, Mandate.lot_id.is_(None)),
        )
        .order_by(Mandate.answered_at)
        .limit(CLIENTS_MOST)
    )
    return list(session.scalars(statement))
