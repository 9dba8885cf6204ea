"""Keeping the index after the database, and finding lots. The database is the truth, the index a helper."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from auctions.models import Auction
from marketplace.db import db
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from search import index, queries
from search.documents import document, version, version_moment
from search.engines import Busy, Document, Engine, Response, TooBroad, Unavailable
from search.reasons import SearchReason
from search.rules import Question, request_for

# A transaction may commit after one that read the clock later; none lives this long.
OVERLAP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of results.

    Attributes:
        lots: as they are in the database now; a lot no longer public is left out.
        auctions: the running or coming auction by lot.
        total: matching lots. facets: per field and value how many lots there are.
        loosened: no lot has all the words; these have some.
    """

    lots: list[Lot]
    auctions: Mapping[uuid.UUID, Auction]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    loosened: bool


def find(session: Session, question: Question) -> Page:
    """Answer a question.

    Raises:
        Refused: a prefix stands for too many words.
        Unavailable: there is no index yet.
    """
    answer, loosened = _ask(index.current(), question)
    ids = [uuid.UUID(hit.id) for hit in answer.hits]
    found = {lot.id: lot for lot in queries.public_lots(session, ids)}
    lots = [found[lot_id] for lot_id in ids if lot_id in found and _still_asked(found[lot_id], question)]
    return Page(
        lots=lots,
        auctions=queries.open_auctions(session, [lot.id for lot in lots]),
        total=answer.total - len(ids) + len(lots),
        facets=answer.facets,
        loosened=loosened,
    )


def _ask(engine: Engine, question: Question) -> tuple[Response, bool]:
    try:
        answer = engine.search(request_for(question))
        if answer.total or question.words.loose == question.words.strict:
            return answer, False
        return engine.search(request_for(question, loose=True)), True
    except TooBroad as broad:
        raise Refused(SearchReason.TOO_BROAD, "q", prefix=broad.args[0]) from None


def _still_asked(lot: Lot, question: Question) -> bool:
    """The index may be a second behind: a lot sold since is not shown among those for sale."""
    return not question.statuses or lot.status in question.statuses


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
