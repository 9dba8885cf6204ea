"""Named selects of saved searches, what they found, and watched lots."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, selectinload

from auctions.models import Auction, Registration
from auctions.rules import Outcome
from marketplace.access import Actor
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.parties.models import Person
from search.watching.models import (
    Delivery,
    MailRefusal,
    Match,
    Progress,
    SavedSearch,
    Sighting,
    Watch,
    WatchEvent,
    Webhook,
)

BATCH = 200
MATCHES_AT_ONCE = 1_000
"""What one search found that is told in one message; the rest has the next."""
STEP = 1
_BEGINNING = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class Kept(NamedTuple):
    """A running saved search as far as matching needs it."""

    id: uuid.UUID
    arguments: dict[str, Any]
    changed_at: datetime


def progress(session: Session) -> Progress | None:
    return session.get(Progress, STEP)


def lock_progress(session: Session) -> Progress:
    """How far lots were followed, locked until the transaction ends: one worker at a time takes a step."""
    insert = postgresql_insert if session.get_bind(Progress).dialect.name == "postgresql" else sqlite_insert
    first = insert(Progress).values(id=STEP, until=_BEGINNING, round=0)
    session.execute(first.on_conflict_do_nothing())
    query = select(Progress).where(Progress.id == STEP).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def changed_lots(session: Session, since: datetime | None) -> list[tuple[uuid.UUID, datetime]]:
    """Lots whose row differs from what was last seen, with the moment; a batch, oldest change first."""
    differs = or_(Sighting.changed_at != Lot.changed_at, Sighting.status != Lot.status)
    unseen = and_(Sighting.lot_id.is_(None), Lot.status.in_(PUBLIC_STATUSES))
    statement = select(Lot.id, Lot.changed_at).outerjoin(Sighting, Sighting.lot_id == Lot.id)
    if since is not None:
        statement = statement.where(Lot.changed_at >= since)
    statement = statement.where(or_(unseen, differs)).order_by(Lot.changed_at, Lot.id).limit(BATCH)
    return [(lot_id, changed_at) for lot_id, changed_at in session.execute(statement)]


def lots_with_changed_auctions(session: Session) -> set[uuid.UUID]:
    """Public lots whose coming auction differs from what was last seen; a prolonged end is no change."""
    new = or_(Sighting.auction_id.is_(None), Sighting.auction_id != Auction.id)
    moved = or_(
        Sighting.opens_at.is_distinct_from(Auction.opens_at),
        Sighting.closes_at.is_distinct_from(Auction.closes_at),
    )
    coming = select(Sighting.lot_id).join(Auction, Auction.lot_id == Sighting.lot_id)
    coming = coming.where(Auction.outcome == Outcome.OPEN, or_(new, and_(Auction.opened_at.is_(None), moved)))
    ended = select(Sighting.lot_id).join(Auction, Auction.id == Sighting.auction_id)
    ended = ended.where(Auction.outcome != Outcome.OPEN)
    return {
        lot_id
        for statement in (coming, ended)
        for lot_id in session.scalars(statement.where(Sighting.public).limit(BATCH))
    }


def lots_whole(session: Session, ids: Iterable[uuid.UUID]) -> list[Lot]:
    """These lots with their rights and sellers, read anew."""
    statement = select(Lot).where(Lot.id.in_(list(ids))).order_by(Lot.id)
    statement = statement.options(selectinload(Lot.rights), selectinload(Lot.institution))
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def lots_alone(session: Session, ids: Iterable[uuid.UUID]) -> list[Lot]:
    """These lots without their rights, read anew."""
    statement = select(Lot).where(Lot.id.in_(list(ids))).order_by(Lot.id)
    return list(session.scalars(statement.execution_options(populate_existing=True)))


def sightings(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Sighting]:
    statement = select(Sighting).where(Sighting.lot_id.in_(list(ids)))
    found = session.scalars(statement.execution_options(populate_existing=True))
    return {sighting.lot_id: sighting for sighting in found}


def lock_sightings(session: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Sighting]:
    """The same, locked until the transaction ends: no opening is told of dates that are just being moved."""
    statement = select(Sighting).where(Sighting.lot_id.in_(list(ids))).order_by(Sighting.lot_id)
    found = session.scalars(statement.with_for_update().execution_options(populate_existing=True))
    return {sighting.lot_id: sighting for sighting in found}


def running_searches(session: Session, after: uuid.UUID | None, limit: int) -> list[Kept]:
    """The next saved searches that are not paused, in the order of their ids."""
    statement = select(SavedSearch.id, SavedSearch.arguments, SavedSearch.changed_at)
    statement = statement.where(SavedSearch.paused_at.is_(None)).order_by(SavedSearch.id).limit(limit)
    if after is not None:
        statement = statement.where(SavedSearch.id > after)
    return [Kept(*row) for row in session.execute(statement)]


def searches_by_id(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, SavedSearch]:
    """Those of the searches that still run."""
    found: dict[uuid.UUID, SavedSearch] = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        statement = select(SavedSearch).where(SavedSearch.id.in_(some), SavedSearch.paused_at.is_(None))
        found |= {search.id: search for search in session.scalars(statement)}
    return found


def matched_before(
    session: Session, search_ids: Iterable[uuid.UUID], interests: Iterable[str]
) -> set[tuple[uuid.UUID, uuid.UUID, str]]:
    """Search, lot and state of the matches that these searches have for these states of lots."""
    statement = select(Match.search_id, Match.lot_id, Match.interest)
    statement = statement.where(Match.search_id.in_(list(search_ids)), Match.interest.in_(list(interests)))
    return {(search_id, lot_id, interest) for search_id, lot_id, interest in session.execute(statement)}


def watches_of_lot(session: Session, lot_id: uuid.UUID) -> list[uuid.UUID]:
    return list(session.scalars(select(Watch.id).where(Watch.lot_id == lot_id)))


def take_opening(session: Session, now: datetime, until: datetime) -> Sighting | None:
    """The next lot whose auction opens by then and whose watchers have not heard it, locked."""
    statement = select(Sighting).where(
        Sighting.public,
        Sighting.auction_id.is_not(None),
        Sighting.opens_at > now,
        Sighting.opens_at <= until,
        Sighting.opening_told.is_(False),
    )
    locked = statement.order_by(Sighting.opens_at).limit(1).with_for_update(skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).first()


def own_search(session: Session, actor: Actor, search_id: uuid.UUID, *, lock: bool = False) -> SavedSearch:
    """A search of the actor's own; another's does not exist. Raises NotFound."""
    statement = select(SavedSearch).where(
        SavedSearch.id == search_id,
        SavedSearch.person_id == actor.person_id,
        SavedSearch.wanted_id.is_(None),
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("search")
    return found


def searches_of(session: Session, person_id: uuid.UUID) -> list[SavedSearch]:
    statement = select(SavedSearch).where(SavedSearch.person_id == person_id, SavedSearch.wanted_id.is_(None))
    return list(session.scalars(statement.order_by(SavedSearch.saved_at.desc(), SavedSearch.id)))


def matches_of(search_id: uuid.UUID) -> Select[Match]:
    """What a search found among lots that anybody may see, the latest first."""
    statement = select(Match).join(Lot, Lot.id == Match.lot_id)
    statement = statement.where(Match.search_id == search_id, Lot.status.in_(PUBLIC_STATUSES))
    return statement.order_by(Match.at.desc(), Match.id)


def last_matches(session: Session, search_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, datetime]]:
    """By search how many lots it found that are still to be seen, and when the last."""
    statement = select(Match.search_id, func.count(func.distinct(Match.lot_id)), func.max(Match.at))
    statement = statement.join(Lot, Lot.id == Match.lot_id)
    statement = statement.where(Match.search_id.in_(search_ids), Lot.status.in_(PUBLIC_STATUSES))
    return {
        search_id: (count, at)
        for search_id, count, at in session.execute(statement.group_by(Match.search_id))
    }


def watch_list(person_id: uuid.UUID) -> Select[Watch]:
    return select(Watch).where(Watch.person_id == person_id).order_by(Watch.since.desc(), Watch.id)


def watch(session: Session, person_id: uuid.UUID, lot_id: uuid.UUID) -> Watch | None:
    statement = select(Watch).where(Watch.person_id == person_id, Watch.lot_id == lot_id)
    return session.scalars(statement).one_or_none()


def last_events(session: Session, watch_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, WatchEvent]:
    """The latest event of each watched lot."""
    statement = select(WatchEvent).where(WatchEvent.watch_id.in_(watch_ids)).order_by(WatchEvent.at)
    return {event.watch_id: event for event in session.scalars(statement)}


def was_registered(
    session: Session, lot_id: uuid.UUID, institution_id: uuid.UUID, outcomes: Iterable[Outcome]
) -> bool:
    """Whether an institution was registered for an auction of the lot that ended so."""
    statement = select(Registration.id).join(Auction, Auction.id == Registration.auction_id)
    statement = statement.where(
        Auction.lot_id == lot_id,
        Auction.outcome.in_(list(outcomes)),
        Registration.institution_id == institution_id,
    )
    return session.scalar(statement.limit(1)) is not None


def webhook_of(session: Session, person_id: uuid.UUID) -> Webhook | None:
    return session.scalars(select(Webhook).where(Webhook.person_id == person_id)).one_or_none()


def wants_mail(session: Session, person_id: uuid.UUID) -> bool:
    return session.get(MailRefusal, person_id) is None


def person(session: Session, person_id: uuid.UUID) -> Person:
    return session.get_one(Person, person_id)


def deliveries_of(webhook_id: uuid.UUID) -> Select[Delivery]:
    """What was sent to an address or waits for it, the latest first."""
    statement = select(Delivery).where(Delivery.webhook_id == webhook_id)
    return statement.order_by(Delivery.queued_at.desc(), Delivery.id)
