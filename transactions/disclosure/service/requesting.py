"""An authority or the operator reads one record exactly: one person asks with a reason, another lets it."""

import uuid
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, InstitutionKind, Verb, require
from marketplace.errors import Conflict, NotFound, Refused
from transactions.disclosure.models import ReadRequest
from transactions.disclosure.readers import name_of
from transactions.disclosure.rules import ReaderKind
from transactions.disclosure.rules.reasons import Reason
from transactions.disclosure.rules.words import Decision, Purpose
from transactions.disclosure.service.noting import By, note
from transactions.models import TransactionRecord
from transactions.rules.facts import SaleFacts

APPROVAL_STANDS = timedelta(days=1)
LISTED = 100

_KINDS = {
    InstitutionKind.REGULATOR: ReaderKind.REGULATOR,
    InstitutionKind.OPERATOR: ReaderKind.OPERATOR,
}


def request_read(session: Session, actor: Actor, record_id: uuid.UUID, reason: str) -> ReadRequest:
    """Ask to read a record exactly; a second person of the institution decides.

    Raises:
        Refused: no reason is given.
        NotFound: there is no such record.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.READ_EXACTLY)
    if not reason.strip():
        raise Refused(Reason.REASON_MISSING, field="reason")
    if session.get(TransactionRecord, record_id) is None:
        raise NotFound(str(record_id))
    asked = ReadRequest(
        institution_id=actor.institution_id,
        record_id=record_id,
        reason=reason.strip()[:500],
        asked_by_id=actor.person_id,
        asked_at=clock.now(),
        decision=Decision.OPEN,
    )
    session.add(asked)
    session.flush()
    _record(session, actor, "disclosure.request_read", asked, reason=asked.reason)
    return asked


def decide(session: Session, actor: Actor, request_id: uuid.UUID, *, approve: bool) -> ReadRequest:
    """Let the request through or refuse it, as another person than the one who asked.

    Raises:
        Refused: the same person asked.
        Conflict: it has been decided already.
        NotFound, NotAllowed: as `access.require`; a request of another institution is not found.
    """
    asked = _locked(session, actor, request_id)
    if asked.decision is not Decision.OPEN:
        raise Conflict(Reason.DECIDED_ALREADY)
    if asked.asked_by_id == actor.person_id:
        raise Refused(Reason.SAME_PERSON)
    asked.decision = Decision.APPROVED if approve else Decision.REFUSED
    asked.decided_by_id, asked.decided_at = actor.person_id, clock.now()
    _record(session, actor, "disclosure.decide_read", asked, decision=asked.decision.value)
    return asked


def read(session: Session, actor: Actor, request_id: uuid.UUID) -> SaleFacts:
    """The record as it stands, once two people agree; every look at it is noted.

    Raises:
        Refused: nobody has approved it, or that was more than a day ago.
        NotFound, NotAllowed: as `decide`.
    """
    asked = _locked(session, actor, request_id)
    if asked.decision is not Decision.APPROVED or asked.decided_at is None:
        raise Refused(Reason.TOO_LATE)
    if clock.now() - asked.decided_at >= APPROVAL_STANDS:
        raise Refused(Reason.TOO_LATE)
    record = session.get(TransactionRecord, asked.record_id)
    if record is None:
        raise NotFound(str(asked.record_id))
    by = By(name_of(actor.institution_id), _KINDS[actor.kind], actor.person_id, asked.id)
    note(session, by, Purpose.SUPERVISION, [(record.id, record.facts())])
    return record.facts()


def requests_of(session: Session, institution_id: uuid.UUID) -> list[ReadRequest]:
    """The latest requests of the institution."""
    query = select(ReadRequest).where(ReadRequest.institution_id == institution_id)
    return list(session.scalars(query.order_by(ReadRequest.asked_at.desc()).limit(LISTED)))


def _locked(session: Session, actor: Actor, request_id: uuid.UUID) -> ReadRequest:
    require(actor, Verb.READ_EXACTLY)
    query = select(ReadRequest).where(
        ReadRequest.id == request_id, ReadRequest.institution_id == actor.institution_id
    )
    asked = session.scalars(query.with_for_update()).one_or_none()
    if asked is None:
        raise NotFound(str(request_id))
    return asked


def _record(session: Session, actor: Actor, act: str, asked: ReadRequest, **facts: str) -> None:
    audit.record(
        session,
        act,
        asked.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        record_id=str(asked.record_id),
        **facts,
    )
