"""Mandates: an agency proposes to act for a client, the client's approver answers, either side may end it."""

import uuid
from datetime import date

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, InstitutionKind, Subject, Verb, require
from marketplace.deals import queries
from marketplace.deals.models import Mandate
from marketplace.deals.rules import (
    MANDATE_MOVES,
    DealReason,
    MandateSide,
    MandateStatus,
    check_mandate_terms,
)
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.parties.models import Institution
from marketplace.parties.rules import InstitutionStatus
from marketplace.status import check_move

SIDES = {InstitutionKind.BANK: MandateSide.SELL, InstitutionKind.BUYER: MandateSide.BUY}


def propose(
    session: Session,
    actor: Actor,
    *,
    client_id: uuid.UUID,
    lot_id: uuid.UUID | None,
    commission_basis_points: int,
    valid_until: date,
) -> Mandate:
    """Propose to sell for a bank or to buy for a buyer: one published lot, or every lot of it.

    Raises:
        Refused: the client is not a verified bank or buyer, the lot is not public or not the bank's, the
            commission or end is out of range.
        NotAllowed: the actor is no officer of a verified agency.
    """
    require(actor, Verb.PROPOSE_MANDATE)
    now = clock.now()
    check_mandate_terms(commission_basis_points, valid_until, today=queries.local_day(now))
    client = session.get(Institution, client_id)
    if client is None or client.status is not InstitutionStatus.VERIFIED or client.kind not in SIDES:
        raise Refused(DealReason.CLIENT_UNKNOWN, field="client")
    side = SIDES[client.kind]
    lot = session.get(Lot, lot_id) if lot_id else None
    if lot_id and (lot is None or lot.status not in PUBLIC_STATUSES):
        raise NotFound("lot")
    if lot and side is MandateSide.SELL and lot.institution_id != client_id:
        raise Refused(DealReason.MANDATE_DOES_NOT_COVER, field="client")
    mandate = Mandate(
        agency_id=actor.institution_id,
        client_id=client_id,
        side=side,
        lot_id=lot_id,
        commission_basis_points=commission_basis_points,
        valid_until=valid_until,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(mandate)
    session.flush()
    _record(session, actor, "deals.propose_mandate", mandate)
    _tell(session, mandate, client_id, NoticeKind.MANDATE_PROPOSED)
    return mandate


def accept(session: Session, actor: Actor, mandate_id: uuid.UUID) -> Mandate:
    """The client's approver gives the order. A seller has one agency for a lot, and one for all the others.

    Raises:
        Conflict: it was answered before, or another agency sells the same already.
        Refused: its end has passed.
        NotFound, NotAllowed: as `access.require`.
    """
    mandate = _lock(session, actor, mandate_id)
    today = queries.local_day(clock.now())
    if mandate.valid_until < today:
        raise Refused(DealReason.MANDATE_ENDS_TOO_SOON)
    if mandate.side is MandateSide.SELL:
        queries.lock_institution(session, mandate.client_id)
        if queries.same_sell_mandate(session, mandate, today) is not None:
            raise Conflict(DealReason.ALREADY_MANDATED)
    _answer(session, actor, mandate, MandateStatus.ACCEPTED)
    _tell_both(session, mandate, NoticeKind.MANDATE_ACCEPTED)
    return mandate


def decline(session: Session, actor: Actor, mandate_id: uuid.UUID) -> Mandate:
    """The client's approver does not want it; raises as `accept`."""
    mandate = _lock(session, actor, mandate_id)
    _answer(session, actor, mandate, MandateStatus.DECLINED)
    _tell_both(session, mandate, NoticeKind.MANDATE_DECLINED)
    return mandate


def end(session: Session, actor: Actor, mandate_id: uuid.UUID) -> Mandate:
    """Client's approver or agency's officer ends a mandate; prices agreed before keep their commission.

    Raises:
        Conflict: it is not in force.
        NotFound, NotAllowed: as `access.require`.
    """
    mandate = queries.lock_mandate(session, mandate_id)
    verb = Verb.MAKE_OFFER if actor.institution_id == mandate.agency_id else Verb.ACCEPT_MANDATE
    require(actor, verb, subject_of_mandate(mandate))
    check_move(MANDATE_MOVES, mandate.status, MandateStatus.ENDED)
    mandate.status, mandate.ended_at = MandateStatus.ENDED, clock.now()
    _record(session, actor, "deals.end_mandate", mandate)
    _tell_both(session, mandate, NoticeKind.MANDATE_ENDED)
    return mandate


def subject_of_mandate(mandate: Mandate) -> Subject:
    """The mandate as the access rules see it: the client's, with the agency as a party."""
    return Subject(owner_id=mandate.client_id, parties=frozenset({mandate.agency_id}))


def _lock(session: Session, actor: Actor, mandate_id: uuid.UUID) -> Mandate:
    mandate = queries.lock_mandate(session, mandate_id)
    require(actor, Verb.ACCEPT_MANDATE, subject_of_mandate(mandate))
    return mandate


def _answer(session: Session, actor: Actor, mandate: Mandate, new: MandateStatus) -> None:
    check_move(MANDATE_MOVES, mandate.status, new)
    mandate.status, mandate.answered_at = new, clock.now()
    _record(session, actor, f"deals.mandate_{new}", mandate)


def _tell_both(session: Session, mandate: Mandate, kind: NoticeKind) -> None:
    for institution_id in sorted({mandate.agency_id, mandate.client_id}):
        _tell(session, mandate, institution_id, kind)


def _tell(session: Session, mandate: Mandate, institution_id: uuid.UUID, kind: NoticeKind) -> None:
    other = mandate.client if institution_id == mandate.agency_id else mandate.agency
    notify(session, institution_id, kind, f"/mandates/{mandate.id}", title=other.name)


def _record(session: Session, actor: Actor, act: str, mandate: Mandate) -> None:
    audit.record(
        session,
        act,
        mandate.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        commission_basis_points=mandate.commission_basis_points,
    )
