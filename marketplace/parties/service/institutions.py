"""Registering an institution with its first person, and the operator's decisions about it."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import OPERATOR, Actor, Subject, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.parties import mails, names
from marketplace.parties.models import Institution, Person
from marketplace.parties.queries import administrators_of, lock_institution, person_by_email
from marketplace.parties.rules import (
    FIRST_ROLES,
    INSTITUTION_MOVES,
    ONE_TIME_PASSWORD_LIFE,
    InstitutionKind,
    InstitutionStatus,
    Reason,
    Role,
)
from marketplace.status import check_move

_DECISION_NOTICES = {
    InstitutionStatus.VERIFIED: NoticeKind.INSTITUTION_VERIFIED,
    InstitutionStatus.REFUSED: NoticeKind.INSTITUTION_REFUSED,
    InstitutionStatus.SUSPENDED: NoticeKind.INSTITUTION_SUSPENDED,
}


@dataclass(frozen=True, slots=True)
class NewInstitution:
    """As typed; `create` cleans it.

    Attributes:
        country: two letters, ISO 3166-1.
    """

    kind: InstitutionKind
    name: str
    country: str
    registration_number: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    """As typed; `add_person` cleans it.

    Attributes:
        password_hash: hashed outside the transaction.
        one_time: somebody else chose the password; the first sign-in replaces it.
    """

    name: str
    email: str
    password_hash: str
    roles: frozenset[Role] = FIRST_ROLES
    language: str = "zh"
    one_time: bool = False


def register(session: Session, new: NewInstitution, first: NewPerson) -> Person:
    """Register an institution that the operators have to verify, and tell them.

    Raises:
        Refused: something about the names or the number.
        Conflict: the name, the number or the e-mail address is taken.
    """
    institution = create(session, new)
    person = add_person(session, institution, first)
    audit.record(
        session, "parties.register", institution.id, person_id=person.id, institution_id=institution.id
    )
    operators = select(Institution.id).where(Institution.kind == OPERATOR).limit(20)
    for operator_id in session.scalars(operators):
        address = f"/operator/institutions/{institution.id}"
        notify(session, operator_id, NoticeKind.INSTITUTION_REGISTERED, address, title=institution.name)
    return person


def create(session: Session, new: NewInstitution, *, verified: bool = False) -> Institution:
    """Add an institution; `verified` only from the command line, where an operator already stands."""
    number = names.clean_registration_number(new.country, new.registration_number)
    name, now = names.clean_name(new.name), clock.now()
    if _exists(session, Institution.name_key == names.name_key(name)):
        raise Conflict(Reason.NAME_TAKEN, field="name")
    if _exists(session, Institution.country == new.country, Institution.registration_number == number):
        raise Conflict(Reason.NUMBER_TAKEN, field="registration_number")
    institution = Institution(
        kind=new.kind,
        status=InstitutionStatus.VERIFIED if verified else InstitutionStatus.REGISTERED,
        name=name,
        country=new.country,
        registration_number=number,
        registered_at=now,
        verified_at=now if verified else None,
    )
    session.add(institution)
    _flush(session, Conflict(Reason.NAME_TAKEN, field="name"))
    return institution


def add_person(session: Session, institution: Institution, new: NewPerson) -> Person:
    """Add somebody to an institution, without asking who asks; raises Conflict for a taken e-mail address."""
    email = names.clean_email(new.email)
    if person_by_email(session, email) is not None:
        raise Conflict(Reason.EMAIL_TAKEN, field="email")
    now = clock.now()
    person = Person(
        institution_id=institution.id,
        institution=institution,
        email=email,
        name=names.clean_name(new.name, field="person_name"),
        password_hash=new.password_hash,
        one_time_until=now + ONE_TIME_PASSWORD_LIFE if new.one_time else None,
        roles=sorted(new.roles),
        language=new.language,
        registered_at=now,
    )
    session.add(person)
    _flush(session, Conflict(Reason.EMAIL_TAKEN, field="email"))
    return person


def decide(
    session: Session,
    actor: Actor,
    institution_id: uuid.UUID,
    status: InstitutionStatus,
    *,
    reason: str,
    site: str,
) -> Institution:
    """Verify, refuse or suspend an institution and tell its administrators.

    Raises:
        Refused: a refusal or suspension without a reason, or of the operator's own institution.
        Conflict: the move is not in `INSTITUTION_MOVES`; somebody else decided first.
    """
    require(actor, Verb.VERIFY_INSTITUTION, Subject(owner_id=institution_id))
    institution = lock_institution(session, institution_id)
    now = clock.now()
    check_move(INSTITUTION_MOVES, institution.status, status)
    if institution.id == actor.institution_id:
        raise Refused(Reason.OWN_INSTITUTION)
    if status is not InstitutionStatus.VERIFIED and not reason.strip():
        raise Refused(Reason.REASON_MISSING, field="reason")
    institution.status = status
    institution.verified_at = now if status is InstitutionStatus.VERIFIED else institution.verified_at
    institution.decision_reason = reason.strip()[:500]
    audit.record(
        session,
        f"parties.{status}",
        institution.id,
        person_id=actor.person_id,
        institution_id=actor.institution_id,
        reason=institution.decision_reason,
    )
    mails.tell_of_decision(session, administrators_of(session, institution.id), institution, site)
    notify(session, institution.id, _DECISION_NOTICES[status], "/account", title=institution.name)
    return institution


def _exists(session: Session, *conditions: object) -> bool:
    return session.scalar(select(Institution.id).where(*conditions).limit(1)) is not None  # type: ignore[arg-type]


def _flush(session: Session, conflict: Conflict) -> None:
    """Two who ask at the same moment both pass the question; the constraint of the table tells them apart."""
    try:
        session.flush()
    except IntegrityError as error:
        raise conflict from error
