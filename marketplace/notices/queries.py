"""Which notices somebody sees, and how many of them are new."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.access import Actor
from marketplace.notices.models import Notice, NoticeReading
from marketplace.notices.rules import DONE_BY, SHOWN_FOR

# The count in the head of each page stops here: more is only "more".
COUNT_LIMIT = 99


def notices_of(actor: Actor, now: datetime) -> Select[Notice]:
    """The newest first."""
    return select(Notice).where(*_visible(actor, now)).order_by(Notice.at.desc(), Notice.id)


def read_until(session: Session, person_id: uuid.UUID) -> datetime | None:
    reading = session.get(NoticeReading, person_id)
    return reading.read_until if reading else None


def count_unread(session: Session, actor: Actor, now: datetime) -> int:
    """How many notices came since the person last read them, at most `COUNT_LIMIT`."""
    until = read_until(session, actor.person_id)
    newer = (Notice.at > until,) if until else ()
    found = select(Notice.id).where(*_visible(actor, now), *newer).limit(COUNT_LIMIT).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def done(session: Session, actor: Actor, notices: Iterable[Notice]) -> frozenset[uuid.UUID]:
    """Those of which a later notice to the same institution tells that they were decided."""
    waiting = [notice for notice in notices if notice.kind in DONE_BY]
    if not waiting:
        return frozenset()
    latest = {
        (url, kind): at
        for url, kind, at in session.execute(
            select(Notice.subject_url, Notice.kind, func.max(Notice.at))
            .where(
                Notice.institution_id == actor.institution_id,
                Notice.at >= min(notice.at for notice in waiting),
                Notice.subject_url.in_({notice.subject_url for notice in waiting}),
            )
            .group_by(Notice.subject_url, Notice.kind)
        )
    }
    return frozenset(
        notice.id
        for notice in waiting
        for kind in DONE_BY[notice.kind]
        if (at := latest.get((notice.subject_url, kind))) is not None and at >= notice.at
    )


def _visible(actor: Actor, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Notice.institution_id == actor.institution_id,
        or_(Notice.person_id.is_(None), Notice.person_id == actor.person_id),
        Notice.at > now - SHOWN_FOR,
    )
