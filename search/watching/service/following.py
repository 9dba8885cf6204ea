"""Following lots as they change: what saved searches find and what watchers are to hear is written down.

Finding takes longer than a transaction may be open, so it is done before: a step looks, finds, and then
writes down, in short transactions, each of which checks that no other worker took the step and that the lots
are still as they were. Matches come first; how far the step came is written last, together with the lots as
they were seen. A crash in between loses nothing, for the step is taken again, and tells nothing twice, for
matches that are there already are not written again.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.models import Auction
from marketplace import clock
from marketplace.db import atomic, db
from marketplace.listings.models import Lot
from search.documents import document
from search.percolation import Batch
from search.queries import open_auctions
from search.service import OVERLAP
from search.watching import matching, queries
from search.watching.models import Sighting, WatchEvent
from search.watching.rules.happenings import Facts, Happening, happenings, interest
from search.watching.rules.words import OPENS_SOON
from search.watching.service import matches
from search.watching.service.matches import Finds, Found

SEARCHES_AT_ONCE = 5_000
"""Saved searches that are held in memory together."""
SECONDS_BETWEEN_PARTS = 0.1


@dataclass(frozen=True, slots=True)
class Step:
    """What was looked at before the transaction.

    Attributes:
        round: of the progress when the step began.
        until: how far it will have come; None where it looked at changed auctions only.
        interests: by lot what would be news about it.
        found: by saved search the news it found.
    """

    round: int
    until: datetime | None
    interests: dict[uuid.UUID, str]
    found: dict[uuid.UUID, Found]


@dataclass(frozen=True, slots=True)
class Looked:
    """A lot with its coming auction, and what watchers care about in both."""

    lot: Lot
    facts: Facts
    auction: Auction | None


def follow_changes() -> int:
    """Take one step along the lots that changed; a door of the worker. Returns how many lots it looked at."""
    step = _look(db.session())
    db.session().rollback()
    return _write_down(step) if step.interests else 0


def _look(session: Session) -> Step:
    progress = queries.progress(session)
    begun = progress.round if progress else 0
    changed = queries.changed_lots(session, progress.until - OVERLAP if progress else None)
    ids = {lot_id for lot_id, _ in changed} | queries.lots_with_changed_auctions(session)
    lots, auctions = queries.lots_whole(session, ids), open_auctions(session, list(ids))
    seen = queries.sightings(session, ids)
    interests = {lot.id: interest(facts_of(lot, auctions.get(lot.id), seen.get(lot.id))) for lot in lots}
    news = [lot for lot in lots if _is_news(lot, interests[lot.id], seen.get(lot.id))]
    first_seen = {str(lot.id): lot.changed_at for lot in news if lot.id not in seen}
    return Step(
        round=begun,
        until=max((moment for _, moment in changed), default=None),
        interests=interests,
        found=_find(session, news, first_seen) if news else {},
    )


def facts_of(lot: Lot, auction: Auction | None, seen: Sighting | None) -> Facts:
    """The facts of a lot; once bidding has begun its dates stay as announced, for an end may be put off."""
    opens_at, closes_at = lot.opens_at, lot.closes_at
    if auction is not None:
        known = seen is not None and seen.auction_id == auction.id and auction.opened_at is not None
        opens_at = seen.opens_at if seen and known else auction.opens_at
        closes_at = seen.closes_at if seen and known else auction.closes_at
    return Facts(
        status=lot.status,
        currency=lot.currency,
        price_minor=lot.start_price_minor,
        auction=str(auction.id) if auction else "",
        opens_at=opens_at,
        closes_at=closes_at,
        published=lot.published_at.isoformat() if lot.published_at else "",
    )


def _is_news(lot: Lot, now: str, seen: Sighting | None) -> bool:
    public = Facts(lot.status, lot.currency).public
    return public and (seen is None or not seen.public or seen.interest != now)


def _find(session: Session, news: list[Lot], first_seen: dict[str, datetime]) -> dict[uuid.UUID, Found]:
    """By saved search the lots that are news to it; one seen for the first time must be younger than it."""
    found: dict[uuid.UUID, Found] = {}
    if not (searches := queries.running_searches(session, None, SEARCHES_AT_ONCE)):
        return found
    # A long read would hold up every writer of an SQLite database; the lots are read whole already.
    session.expunge_all()
    session.rollback()
    batch = Batch([document(lot) for lot in news])
    while searches:
        session.rollback()
        since = {kept.id: kept.changed_at for kept in searches}
        asked = ((kept.id, kept.arguments) for kept in searches)
        for search_id, ids in matching.found_by(batch, asked, clock.now()).items():
            begun = since[search_id]
            lots = tuple(uuid.UUID(lot_id) for lot_id in ids if first_seen.get(lot_id, begun) >= begun)
            found[search_id] = Found(begun, lots)
        searches = queries.running_searches(session, searches[-1].id, SEARCHES_AT_ONCE)
    return found


def _write_down(step: Step) -> int:
    """Write down what the step found, part by part, and at last that it was taken."""
    for number, part in enumerate(matches.parts(step.found)):
        if number:
            # On SQLite all who write wait for one lock, and ask for it only now and then.
            time.sleep(SECONDS_BETWEEN_PARTS)
        with atomic() as session:
            if not _write_part(session, step, part):
                return 0
    with atomic() as session:
        return _take(session, step)


def _write_part(session: Session, step: Step, part: Finds) -> bool:
    """Write down a part of the matches, unless another worker has taken the step."""
    if queries.lock_progress(session).round != step.round:
        return False
    seen = queries.sightings(session, step.interests)
    lots = {looked.lot.id: looked.lot for looked in _unchanged(session, step, seen)}
    matches.write_part(session, part, lots, step.interests)
    return True


def _unchanged(session: Session, step: Step, seen: Mapping[uuid.UUID, Sighting]) -> list[Looked]:
    """The lots that are as the step saw them; what has changed since is the next step's."""
    lots, auctions = queries.lots_alone(session, step.interests), open_auctions(session, list(step.interests))
    looked = (
        Looked(lot, facts_of(lot, auctions.get(lot.id), seen.get(lot.id)), auctions.get(lot.id))
        for lot in lots
    )
    return [one for one in looked if interest(one.facts) == step.interests[one.lot.id]]


