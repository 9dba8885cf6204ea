"""Keeping the index after the database, which is the truth; finding lots is in `search.finding`."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import timedelta

from sqlalchemy.orm import Session

from marketplace.db import db
from marketplace.listings.rules import PUBLIC_STATUSES
from search import index, queries
from search.documents import document, version, version_moment
from search.engines import Busy, Document, Unavailable

# A transaction may commit after one that read the clock later; none lives this long.
OVERLAP = timedelta(minutes=15)


def index_changed(*, everything: bool = False) -> int:
    """Bring the index up to what changed in the database; returns how many documents were written.

    The index itself says how far it got, so a crash cannot leave a mark that is ahead of it. Lots changed a
    while before that are compared again, but only written when they differ. `everything` compares all lots.
    Where there is no usable index, it is built. Where another process is writing, nothing is done.
    """
    engine, session = index.current(), db.session()
    try:
        known = engine.versions()
        changed, gone = _differences(session, known, everything=everything)
        if not changed and not gone:
            return 0
        engine.upsert([document(lot) for lot in queries.public_lots(session, changed)])
        engine.delete(gone)
        # No transaction stays open while the files are written.
        session.rollback()
        engine.commit()
    except Unavailable:
        return _rebuild_if_free()
    except Busy:
        return 0
    return len(changed) + len(gone)


def _rebuild_if_free() -> int:
    try:
        return rebuild()
    except Busy:
        return 0


def _differences(
    session: Session, known: Mapping[str, str], *, everything: bool
) -> tuple[list[uuid.UUID], list[str]]:
    """At most a batch of lots to write again and of documents to remove, oldest changes first."""
    since = None if everything or not known else version_moment(max(known.values())) - OVERLAP
    changed, gone = [], []
    for state in queries.states_since(session, since):
        held = known.get(str(state.id))
        if state.status not in PUBLIC_STATUSES:
            gone.extend([str(state.id)] if held else [])
        elif held != version(state.changed_at, state.status):
            changed.append(state.id)
        if len(changed) + len(gone) >= queries.BATCH:
            break
    return changed, gone


def rebuild() -> int:
    """Build the index anew from the database while the old one answers; returns how many lots are in it.

    Raises:
        Busy: another process is writing.
    """
    engine = index.current()
    engine.rebuild(_all_documents(db.session()))
    # Lots read early may have changed since.
    while index_changed(everything=True):
        pass
    return len(engine.versions())


def _all_documents(session: Session) -> Iterator[Document]:
    last = None
    while lots := queries.public_lots_after(session, last):
        documents, last = [document(lot) for lot in lots], lots[-1].id
        # A long read would hold up every writer of an SQLite database.
        session.rollback()
        yield from documents
