"""Named selects of officers' keys, custodies, envelopes and openings."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from auctions.models import Auction, JournalEntry, Registration
from auctions.rules import Outcome
from auctions.sealing.models import Custody, OpenedBid, Opening, OpeningContribution, OpeningKey
from auctions.sealing.rules import (
    MOST_ENVELOPES,
    MOST_KEYS,
    SECOND_CUSTODIANS,
    KeyState,
    KeyTimes,
    key_state,
)
from marketplace.due import take_first
from marketplace.errors import NotFound
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus

KEYS_LISTED = 100
CUSTODIANS_LISTED = 50
OPENINGS_LISTED = 50


def state_of(key: OpeningKey, now: datetime) -> KeyState:
    """Whether bids are locked to the key at `now`, and if not, why."""
    acts = {decision.act for decision in key.decisions}
    return key_state(KeyTimes(key.valid_from, key.valid_until, acts), now)


def keys_of(session: Session, institution_id: uuid.UUID) -> Sequence[OpeningKey]:
    """Every key of the institution, the newest first."""
    statement = (
        select(OpeningKey)
        .where(OpeningKey.institution_id == institution_id)
        .options(selectinload(OpeningKey.decisions), joinedload(OpeningKey.person))
        .order_by(OpeningKey.added_at.desc(), OpeningKey.id)
        .limit(KEYS_LISTED)
    )
    return session.scalars(statement.execution_options(populate_existing=True)).all()


def keys_in_use(session: Session, institution_id: uuid.UUID, now: datetime) -> list[OpeningKey]:
    """The keys to which a bid is locked at `now`."""
    usable = [key for key in keys_of(session, institution_id) if state_of(key, now) is KeyState.IN_USE]
    return usable[:MOST_KEYS]


def find_key(session: Session, key_id: uuid.UUID, institution_id: uuid.UUID) -> OpeningKey:
    """A key of the institution; raises NotFound for any other."""
    key = session.get(OpeningKey, key_id, options=[selectinload(OpeningKey.decisions)])
    if key is None or key.institution_id != institution_id:
        raise NotFound("opening key")
    return key


def key_by_fingerprint(session: Session, fingerprint: str) -> OpeningKey | None:
    """The key with this fingerprint, whoever's."""
    return session.scalars(select(OpeningKey).where(OpeningKey.fingerprint == fingerprint)).one_or_none()


def second_custodians(session: Session, now: datetime) -> list[Institution]:
    """Verified operators and regulators with a key in use, operators first."""
    statement = (
        select(Institution)
        .where(
            Institution.kind.in_(SECOND_CUSTODIANS),
            Institution.status == InstitutionStatus.VERIFIED,
            Institution.id.in_(select(OpeningKey.institution_id)),
        )
        .order_by(Institution.kind, Institution.name)
        .limit(CUSTODIANS_LISTED)
    )
    return [one for one in session.scalars(statement) if keys_in_use(session, one.id, now)]


def custody_of(session: Session, auction_id: uuid.UUID) -> Custody | None:
    """Who keeps the auction's bids, read anew; None where they are not sealed."""
    statement = (
        select(Custody)
        .where(Custody.auction_id == auction_id)
        .options(joinedload(Custody.first), joinedload(Custody.second))
    )
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def unfinished_custodies(session: Session, institution_id: uuid.UUID) -> list[Custody]:
    """The sealed auctions of which this institution is a custodian and that have not been opened."""
    statement = (
        select(Custody)
        .where(
            (Custody.first_id == institution_id) | (Custody.second_id == institution_id),
            Custody.ended_at.is_(None),
        )
        .options(joinedload(Custody.auction).joinedload(Auction.lot))
        .order_by(Custody.open_by, Custody.id)
    )
    return list(session.scalars(statement.limit(OPENINGS_LISTED)))


def envelopes(session: Session, auction_id: uuid.UUID) -> list[tuple[JournalEntry, str]]:
    """Every entry with a sealed amount and its bidder's alias, in order."""
    statement = (
        select(JournalEntry, Registration.alias)
        .join(Registration, JournalEntry.registration_id == Registration.id)
        .where(JournalEntry.auction_id == auction_id, JournalEntry.sealed.is_not(None))
        .order_by(JournalEntry.sequence)
        .limit(MOST_ENVELOPES)
    )
    return [(entry, alias) for entry, alias in session.execute(statement)]


