"""Named selects of auctions, registrations and the journal."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from auctions.models import Auction, JournalEntry, Registration
from auctions.rules import Action, Outcome
from marketplace.deals.models import Mandate
from marketplace.deals.rules import MandateSide, MandateStatus
from marketplace.due import take_first
from marketplace.errors import NotFound

ACCEPTED = "accepted"
JOURNAL_LIMIT = 100_000
RUNNING_MOST = 1_000


def find_auction(session: Session, auction_id: uuid.UUID) -> Auction:
    """The auction; raises NotFound."""
    auction = session.get(Auction, auction_id)
    if auction is None:
        raise NotFound("auction")
    return auction


def lock_statement(auction_id: uuid.UUID) -> Select[Auction]:
    """The select that locks the auction's row until the transaction ends."""
    return select(Auction).where(Auction.id == auction_id).with_for_update(of=Auction)


def lock_auction(session: Session, auction_id: uuid.UUID) -> Auction:
    """The auction, read anew and locked; raises NotFound. Read the time only after this."""
    statement = lock_statement(auction_id).execution_options(populate_existing=True)
    auction = session.scalars(statement).one_or_none()
    if auction is None:
        raise NotFound("auction")
    return auction


def lock_due_to_open(session: Session, now: datetime) -> Auction | None:
    """The auction whose opening is longest due and which no other worker holds."""
    statement = (
        select(Auction)
        .where(Auction.outcome == Outcome.OPEN, Auction.opened_at.is_(None), Auction.opens_at <= now)
        .order_by(Auction.opens_at, Auction.id)
    )
    return take_first(session, statement, Auction)


def lock_due_to_close(session: Session, now: datetime) -> Auction | None:
    """The running auction that is longest due to end, or to change its stage, and which no other holds.

    Those of a combination end together (`auctions.combination`).
    """
    statement = (
        select(Auction)
        .where(
            Auction.outcome == Outcome.OPEN,
            Auction.suspended.is_(False),
            Auction.due_at <= now,
            Auction.combination_id.is_(None),
            Auction.awaits_opening.is_(False),
        )
        .order_by(Auction.due_at, Auction.id)
    )
    return take_first(session, statement, Auction)


