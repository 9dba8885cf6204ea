"""Wanted notices: publishing, withdrawing, taking down, running out, and answering them."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import audit, clock, outbox
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.parties.models import Institution, Person
from search.rules import Arguments
from search.watching import wanted_queries as queries
from search.watching.messages import site
from search.watching.models import SavedSearch, WantedAnswer, WantedNotice
from search.watching.rules.words import (
    ANSWERS_A_DAY,
    ANSWERS_A_NOTICE,
    WANTED_LIFE,
    WANTED_LIMIT,
    Channel,
    Frequency,
    WantedStatus,
    WatchReason,
)
from search.watching.service.searches import checked


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a buyer publishes; the budget is in minor units of `currency` and stays private."""

    title: str
    text: str
    arguments: Arguments
    named: bool = False
    budget_minor: int | None = None
    currency: str | None = None


def publish(session: Session, actor: Actor, wanted: Wanted) -> WantedNotice:
    """Publish a notice; lots that come and answer it are told to whoever published it.

    Raises:
        Refused: the search cannot be read or every lot answers it, or too many notices are open.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.PUBLISH_WANTED, Subject(owner_id=actor.institution_id))
    _lock_institution(session, actor)
    if queries.count_open(session, actor.institution_id, clock.now()) >= WANTED_LIMIT:
        raise Refused(WatchReason.TOO_MANY_WANTED, "title", most=WANTED_LIMIT)
    now, arguments = clock.now(), checked(wanted.arguments)
    notice = WantedNotice(
        institution_id=actor.institution_id,
        person_id=actor.person_id,
        title=wanted.title,
        text=wanted.text,
        arguments=arguments,
        budget_minor=wanted.budget_minor,
        currency=wanted.currency if wanted.budget_minor is not None else None,
        named=wanted.named,
        published_at=now,
        expires_at=now + WANTED_LIFE,
    )
    session.add(notice)
    session.flush()
    session.add(_search_of(notice))
    _audit(session, actor, "search.publish_wanted", notice)
    return notice


def _search_of(notice: WantedNotice) -> SavedSearch:
    return SavedSearch(
        person_id=notice.person_id,
        wanted_id=notice.id,
        name=notice.title,
        arguments=notice.arguments,
        frequency=Frequency.AT_ONCE,
        channels=sorted([str(Channel.MAIL), str(Channel.NOTICE)]),
        saved_at=notice.published_at,
        changed_at=notice.published_at,
    )


def withdraw(session: Session, actor: Actor, wanted_id: uuid.UUID) -> None:
    """End one's own notice. Raises NotFound, NotAllowed, and Conflict for one that has ended."""
    notice = queries.lock_wanted(session, wanted_id)
    require(actor, Verb.PUBLISH_WANTED, Subject(owner_id=notice.institution_id))
    _end(session, notice, WantedStatus.WITHDRAWN)
    _audit(session, actor, "search.withdraw_wanted", notice)


def take_down(session: Session, actor: Actor, wanted_id: uuid.UUID, reason: str) -> None:
    """The operator ends a notice that breaks the rules; its buyer is told why. Raises as `withdraw`."""
    require(actor, Verb.MODERATE_WANTED)
    notice = queries.lock_wanted(session, wanted_id)
    _end(session, notice, WantedStatus.TAKEN_DOWN)
    notice.reason = reason
    _audit(session, actor, "search.take_down_wanted", notice, reason)
    _tell(session, notice, NoticeKind.WANTED_TAKEN_DOWN)


def expire_due(session: Session) -> bool:
    """End one notice that has run out; a job of the worker."""
    notice = queries.take_expired(session, clock.now())
    if notice is None:
        return False
    _end(session, notice, WantedStatus.EXPIRED)
    _tell(session, notice, NoticeKind.WANTED_EXPIRED)
    return True


def answer(session: Session, actor: Actor, wanted_id: uuid.UUID, text: str, lot_id: uuid.UUID | None) -> None:
    """Write to the buyer of an open notice, who learns who writes.

    Raises:
        Refused: the lot is not on offer, or there were too many answers.
        NotFound, NotAllowed, Conflict: no such notice, not one's part, or it has ended.
    """
    require(actor, Verb.ANSWER_WANTED)
    notice = queries.lock_wanted(session, wanted_id)
    _require_open(notice)
    _lock_institution(session, actor)
    lot = session.get(Lot, lot_id) if lot_id else None
    if lot_id and (lot is None or lot.status not in PUBLIC_STATUSES):
        raise Refused(WatchReason.NOT_ON_OFFER, "lot")
    day_ago = clock.now() - timedelta(days=1)
    to_it, today = queries.count_answers(session, actor.institution_id, notice.id, day_ago)
    if to_it >= ANSWERS_A_NOTICE or today >= ANSWERS_A_DAY:
        raise Refused(WatchReason.TOO_MANY_ANSWERS, "text", each=ANSWERS_A_NOTICE, day=ANSWERS_A_DAY)
    session.add(
        WantedAnswer(
            wanted_id=notice.id,
            institution_id=actor.institution_id,
            person_id=actor.person_id,
            lot_id=lot_id,
            text=text,
            at=clock.now(),
        )
    )
    _audit(session, actor, "search.answer_wanted", notice)
    _tell(session, notice, NoticeKind.WANTED_ANSWERED)
    _mail_answer(session, notice)


def _mail_answer(session: Session, notice: WantedNotice) -> None:
    person = session.get_one(Person, notice.person_id)
    with force_locale(person.language):
        subject = gettext("An answer to your wanted notice “%(title)s”", title=notice.title)
        body = gettext("Somebody has answered your wanted notice. Read it and who wrote it here:")
        outbox.queue(
            session, person.email, subject, f"{body}\n\n{site()}/wanted/{notice.id}\n\n落槌 Luochui\n"
        )


def _require_open(notice: WantedNotice) -> None:
    if notice.status is not WantedStatus.OPEN or notice.expires_at <= clock.now():
        raise Conflict(WatchReason.ENDED)


def _end(session: Session, notice: WantedNotice, status: WantedStatus) -> None:
    if notice.status is not WantedStatus.OPEN:
        raise Conflict(WatchReason.ENDED)
    notice.status, notice.ended_at = status, clock.now()
    search = queries.search_of(session, notice.id)
    search.paused_at = search.changed_at = clock.now()


def _tell(session: Session, notice: WantedNotice, kind: NoticeKind) -> None:
    path = f"/wanted/{notice.id}"
    notify(session, notice.institution_id, kind, path, title=notice.title, person_id=notice.person_id)


def _lock_institution(session: Session, actor: Actor) -> None:
    """Two requests at once must not both take the last place."""
    statement = select(Institution.id).where(Institution.id == actor.institution_id)
    if session.scalar(statement.with_for_update(key_share=True)) is None:
        raise NotFound("institution")


def _audit(session: Session, actor: Actor, act: str, notice: WantedNotice, reason: str = "") -> None:
    audit.record(
        session,
        act,
        notice.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason,
    )
