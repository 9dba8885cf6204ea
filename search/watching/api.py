"""One's own saved searches and watch list, and everybody's wanted notices, as JSON.

Moments are RFC 3339 in UTC. Changing something needs the session's cookie and its CSRF token in the header
`X-CSRFToken`.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.clock import moment_text
from marketplace.db import atomic, db
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.web import current_actor, limiter, public, signed_in
from search.watching import queries, wanted_queries
from search.watching.matching import question_of
from search.watching.messages import lot_as_json, site
from search.watching.models import SavedSearch, Sighting, Watch, WatchEvent
from search.watching.rules.bodies import Said, read_said
from search.watching.rules.keeping import lists
from search.watching.rules.words import SEARCHES_LIMIT, Channel, Frequency
from search.watching.service import searches, watches
from search.watching.service.searches import Wish

NOTICES_A_PAGE = 100
LOTS_A_PAGE = 100
BODY_LIMIT = 64 * 1024

blueprint = Blueprint("watching_api", __name__, url_prefix="/api")

Nothing = tuple[str, int]
_DONE: Nothing = ("", 204)


@blueprint.get("/watching/searches")
@limiter.limit("120/minute")
@signed_in
def own_searches() -> dict[str, Any]:
    """The actor's own searches, the latest first: all there are, for their number is limited."""
    own = queries.searches_of(db.session(), current_actor().person_id)
    found = queries.last_matches(db.session(), [search.id for search in own])
    return {
        "total": len(own),
        "most": SEARCHES_LIMIT,
        "searches": [_search_as_json(search, *found.get(search.id, (0, None))) for search in own],
    }


@blueprint.post("/watching/searches")
@limiter.limit("30/minute")
@signed_in
def save_search() -> tuple[dict[str, Any], int]:
    """Keep a search: `name` and `search`, and as one likes `frequency`, `channels` and `paused`."""
    said = _said(required=("name", "search"))
    usual = Wish(str(said.name), Frequency.DAILY, frozenset({Channel.MAIL, Channel.NOTICE}))
    with atomic() as session:
        saved = searches.save(session, current_actor(), _wish(said, usual), said.search or {})
        _pause_or_resume(session, saved.id, said)
    return _search_as_json(saved, 0, None), 201


@blueprint.patch("/watching/searches/<uuid:search_id>")
@limiter.limit("60/minute")
@signed_in
def change_search(search_id: uuid.UUID) -> dict[str, Any]:
    """Change of a search what is said: `name`, `frequency`, `channels`, `search`, `paused`."""
    said, actor = _said(), current_actor()
    with atomic() as session:
        own = queries.own_search(session, actor, search_id, lock=True)
        kept = Wish(own.name, own.frequency, frozenset(map(Channel, own.channels)))
        searches.edit(session, actor, search_id, _wish(said, kept), said.search)
        _pause_or_resume(session, search_id, said)
    found = queries.last_matches(db.session(), [search_id])
    return _search_as_json(own, *found.get(search_id, (0, None)))


@blueprint.delete("/watching/searches/<uuid:search_id>")
@limiter.limit("60/minute")
@signed_in
def delete_search(search_id: uuid.UUID) -> Nothing:
    """Forget a search with all it found."""
    with atomic() as session:
        searches.delete(session, current_actor(), search_id)
    return _DONE


@blueprint.get("/watching/lots")
@limiter.limit("120/minute")
@signed_in
def watched_lots() -> dict[str, Any]:
    """The lots the actor watches, the latest first, by page; of a hidden one only that it is gone."""
    page = db.paginate(
        queries.watch_list(current_actor().person_id), per_page=LOTS_A_PAGE, max_per_page=LOTS_A_PAGE
    )
    events = queries.last_events(db.session(), [watch.id for watch in page.items])
    seen = queries.sightings(db.session(), [watch.lot_id for watch in page.items])
    return {
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "lots": [_watch_as_json(watch, events.get(watch.id), seen) for watch in page.items],
    }


@blueprint.put("/watching/lots/<uuid:lot_id>")
@limiter.limit("60/minute")
@signed_in
def watch(lot_id: uuid.UUID) -> Nothing:
    """Put a lot on the watch list; twice is no error."""
    with atomic() as session:
        watches.watch(session, current_actor(), lot_id)
    return _DONE


@blueprint.delete("/watching/lots/<uuid:lot_id>")
@limiter.limit("60/minute")
@signed_in
def stop_watching(lot_id: uuid.UUID) -> Nothing:
    """Take a lot off the watch list; where it is not there, nothing is done."""
    with atomic() as session:
        watches.stop_watching(session, current_actor(), lot_id)
    return _DONE


@blueprint.get("/wanted")
@limiter.limit("120/minute")
@public
def wanted() -> dict[str, Any]:
    """Open notices, the latest first; the buyer's name only where it stands on the notice, a budget never."""
    page = db.paginate(
        wanted_queries.open_notices(clock.now()), per_page=NOTICES_A_PAGE, max_per_page=NOTICES_A_PAGE
    )
    return {
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "notices": [
            {
                "id": str(notice.id),
                "title": notice.title,
                "text": notice.text,
                "search": lists(notice.arguments),
                "buyer": notice.institution.name if notice.named else None,
                "published_at": moment_text(notice.published_at),
                "expires_at": moment_text(notice.expires_at),
                "url": f"{site()}/wanted/{notice.id}",
            }
            for notice in page.items
        ],
    }


def _said(*, required: tuple[str, ...] = ()) -> Said:
    request.max_content_length = BODY_LIMIT
    return read_said(request.get_json(silent=True), required=required)


def _wish(said: Said, usual: Wish) -> Wish:
    """How the search is to be kept: as said, else as usual."""
    return Wish(
        name=usual.name if said.name is None else said.name,
        frequency=usual.frequency if said.frequency is None else said.frequency,
        channels=usual.channels if said.channels is None else said.channels,
    )


def _pause_or_resume(session: Session, search_id: uuid.UUID, said: Said) -> None:
    if said.paused is not None:
        (searches.pause if said.paused else searches.resume)(session, current_actor(), search_id)


def _search_as_json(search: SavedSearch, found: int, last_at: datetime | None) -> dict[str, Any]:
    return {
        "id": str(search.id),
        "name": search.name,
        "search": lists(search.arguments),
        "readable": question_of(search.arguments) is not None,
        "frequency": str(search.frequency),
        "channels": sorted(search.channels),
        "paused": search.paused_at is not None,
        "saved_at": moment_text(search.saved_at),
        "found": found,
        "last_found_at": moment_text(last_at) if last_at else None,
        "url": f"{site()}/watching/searches/{search.id}",
    }


def _watch_as_json(
    watched: Watch, event: WatchEvent | None, seen: Mapping[uuid.UUID, Sighting]
) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": str(watched.lot_id), "status": None}
    if watched.lot.status in PUBLIC_STATUSES:
        facts = lot_as_json(watched.lot)
    elif watched.lot_id in seen:
        facts["title"] = seen[watched.lot_id].title
    happened = {"happening": str(event.happening), "at": moment_text(event.at)} if event else None
    return {**facts, "watched_since": moment_text(watched.since), "last_news": happened}
