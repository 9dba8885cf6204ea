"""Named selects of wanted notices, and how many buyers look for a lot."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from marketplace.access import Actor
from marketplace.errors import NotFound
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus
from search.watching.matching import matches
from search.watching.models import SavedSearch, WantedAnswer, WantedNotice
from search.watching.rules.words import WantedStatus

COUNTED_LIMIT = 2_000
"""Open notices that are held against one lot, the latest first."""


def _open(now: datetime) -> ColumnElement[bool]:
    """An institution that was suspended since it published no longer speaks to the public."""
    verified = select(Institution.id).where(Institution.status == InstitutionStatus.VERIFIED)
    return and_(
        WantedNotice.status == WantedStatus.OPEN,
        WantedNotice.expires_at > now,
        WantedNotice.institution_id.in_(verified),
    )


def open_notices(now: datetime) -> Select[WantedNotice]:
    """What everybody may read, the latest first."""
    statement = select(WantedNotice).where(_open(now)).options(joinedload(WantedNotice.institution))
    return statement.order_by(WantedNotice.published_at.desc(), WantedNotice.id)


def own_notices(actor: Actor) -> Select[WantedNotice]:
    """Those of the actor's institution, also when they have ended."""
    statement = select(WantedNotice).where(WantedNotice.institution_id == actor.institution_id)
    return statement.order_by(WantedNotice.published_at.desc(), WantedNotice.id)


def notice_for(
    session: Session, wanted_id: uuid.UUID, actor: Actor | None, now: datetime, *, moderates: bool = False
) -> WantedNotice:
    """A notice that the reader may see: an open one, one of the own institution's, any for the operator.

    Raises:
        NotFound: there is none, or it is not for this reader.
    """
    statement = select(WantedNotice).where(WantedNotice.id == wanted_id)
    if not moderates:
        own = WantedNotice.institution_id == actor.institution_id if actor else WantedNotice.id.is_(None)
        statement = statement.where(or_(_open(now), own))
    found = session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound("wanted")
    return found


def lock_wanted(session: Session, wanted_id: uuid.UUID) -> WantedNotice:
    statement = select(WantedNotice).where(WantedNotice.id == wanted_id)
    locked = statement.with_for_update(of=WantedNotice).execution_options(populate_existing=True)
    found = session.scalars(locked).one_or_none()
    if found is None:
        raise NotFound("wanted")
    return found


def take_expired(session: Session, now: datetime) -> WantedNotice | None:
    statement = select(WantedNotice).where(
        WantedNotice.status == WantedStatus.OPEN, WantedNotice.expires_at <= now
    )
    locked = statement.order_by(WantedNotice.expires_at).limit(1).with_for_update(skip_locked=True)
    return session.scalars(locked.execution_options(populate_existing=True)).first()


def count_open(session: Session, institution_id: uuid.UUID, now: datetime) -> int:
    own = WantedNotice.institution_id == institution_id
    return session.scalar(select(func.count()).select_from(WantedNotice).where(own, _open(now))) or 0


def count_answers(
    session: Session, institution_id: uuid.UUID, wanted_id: uuid.UUID, since: datetime
) -> tuple[int, int]:
    """How many an institution has written to a notice, and to all of them since a moment."""
    own = select(func.count()).select_from(WantedAnswer).where(WantedAnswer.institution_id == institution_id)
    to_it = session.scalar(own.where(WantedAnswer.wanted_id == wanted_id)) or 0
    return to_it, session.scalar(own.where(WantedAnswer.at > since)) or 0


def answers_to(wanted_id: uuid.UUID) -> Select[WantedAnswer]:
    """The latest first, with who wrote them."""
    statement = select(WantedAnswer).where(WantedAnswer.wanted_id == wanted_id)
    statement = statement.options(joinedload(WantedAnswer.institution), joinedload(WantedAnswer.person))
    return statement.order_by(WantedAnswer.at.desc(), WantedAnswer.id)


def buyers_looking_for(session: Session, lot: Lot, now: datetime) -> tuple[int, list[WantedNotice]]:
    """How many institutions look for such a lot, and those notices on which the buyer's name stands."""
    others = open_notices(now).where(WantedNotice.institution_id != lot.institution_id)
    notices = {notice.id: notice for notice in session.scalars(others.limit(COUNTED_LIMIT))}
    found = matches([lot], ((key, notice.arguments) for key, notice in notices.items()), now)
    looking = [notices[key] for key in found]
    return len({notice.institution_id for notice in looking}), [notice for notice in looking if notice.named]


def search_of(session: Session, wanted_id: uuid.UUID) -> SavedSearch:
    """The search that finds lots for a notice."""
    return session.scalars(select(SavedSearch).where(SavedSearch.wanted_id == wanted_id)).one()
