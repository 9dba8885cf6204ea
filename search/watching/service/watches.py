"""The watch list: lots whose auction, price and end somebody wants to hear of."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor
from marketplace.errors import NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from search.watching import queries
from search.watching.models import Watch
from search.watching.rules.words import WATCHES_LIMIT, WatchReason
from search.watching.service.searches import lock_person


def watch(session: Session, actor: Actor, lot_id: uuid.UUID) -> None:
    """Put a lot that anybody may see on the actor's list; twice is no error.

    Raises:
        NotFound: there is no such lot on the market.
        Refused: the list is full.
    """
    lock_person(session, actor.person_id)
    lot = session.get(Lot, lot_id)
    if lot is None or lot.status not in PUBLIC_STATUSES:
        raise NotFound("lot")
    if queries.watch(session, actor.person_id, lot_id) is not None:
        return
    listed = select(func.count()).select_from(Watch).where(Watch.person_id == actor.person_id)
    if (session.scalar(listed) or 0) >= WATCHES_LIMIT:
        raise Refused(WatchReason.TOO_MANY_WATCHES, None, most=WATCHES_LIMIT)
    session.add(Watch(person_id=actor.person_id, lot_id=lot_id, since=clock.now()))


def stop_watching(session: Session, actor: Actor, lot_id: uuid.UUID) -> None:
    """Take a lot off the actor's list; where it is not there, nothing is done."""
    found = queries.watch(session, actor.person_id, lot_id)
    if found is not None:
        session.delete(found)
