"""Keeping the index after the database, which is the truth; finding lots is in `search.finding`."""

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from marketplace.db import db
from marketplace.listings.rules import PUBLIC_STATUSES
from search import index, queries
from search.documents import document, version, version_moment
from search.engines import Busy, Document, Engine, Unavailable

# A transaction may commit after one that read the clock later; none lives this long.
OVERLAP = timedelta(minutes=15)

COMPARED_EVERY = timedelta(hours=1)
COMPARED_AT_ONCE = 1000

# A thread that builds the index for minutes is not waited for by the one that follows.
_at_work = threading.Lock()

_FOLLOWED, _COMPARE_AGAIN = "search_followed", "search_compare_again"


def index_changed(*, everything: bool = False) -> int:
    """Bring the index up to what changed in the database; returns how many documents were written.

    The index itself says how far it got, so a crash cannot leave a mark that is ahead of it. Lots changed a
    while before that are compared again, but only written when they differ. `everything` compares all lots.
    Where there is no usable index, it is built. Where another process is writing, nothing is done.
    """
    try:
        return _brought_up_or_built(everything=everything)
    except Busy:
        return 0


def follow() -> int:
    """As `index_changed`, for whoever has other things to do: a large index is built by `compare_all`."""
    if not _at_work.acquire(blocking=False):
        return 0
    try:
        return _bring_up(everything=False)
    except Busy:
        return 0
    except Unavailable:
        current_app.extensions.pop(_COMPARE_AGAIN, None)
        few = queries.count_public_lots(db.session(), queries.BATCH + 1) <= queries.BATCH
        return index_changed() if few else 0
    finally:
        _at_work.release()


def compare_all() -> int:
    """Compare every lot at the start of a process and every hour after; returns how many were written.

    This finds what a rebuild that was killed has left behind, and builds the index where `follow` found none.
    """
    extensions, now = current_app.extensions, time.monotonic()
    if now < extensions.get(_COMPARE_AGAIN, now):
        return 0
    try:
        with _at_work:
            written = _brought_up_or_built(everything=True)
    except Busy:
        return 0
    if not written:
        extensions[_COMPARE_AGAIN] = now + COMPARED_EVERY.total_seconds()
    return written


def _bring_up(*, everything: bool) -> int:
    engine, session = index.current(), db.session()
    changed, gone = _differences(session, engine, everything=everything)
    if not changed and not gone:
        return 0
    engine.upsert([document(lot) for lot in queries.public_lots(session, changed)])
    engine.delete(gone)
    # No transaction stays open while the files are written.
    session.rollback()
    engine.commit()
    return len(changed) + len(gone)


def _brought_up_or_built(*, everything: bool) -> int:
    try:
        return _bring_up(everything=everything)
    except Unavailable:
        return rebuild()


def _differences(session: Session, engine: Engine, *, everything: bool) -> tuple[list[uuid.UUID], list[str]]:
    """At most a batch of lots to write again and of documents to remove, oldest changes first."""
    states = queries.states_since(session, None if everything else _since(engine.newest()))
    changed, gone = [], []
    for start in range(0, len(states), COMPARED_AT_ONCE):
        compared = states[start : start + COMPARED_AT_ONCE]
        known = engine.versions([str(state.id) for state in compared])
        for state in compared:
            held = known.get(str(state.id))
            if state.status not in PUBLIC_STATUSES:
                gone.extend([str(state.id)] if held else [])
            elif held != version(state.changed_at, state.status):
                changed.append(state.id)
            if len(changed) + len(gone) >= queries.BATCH:
                return changed, gone
    if not changed and not gone:
        _note_followed(states)
    return changed, gone


def _since(newest: str) -> datetime | None:
    """From when on lots are compared: what the index has, or what this process has compared since."""
    if not newest:
        return None
    followed = current_app.extensions.get(_FOLLOWED)
    moment = version_moment(newest)
    return (moment if followed is None else max(moment, followed)) - OVERLAP


def _note_followed(states: list[queries.State]) -> None:
    """Drafts leave no trace in the index; without this they would be compared again and again."""
    if states:
        current_app.extensions[_FOLLOWED] = states[-1].changed_at


def rebuild() -> int:
    """Build the index anew from the database while the old one answers; returns how many lots are in it.

    Raises:
        Busy: another process is writing.
    """
    engine = index.current()
    engine.rebuild(_all_documents(db.session()))
    # Lots read early may have changed since; whoever else is writing already follows them.
    with suppress(Busy):
        while _bring_up(everything=True):
            pass
    return len(engine.versions())


def _all_documents(session: Session) -> Iterator[Document]:
    last = None
    while lots := queries.public_lots_after(session, last):
        documents, last = [document(lot) for lot in lots], lots[-1].id
        # A long read would hold up every writer of an SQLite database.
        session.rollback()
        yield from documents
