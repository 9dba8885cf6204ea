"""Writing down what saved searches found, in parts: no transaction is long enough to hold anybody up."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.clock import LOCAL_ZONE
from marketplace.listings.models import Lot
from search.watching import queries
from search.watching.models import Match, SavedSearch
from search.watching.rules.times import due_at

MATCHES_A_PART = 1_000
"""A part ends with the search that reaches this number."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a saved search found, as it stood at `changed_at`."""

    changed_at: datetime
    lots: tuple[uuid.UUID, ...]


Finds = Mapping[uuid.UUID, Found]


def parts(finds: Finds) -> Iterator[Finds]:
    """All that was found, about a thousand matches at a time."""
    part: dict[uuid.UUID, Found] = {}
    size = 0
    for search_id, found in finds.items():
        if not found.lots:
            continue
        part[search_id] = found
        size += len(found.lots)
        if size >= MATCHES_A_PART:
            yield part
            part, size = {}, 0
    if part:
        yield part


def write_part(
    session: Session, part: Finds, lots: Mapping[uuid.UUID, Lot], interests: Mapping[uuid.UUID, str]
) -> None:
    """Write down the matches of these lots that are not written down yet.

    Args:
        session: in which the progress is locked, so that nobody else writes matches.
        part: by saved search what it found.
        lots: those that are still as they were when they were found.
        interests: by lot what is news about it.
    """
    current = queries.searches_by_id(session, list(part))
    before = queries.matched_before(session, part, {interests[lot_id] for lot_id in lots})
    rows, now = list[dict[str, Any]](), clock.now()
    for search_id, found in part.items():
        search = current.get(search_id)
        # An edited search looks for something else from now on; a paused one for nothing.
        if search is None or search.changed_at != found.changed_at:
            continue
        rows.extend(
            _row(search, lots[lot_id], interests[lot_id], now)
            for lot_id in found.lots
            if lot_id in lots and (search_id, lot_id, interests[lot_id]) not in before
        )
    if rows:
        session.execute(insert(Match), rows)


def _row(search: SavedSearch, lot: Lot, news: str, now: datetime) -> dict[str, Any]:
    return {
        "search_id": search.id,
        "lot_id": lot.id,
        "interest": news,
        "status": lot.status,
        "at": now,
        "due_at": due_at(search.frequency, now.astimezone(LOCAL_ZONE)),
    }
