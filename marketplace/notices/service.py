"""Telling an institution that something happened or has to be decided."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor
from marketplace.money import Money
from marketplace.notices.models import Notice, NoticeReading
from marketplace.notices.rules import NoticeKind


def notify(
    session: Session,
    institution_id: uuid.UUID,
    kind: NoticeKind,
    subject_url: str,
    *,
    title: str,
    amount: Money | None = None,
    due_at: datetime | None = None,
    person_id: uuid.UUID | None = None,
) -> Notice:
    """Add a notice to the running transaction.

    No secret (reserve, maximum, another bidder's name) may stand in it: the whole institution reads it.

    Args:
        session: within `atomic()`.
        institution_id: whom to tell.
        kind: what happened.
        subject_url: path of the page where it can be seen or decided, for example `/lots/…`.
        title: what it is about, in the words of its owner.
        amount: an amount that matters to the reader.
        due_at: until when something has to be done.
        person_id: the one person it is meant for; None for everybody.
    """
    if not subject_url.startswith("/") or subject_url.startswith("//"):
        raise ValueError(f"not a path of this site: {subject_url!r}")
    notice = Notice(
        institution_id=institution_id,
        person_id=person_id,
        kind=kind,
        title=title[:300],
        subject_url=subject_url,
        amount_minor=amount.minor if amount else None,
        currency=amount.currency if amount else None,
        due_at=due_at,
        at=clock.now(),
    )
    session.add(notice)
    return notice


def mark_read(session: Session, actor: Actor) -> None:
    """Everything that stands there now has been read by the person."""
    now = clock.now()
    reading = session.get(NoticeReading, actor.person_id, with_for_update=True)
    if reading is None:
        session.add(NoticeReading(person_id=actor.person_id, read_until=now))
    else:
        reading.read_until = now
