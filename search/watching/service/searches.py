"""Keeping a search: saving, editing, pausing, deleting. Another person's does not exist."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor
from marketplace.errors import NotFound, Refused
from marketplace.parties.models import Person
from search.rules import Arguments, read
from search.watching import queries
from search.watching.models import MailRefusal, Match, SavedSearch
from search.watching.rules.keeping import kept, require_narrow
from search.watching.rules.words import MATCHES_KEPT, SEARCHES_LIMIT, Channel, Frequency, WatchReason


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to keep a search."""

    name: str
    frequency: Frequency
    channels: frozenset[Channel]


def save(session: Session, actor: Actor, wish: Wish, arguments: Arguments) -> SavedSearch:
    """Keep a search.

    Raises:
        Refused: the arguments cannot be read or every lot answers them, there are too many searches already,
            or a webhook is wanted where none is set.
    """
    lock_person(session, actor.person_id)
    statement = select(func.count()).select_from(SavedSearch)
    own = statement.where(SavedSearch.person_id == actor.person_id, SavedSearch.wanted_id.is_(None))
    if (session.scalar(own) or 0) >= SEARCHES_LIMIT:
        raise Refused(WatchReason.TOO_MANY_SEARCHES, "name", most=SEARCHES_LIMIT)
    now = clock.now()
    search = SavedSearch(
        person_id=actor.person_id,
        name=wish.name,
        arguments=checked(arguments),
        frequency=wish.frequency,
        channels=_channels(session, actor, wish.channels),
        saved_at=now,
        changed_at=now,
    )
    session.add(search)
    session.flush()
    return search


def checked(arguments: Arguments) -> dict[str, list[str]]:
    """The arguments as they are kept. Raises Refused, naming the one that is malformed."""
    worth_keeping = kept(arguments)
    require_narrow(read(worth_keeping))
    return worth_keeping


def edit(
    session: Session, actor: Actor, search_id: uuid.UUID, wish: Wish, arguments: Arguments | None = None
) -> None:
    """Change a search; what it looks for only with new arguments. Raises Refused, NotFound."""
    search = queries.own_search(session, actor, search_id, lock=True)
    search.name, search.frequency = wish.name, wish.frequency
    search.channels = _channels(session, actor, wish.channels)
    if arguments is not None and (new := checked(arguments)) != search.arguments:
        search.arguments, search.changed_at = new, clock.now()


def pause(session: Session, actor: Actor, search_id: uuid.UUID) -> None:
    """Look for nothing until it is resumed; what was found and not told yet is not told. Raises NotFound."""
    search = queries.own_search(session, actor, search_id, lock=True)
    if search.paused_at is None:
        search.paused_at = search.changed_at = clock.now()


def resume(session: Session, actor: Actor, search_id: uuid.UUID) -> None:
    """Go on from now; what came meanwhile is not told. Raises NotFound."""
    search = queries.own_search(session, actor, search_id, lock=True)
    if search.paused_at is not None:
        search.paused_at, search.changed_at = None, clock.now()


def delete(session: Session, actor: Actor, search_id: uuid.UUID) -> None:
    """Forget a search with all it found. Raises NotFound."""
    session.delete(queries.own_search(session, actor, search_id, lock=True))


def refuse_mails(session: Session, person_id: uuid.UUID) -> None:
    """Send this person no more mails about searches and watched lots; twice is no error."""
    lock_person(session, person_id)
    if queries.wants_mail(session, person_id):
        session.add(MailRefusal(person_id=person_id, since=clock.now()))


def want_mails(session: Session, actor: Actor) -> None:
    """Send mails again."""
    refusal = session.get(MailRefusal, actor.person_id)
    if refusal is not None:
        session.delete(refusal)


def forget_old(session: Session) -> bool:
    """Forget a batch of what was found long ago; a job of the worker."""
    old = select(Match.id).where(Match.at < clock.now() - MATCHES_KEPT, Match.told_at.is_not(None))
    ids = list(session.scalars(old.limit(queries.BATCH)))
    for match in session.scalars(select(Match).where(Match.id.in_(ids))):
        session.delete(match)
    return bool(ids)


def lock_person(session: Session, person_id: uuid.UUID) -> None:
    """Two requests at once must not both take the last place. Raises NotFound."""
    statement = select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)
    if session.scalar(statement) is None:
        raise NotFound("person")


def _channels(session: Session, actor: Actor, channels: Collection[Channel]) -> list[str]:
    if Channel.WEBHOOK in channels and queries.webhook_of(session, actor.person_id) is None:
        raise Refused(WatchReason.NO_WEBHOOK, "channels")
    return sorted(map(str, channels))