def has_envelopes(session: Session, auction_id: uuid.UUID) -> bool:
    """Whether any amount is sealed in the auction."""
    statement = select(JournalEntry.id).where(
        JournalEntry.auction_id == auction_id, JournalEntry.sealed.is_not(None)
    )
    return session.scalars(statement.limit(1)).first() is not None


def contributions_of(session: Session, auction_id: uuid.UUID) -> Sequence[OpeningContribution]:
    """What officers have brought so far, in order."""
    statement = (
        select(OpeningContribution)
        .where(OpeningContribution.auction_id == auction_id)
        .options(joinedload(OpeningContribution.key))
        .order_by(OpeningContribution.at, OpeningContribution.id)
        .limit(2 * KEYS_LISTED)
    )
    return session.scalars(statement).all()


def opening_of(session: Session, auction_id: uuid.UUID) -> Opening | None:
    """The opening of the auction, or None before it."""
    return session.scalars(select(Opening).where(Opening.auction_id == auction_id)).one_or_none()


def opened_bids(session: Session, auction_id: uuid.UUID) -> dict[int, OpenedBid]:
    """What came out of the envelopes, by the sequence of their entries; empty before the opening."""
    statement = select(OpenedBid).where(OpenedBid.auction_id == auction_id).order_by(OpenedBid.sequence)
    return {bid.sequence: bid for bid in session.scalars(statement.limit(MOST_ENVELOPES))}


def shown_amounts(session: Session, auction: Auction, entries: Sequence[JournalEntry]) -> dict[int, int]:
    """The amounts that these entries show, by sequence: their own, or what came out of their envelopes."""
    opened = opened_bids(session, auction.id) if any(entry.sealed for entry in entries) else {}
    valid = {number: bid.amount_minor for number, bid in opened.items() if bid.fault is None}
    found = {entry.sequence: entry.amount_minor or valid.get(entry.sequence) for entry in entries}
    return {number: amount for number, amount in found.items() if amount is not None}


def confirmed_amounts(session: Session, auction_ids: Sequence[uuid.UUID]) -> dict[tuple[uuid.UUID, int], int]:
    """What came out of the envelopes of these auctions and counts, by auction and sequence."""
    statement = select(OpenedBid.auction_id, OpenedBid.sequence, OpenedBid.amount_minor).where(
        OpenedBid.auction_id.in_(auction_ids), OpenedBid.fault.is_(None), OpenedBid.amount_minor.is_not(None)
    )
    found = session.execute(statement.limit(MOST_ENVELOPES))
    return {(row.auction_id, row.sequence): row.amount_minor for row in found}


def lock_due_to_remind(session: Session, before: datetime) -> Custody | None:
    """An auction whose officers have until `before` at most and were not reminded."""
    statement = (
        select(Custody)
        .where(Custody.ended_at.is_(None), Custody.reminded_at.is_(None), Custody.open_by <= before)
        .order_by(Custody.open_by, Custody.id)
    )
    return take_first(session, statement, Custody)


def lock_lapsed(session: Session, now: datetime) -> Auction | None:
    """An auction whose officers' time is over and that was not opened."""
    statement = (
        select(Auction)
        .join(Custody, Custody.auction_id == Auction.id)
        .where(
            Auction.outcome == Outcome.OPEN,
            Auction.awaits_opening.is_(True),
            Custody.ended_at.is_(None),
            Custody.open_by < now,
        )
        .order_by(Custody.open_by, Auction.id)
    )
    return take_first(session, statement, Auction)


def count_envelopes(session: Session, auction_id: uuid.UUID, alias: str) -> int:
    """How many amounts of this bidder are sealed in the auction."""
    statement = (
        select(func.count())
        .select_from(JournalEntry)
        .join(Registration, JournalEntry.registration_id == Registration.id)
        .where(
            JournalEntry.auction_id == auction_id,
            Registration.alias == alias,
            JournalEntry.sealed.is_not(None),
        )
    )
    return session.scalar(statement) or 0
