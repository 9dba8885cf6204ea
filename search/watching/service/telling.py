"""Telling people what was found and what happened: one message each, once, and only what is public still."""

from collections.abc import Iterable, Sequence

from flask_babel import force_locale
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from marketplace import clock, due
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.notices.texts import notice_text
from marketplace.parties.models import Person
from search.watching import queries
from search.watching.messages import Find, News, mail_finds, mail_news
from search.watching.models import Match, SavedSearch, Watch, WatchEvent
from search.watching.rules.happenings import TOLD_BY_AUCTION, Happening
from search.watching.rules.words import LOTS_A_MESSAGE, SEARCHES_A_MESSAGE, Channel
from search.watching.service.webhooks import queue_delivery

WATCHED = {happening: NoticeKind(f"watched_{happening}") for happening in Happening}


def tell_found(session: Session) -> bool:
    """Tell one person everything that is due from saved searches; a job of the worker."""
    first = due.take_first(
        session, select(SavedSearch).where(_has_due()).order_by(SavedSearch.id), SavedSearch
    )
    if first is None:
        return False
    others = select(SavedSearch).where(_has_due(), SavedSearch.person_id == first.person_id)
    others = others.where(SavedSearch.id != first.id).order_by(SavedSearch.id).limit(SEARCHES_A_MESSAGE - 1)
    locked = session.scalars(others.with_for_update(skip_locked=True, of=SavedSearch))
    finds = [_take(session, search) for search in (first, *locked)]
    _send(session, first.person, [find for find in finds if find.lots])
    return True


def _is_due() -> ColumnElement[bool]:
    return Match.told_at.is_(None) & (Match.due_at <= clock.now())


def _has_due() -> ColumnElement[bool]:
    return select(Match.id).where(Match.search_id == SavedSearch.id, _is_due()).exists()


def _take(session: Session, search: SavedSearch) -> Find:
    """What is due of a search, marked as told; hidden lots, and all while it is paused, are left out."""
    statement = (
        select(Match).where(Match.search_id == search.id, _is_due()).order_by(Match.at.desc(), Match.id)
    )
    due_now = list(session.scalars(statement.limit(queries.MATCHES_AT_ONCE)))
    wanted = search.paused_at is None and search.person.active
    public = _public(session, due_now) if wanted else {}
    shown: dict[object, Lot] = {}
    for match in due_now:
        match.told_at, match.left_out = clock.now(), match.lot_id not in public
        if not match.left_out:
            shown.setdefault(match.lot_id, public[match.lot_id])
    return Find(search, list(shown.values()))


def _public(session: Session, found: Iterable[Match]) -> dict[object, Lot]:
    ids = {match.lot_id for match in found}
    statement = select(Lot).where(Lot.id.in_(ids), Lot.status.in_(PUBLIC_STATUSES))
    return {lot.id: lot for lot in session.scalars(statement.execution_options(populate_existing=True))}


def _send(session: Session, person: Person, finds: Sequence[Find]) -> None:
    for find in finds:
        if Channel.NOTICE in find.search.channels:
            kind = NoticeKind.WANTED_MATCHED if find.search.wanted_id else NoticeKind.SEARCH_MATCHED
            title = f"{find.search.name} ({len(find.lots)})"
            notify(session, person.institution_id, kind, find.path, title=title, person_id=person.id)
        if Channel.WEBHOOK in find.search.channels:
            queue_delivery(session, find)
    by_mail = [find for find in finds if Channel.MAIL in find.search.channels]
    if by_mail and queries.wants_mail(session, person.id):
        mail_finds(session, person, by_mail)


def tell_watchers(session: Session) -> bool:
    """Tell one person everything new about the lots on their list; a job of the worker."""
    first = due.take_first(session, select(Watch).where(_has_news()).order_by(Watch.id), Watch)
    if first is None:
        return False
    others = select(Watch).where(_has_news(), Watch.person_id == first.person_id, Watch.id != first.id)
    locked = session.scalars(
        others.order_by(Watch.id).limit(LOTS_A_MESSAGE - 1).with_for_update(skip_locked=True, of=Watch)
    )
    watches = [first, *locked]
    events = _untold(session, watches)
    told = [event for event in events if event.watch.person.active and _may_be_told(session, event)]
    with force_locale(first.person.language):
        news = [_notice(session, event) for event in told]
    if news and queries.wants_mail(session, first.person_id):
        mail_news(session, first.person, news[:LOTS_A_MESSAGE])
    return True


def _has_news() -> ColumnElement[bool]:
    return select(WatchEvent.id).where(WatchEvent.watch_id == Watch.id, WatchEvent.told_at.is_(None)).exists()


def _untold(session: Session, watches: Sequence[Watch]) -> list[WatchEvent]:
    ids = [watch.id for watch in watches]
    statement = select(WatchEvent).where(WatchEvent.watch_id.in_(ids), WatchEvent.told_at.is_(None))
    events = list(session.scalars(statement.order_by(WatchEvent.at, WatchEvent.happening)))
    for event in events:
        event.told_at = clock.now()
    return events


def _may_be_told(session: Session, event: WatchEvent) -> bool:
    """Nothing but that it is gone is said of a hidden lot; bidders hear the end from the auction itself."""
    lot, institution_id = event.watch.lot, event.watch.person.institution_id
    session.refresh(lot, ["status", "title"])
    public = lot.status in PUBLIC_STATUSES
    if public is (event.happening is Happening.GONE):
        return False
    outcomes = TOLD_BY_AUCTION.get(event.happening, frozenset())
    return not (outcomes and queries.was_registered(session, lot.id, institution_id, outcomes))


def _notice(session: Session, event: WatchEvent) -> News:
    person, lot, kind = event.watch.person, event.watch.lot, WATCHED[event.happening]
    gone = event.happening is Happening.GONE
    seen = queries.sightings(session, [lot.id]).get(lot.id)
    title = seen.title if gone and seen else lot.title
    path = "/watching/lots" if gone else f"/lots/{lot.id}"
    notify(session, person.institution_id, kind, path, title=title, due_at=event.due_at, person_id=person.id)
    return News(notice_text(kind, title), path, event.due_at)
