"""Entering holders of a right of first refusal, confirming, striking out, recording an express waiver."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.listings.priority import queries
from marketplace.listings.priority.models import PriorityHolder
from marketplace.listings.priority.rules import (
    HOLDER_MOVES,
    MOST_HOLDERS,
    HolderKind,
    HolderStatus,
    PriorityReason,
    check_entry,
)
from marketplace.listings.priority.service.shared import (
    check_second,
    lock_holder,
    lock_own,
    needs_second,
    record,
    subject_of,
)
from marketplace.listings.rules import ListingReason
from marketplace.status import check_move


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the bank knows of a holder; `registration_number` where it is registered on the platform."""

    kind: HolderKind
    name: str
    order: int
    basis: str
    evidence: str = ""
    registration_number: str = ""


def enter(session: Session, actor: Actor, lot_id: uuid.UUID, entry: Entry) -> PriorityHolder:
    """Enter a holder. Under a pack that asks for two persons it counts once another has confirmed it.

    Raises:
        Refused: name, order or basis is missing, the registration number is nobody's, the list is full.
        Conflict: the lot is sold or withdrawn.
        NotFound, NotAllowed: as `access.require`.
    """
    lot = lock_own(session, actor, Verb.DRAFT_LOT, lot_id)
    now = clock.now()
    check_entry(entry.name, entry.order, entry.basis)
    if len(queries.holders_of(session, lot.id)) >= MOST_HOLDERS:
        raise Refused(PriorityReason.TOO_MANY_HOLDERS, field="name", most=MOST_HOLDERS)
    holder = PriorityHolder(
        lot_id=lot.id,
        kind=entry.kind,
        name=entry.name.strip(),
        institution_id=_institution_id(session, entry.registration_number),
        order=entry.order,
        basis=entry.basis.strip(),
        evidence=entry.evidence.strip(),
        entered_by_id=actor.person_id,
        entered_at=now,
        confirmed_at=None if needs_second(lot) else now,
    )
    session.add(holder)
    session.flush()
    record(session, actor, "listings.enter_priority", lot, holder, order=holder.order, kind=holder.kind)
    return holder


def confirm_holder(session: Session, actor: Actor, holder_id: uuid.UUID) -> PriorityHolder:
    """A second person confirms the holder and its order (法释〔2016〕18号 art. 27: no one alone).

    Raises:
        Refused: the same person entered it.
        Conflict: it is confirmed already, or struck out.
        NotFound, NotAllowed: as `access.require`.
    """
    holder, lot = lock_holder(session, actor, Verb.APPROVE_LOT, holder_id)
    if holder.confirmed_at is not None or holder.status is HolderStatus.REMOVED:
        raise Conflict(PriorityReason.CONFIRMED_ALREADY)
    check_second(actor, holder.entered_by_id)
    holder.confirmed_by_id, holder.confirmed_at = actor.person_id, clock.now()
    record(session, actor, "listings.confirm_priority", lot, holder)
    return holder


def strike_out(session: Session, actor: Actor, holder_id: uuid.UUID, reason: str) -> PriorityHolder:
    """Take an entry off the list because nobody holds such a right, with the reason that stays.

    An entry that is confirmed already is struck out by somebody other than who entered it: a right must not
    vanish by one hand.

    Raises:
        Refused: no reason, or the same person entered it.
        Conflict: the holder takes part already, or the right is over.
        NotFound, NotAllowed: as `access.require`.
    """
    holder, lot = lock_holder(session, actor, Verb.SEE_PORTFOLIO, holder_id)
    confirmed = holder.confirmed_at is not None and needs_second(lot)
    require(actor, Verb.APPROVE_LOT if confirmed else Verb.DRAFT_LOT, subject_of(lot))
    if confirmed:
        check_second(actor, holder.entered_by_id)
    check_move(HOLDER_MOVES, holder.status, HolderStatus.REMOVED)
    if not reason.strip():
        raise Refused(ListingReason.REASON_NEEDED, field="reason")
    holder.status = HolderStatus.REMOVED
    record(session, actor, "listings.strike_out_priority", lot, holder, reason=reason.strip()[:500])
    return holder


def waive(session: Session, actor: Actor, holder_id: uuid.UUID, document: str) -> PriorityHolder:
    """Record an express waiver with its document; under two persons by another than who entered the holder.

    Raises:
        Refused: the document is not named, or the same person entered the holder.
        Conflict: the holder takes part, or the right is over.
        NotFound, NotAllowed: as `access.require`.
    """
    holder, lot = lock_holder(session, actor, Verb.APPROVE_LOT, holder_id)
    check_move(HOLDER_MOVES, holder.status, HolderStatus.WAIVED)
    if needs_second(lot):
        check_second(actor, holder.entered_by_id)
    if not document.strip():
        raise Refused(PriorityReason.PROOF_MISSING, field="document")
    holder.status, holder.waiver_document = HolderStatus.WAIVED, document.strip()[:300]
    holder.waived_by_id, holder.waived_at = actor.person_id, clock.now()
    record(session, actor, "listings.waive_priority", lot, holder)
    return holder


def _institution_id(session: Session, number: str) -> uuid.UUID | None:
    if not number.strip():
        return None
    found = queries.verified_by_number(session, number)
    if found is None:
        raise Refused(PriorityReason.INSTITUTION_UNKNOWN, field="registration_number")
    return found.id