def running_ids(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """The auctions that run now, in the order in which whoever needs several of them locks them."""
    statement = select(Auction.id).where(
        Auction.outcome == Outcome.OPEN, Auction.suspended.is_(False), Auction.opens_at <= now
    )
    return session.scalars(statement.order_by(Auction.id).limit(RUNNING_MOST)).all()


def registration_for(
    session: Session, auction_id: uuid.UUID, acting_institution_id: uuid.UUID
) -> Registration | None:
    """The registration under which an institution bids: its own, or that of its mandate's client."""
    return registrations_acting(session, auction_id, {acting_institution_id}).get(acting_institution_id)


def registrations_acting(
    session: Session, auction_id: uuid.UUID, acting_institution_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, Registration]:
    """The same for several at once, read anew, by the institution that acts."""
    acting = func.coalesce(Mandate.agency_id, Registration.institution_id)
    statement = (
        select(acting, Registration)
        .outerjoin(Mandate, Registration.mandate_id == Mandate.id)
        .where(Registration.auction_id == auction_id, acting.in_(acting_institution_ids))
        .options(joinedload(Registration.institution))
        .execution_options(populate_existing=True)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def registration_of_buyer(
    session: Session, auction_id: uuid.UUID, institution_id: uuid.UUID
) -> Registration | None:
    """The registration in which this institution would be the buyer, whoever bids for it."""
    statement = select(Registration).where(
        Registration.auction_id == auction_id, Registration.institution_id == institution_id
    )
    return session.scalars(statement).one_or_none()


def registration_by_alias(session: Session, auction_id: uuid.UUID, alias: str) -> Registration:
    """The registration behind an alias; raises NotFound."""
    statement = select(Registration).where(Registration.auction_id == auction_id, Registration.alias == alias)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("registration")
    return found


def registrations_of(session: Session, auction_id: uuid.UUID) -> Sequence[Registration]:
    """Everybody registered in the auction, in order of registration."""
    statement = (
        select(Registration)
        .where(Registration.auction_id == auction_id)
        .order_by(Registration.registered_at, Registration.alias)
        .options(joinedload(Registration.institution), joinedload(Registration.mandate))
    )
    return session.scalars(statement).unique().all()


def entry_by_key(session: Session, auction_id: uuid.UUID, key: str) -> JournalEntry | None:
    """The entry that an idempotency key has already led to."""
    return entries_by_key(session, auction_id, {key}).get(key)


def entries_by_key(
    session: Session, auction_id: uuid.UUID, keys: Collection[str]
) -> dict[str | None, JournalEntry]:
    """The same for several at once, by key."""
    statement = select(JournalEntry).where(
        JournalEntry.auction_id == auction_id, JournalEntry.idempotency_key.in_(keys)
    )
    return {entry.idempotency_key: entry for entry in session.scalars(statement)}


def journal_of(session: Session, auction_id: uuid.UUID) -> list[tuple[JournalEntry, str | None]]:
    """The whole journal with aliases, in order. It holds the maxima: for checks and after the end only."""
    statement = (
        select(JournalEntry, Registration.alias)
        .outerjoin(Registration, JournalEntry.registration_id == Registration.id)
        .where(JournalEntry.auction_id == auction_id)
        .order_by(JournalEntry.sequence)
        .limit(JOURNAL_LIMIT)
    )
    return [(entry, alias) for entry, alias in session.execute(statement)]


def entries_of_registration(
    session: Session, registration_id: uuid.UUID, limit: int = 100
) -> list[JournalEntry]:
    """A bidder's own entries, the newest first, refusals and maxima too: only for that bidder."""
    statement = (
        select(JournalEntry)
        .where(JournalEntry.registration_id == registration_id)
        .order_by(JournalEntry.sequence.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def public_bids(
    session: Session, auction_id: uuid.UUID, *, hidden: bool, after: int = 0, limit: int = 100
) -> list[tuple[JournalEntry, str]]:
    """What everybody may see: accepted bids and takes with aliases, the newest first. No maxima, no refusals.

    `hidden` is whether bids are sealed now; a take never is. `after` is a sequence: only later entries.
    """
    statement = (
        select(JournalEntry, Registration.alias)
        .join(Registration, JournalEntry.registration_id == Registration.id)
        .where(
            JournalEntry.auction_id == auction_id,
            JournalEntry.action.in_((Action.TAKE,) if hidden else (Action.BID, Action.TAKE)),
            JournalEntry.decision == ACCEPTED,
            JournalEntry.sequence > after,
        )
        .order_by(JournalEntry.sequence.desc())
        .limit(limit)
    )
    return [(entry, alias) for entry, alias in session.execute(statement)]


def auctions_of_lot(session: Session, lot_id: uuid.UUID) -> list[Auction]:
    """Every attempt to auction the lot, the latest first."""
    statement = select(Auction).where(Auction.lot_id == lot_id).order_by(Auction.attempt.desc())
    return list(session.scalars(statement))


def listed(*outcomes: Outcome) -> Select[Auction]:
    """Auctions with one of the outcomes, those that end first first; the caller pages."""
    statement = select(Auction).options(joinedload(Auction.lot)).where(Auction.outcome.in_(outcomes))
    return statement.order_by(Auction.closes_at, Auction.id)


def selling_agencies(session: Session, seller_id: uuid.UUID, lot_id: uuid.UUID, on: date) -> set[uuid.UUID]:
    """Agencies that sell this lot for its bank: they may not bid in its auction."""
    statement = select(Mandate.agency_id).where(
        Mandate.client_id == seller_id,
        Mandate.side == MandateSide.SELL,
        Mandate.status == MandateStatus.ACCEPTED,
        Mandate.valid_until >= on,
        or_(Mandate.lot_id == lot_id, Mandate.lot_id.is_(None)),
    )
    return set(session.scalars(statement))


def struck_buyers(session: Session, lot_id: uuid.UUID) -> set[uuid.UUID]:
    """Institutions that won an earlier attempt and did not pay, where the pack bars them from the next."""
    found: set[uuid.UUID] = set()
    for auction in auctions_of_lot(session, lot_id):
        following = (auction.state or {}).get("next_round") or {}
        aliases = following.get("barred") or []
        statement = select(Registration.institution_id).where(
            Registration.auction_id == auction.id, Registration.alias.in_(aliases)
        )
        found.update(session.scalars(statement))
    return found


def count_journal(session: Session, auction_id: uuid.UUID) -> int:
    """How many entries the auction's journal has."""
    statement = select(func.count()).where(JournalEntry.auction_id == auction_id)
    return session.scalar(statement) or 0
