"""What the verbs about holders of a right of first refusal share."""

import uuid

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.access import Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.listings.models import Lot
from marketplace.listings.priority import queries
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.rules import PriorityReason, two_persons
from marketplace.listings.queries import lock_lot
from marketplace.listings.rules import LotStatus

_OVER = frozenset({LotStatus.SOLD, LotStatus.WITHDRAWN})


def needs_second(lot: Lot) -> bool:
    """Whether the lot's pack asks for two persons."""
    return two_persons(queries.pack_of(lot))


def check_second(actor: Actor, maker_id: uuid.UUID) -> None:
    """Refuse the maker as its own checker."""
    if actor.person_id == maker_id:
        raise Refused(PriorityReason.SECOND_PERSON_NEEDED)


def subject_of(lot: Lot) -> Subject:
    """Holders are the selling bank's business."""
    return Subject(owner_id=lot.institution_id)


def lock_own(session: Session, actor: Actor, verb: Verb, lot_id: uuid.UUID) -> Lot:
    """The lot, locked; raises as `access.require`, and Conflict once it is sold or withdrawn."""
    lot = lock_lot(session, lot_id)
    require(actor, verb, subject_of(lot))
    if lot.status in _OVER:
        raise Conflict(PriorityReason.LOT_IS_OVER)
    return lot


def lock_holder(
    session: Session, actor: Actor, verb: Verb, holder_id: uuid.UUID
) -> tuple[PriorityHolder, Lot]:
    """The holder and its lot, read after the lot is locked: everything about holders waits for that lock."""
    lot = lock_own(session, actor, verb, queries.find_holder(session, holder_id).lot_id)
    return queries.find_holder(session, holder_id), lot


def record(
    session: Session,
    actor: Actor,
    act: str,
    lot: Lot,
    holder: PriorityHolder,
    *,
    reason: str = "",
    **facts: object,
) -> None:
    """Add an entry to the lot's history; it names the holder by its identity only."""
    audit.record(
        session,
        act,
        lot.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=reason,
        holder=str(holder.id),
        **facts,
    )
