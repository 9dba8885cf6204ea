"""Named reads of institutions, people and sign-ins. Nothing here writes."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from marketplace.access import Role
from marketplace.errors import NotFound
from marketplace.parties.models import Institution, Person, SignIn
from marketplace.parties.rules import PEOPLE_LIMIT, InstitutionStatus

SIGN_INS_SHOWN = 20


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, already normalised by `names.clean_email`."""
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


def person_of(session: Session, institution_id: uuid.UUID, person_id: uuid.UUID) -> Person:
    """A person of this institution; raises NotFound for anybody else's."""
    person = session.get(Person, person_id)
    if person is None or person.institution_id != institution_id:
        raise NotFound("person")
    return person


def lock_person(session: Session, person_id: uuid.UUID) -> Person:
    """The person's row, read anew and locked until the end of the transaction; raises NotFound."""
    query = select(Person).where(Person.id == person_id).with_for_update(of=Person)
    person = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if person is None:
        raise NotFound("person")
    return person


def find_institution(session: Session, institution_id: uuid.UUID) -> Institution:
    """The institution; raises NotFound."""
    institution = session.get(Institution, institution_id)
    if institution is None:
        raise NotFound("institution")
    return institution


def lock_institution(session: Session, institution_id: uuid.UUID) -> Institution:
    """The institution's row, read anew and locked; raises NotFound."""
    query = select(Institution).where(Institution.id == institution_id).with_for_update()
    institution = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if institution is None:
        raise NotFound("institution")
    return institution


def people_of(session: Session, institution_id: uuid.UUID) -> Sequence[Person]:
    """Everybody of the institution, the active first, then by name."""
    return session.scalars(
        select(Person)
        .where(Person.institution_id == institution_id)
        .order_by(Person.active.desc(), Person.name, Person.id)
        .limit(PEOPLE_LIMIT)
    ).all()


def count_people(session: Session, institution_id: uuid.UUID) -> int:
    query = select(func.count()).select_from(Person).where(Person.institution_id == institution_id)
    return session.scalar(query) or 0


def administrators_of(session: Session, institution_id: uuid.UUID) -> list[Person]:
    """The active administrators: roles are a JSON list, which no portable query looks into."""
    people = people_of(session, institution_id)
    return [person for person in people if person.active and Role.ADMINISTRATOR in person.roles]


# Built once: every request asks it.
_ASKER = (
    select(
        SignIn.id,
        SignIn.token_hash,
        SignIn.person_id,
        SignIn.signed_in_at,
        SignIn.second_factor_at,
        SignIn.ended_at,
        Person.active,
        Person.name,
        Person.roles,
        Person.language,
        (Person.second_factor_secret != "").label("enrolled"),
        Institution.id.label("institution_id"),
        Institution.kind,
        Institution.status,
        Institution.name.label("institution"),
        SignIn.last_seen_at,
    )
    .join(Person, SignIn.person_id == Person.id)
    .join(Institution, Person.institution_id == Institution.id)
    .where(SignIn.token_hash.in_(bindparam("token_hashes", expanding=True)))
)


def askers(connection: Connection, token_hashes: list[str]) -> dict[str, Row[Any]]:
    """What requests must know of those who send them, by token: the sign-in, its person and institution."""
    rows: CursorResult[Any] = connection.execute(_ASKER, {"token_hashes": token_hashes})
    return {row.token_hash: row for row in rows}


def open_sign_ins(session: Session, person_id: uuid.UUID) -> Sequence[SignIn]:
    """Sign-ins that nobody has ended, the last seen first; some may have run out meanwhile."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.last_seen_at.desc(), SignIn.id)
        .limit(SIGN_INS_SHOWN)
    ).all()


def institutions(status: InstitutionStatus) -> Select[Institution]:
    """Institutions in a status, those that have waited longest first."""
    return (
        select(Institution)
        .where(Institution.status == status)
        .order_by(Institution.registered_at, Institution.id)
    )