def _take(session: Session, step: Step) -> int:
    """Remember the lots as the step saw them, and how far it came, unless another worker has taken it."""
    progress = queries.lock_progress(session)
    if progress.round != step.round:
        return 0
    # Openings are told by another thread meanwhile; what it notes must not be lost.
    seen = queries.lock_sightings(session, step.interests)
    for looked in _unchanged(session, step, seen):
        _note(session, looked, seen.get(looked.lot.id))
    progress.round += 1
    if step.until is not None:
        progress.until = max(progress.until, step.until)
    session.flush()
    return len(step.interests)


def _note(session: Session, looked: Looked, seen: Sighting | None) -> None:
    """Remember the lot as it is now; whoever watches it is to hear what has happened since."""
    lot, facts, auction = looked.lot, looked.facts, looked.auction
    if seen is None:
        seen = Sighting(lot_id=lot.id, number=1, opening_told=False)
        session.add(seen)
    else:
        happened = happenings(_facts_seen(seen), facts)
        seen.number += bool(happened)
        for watch_id in queries.watches_of_lot(session, lot.id) if happened else ():
            session.add_all(_event(watch_id, happening, seen) for happening in happened)
    if facts.public:
        seen.title = lot.title
        seen.opening_told = seen.opening_told and seen.opens_at == facts.opens_at
        seen.opens_at, seen.closes_at = facts.opens_at, facts.closes_at
        seen.auction_id = auction.id if auction else None
        seen.price_minor, seen.currency, seen.published_at = (
            facts.price_minor,
            facts.currency,
            lot.published_at,
        )
        seen.interest = interest(facts)
    seen.public, seen.status, seen.changed_at, seen.seen_at = (
        facts.public,
        lot.status,
        lot.changed_at,
        clock.now(),
    )


def _facts_seen(seen: Sighting) -> Facts:
    return Facts(
        status=seen.status,
        currency=seen.currency,
        price_minor=seen.price_minor,
        auction=str(seen.auction_id) if seen.auction_id else "",
        opens_at=seen.opens_at,
        closes_at=seen.closes_at,
        published=seen.published_at.isoformat() if seen.published_at else "",
    )


def _event(watch_id: uuid.UUID, happening: Happening, seen: Sighting) -> WatchEvent:
    return WatchEvent(watch_id=watch_id, happening=happening, number=seen.number, at=clock.now())


def note_opening(session: Session) -> bool:
    """Let the watchers of one lot hear that its auction opens within a day; a job of the worker."""
    now = clock.now()
    seen = queries.take_opening(session, now, now + OPENS_SOON)
    if seen is None:
        return False
    seen.opening_told = True
    for watch_id in queries.watches_of_lot(session, seen.lot_id):
        event = _event(watch_id, Happening.OPENS_SOON, seen)
        event.due_at = seen.opens_at
        session.add(event)
    return True
