"""Builders for tests: plain functions that make the cast and what they act on.

Bank Alice (officer) and Amy (approver), buyers Carol and Dave, agency Bob, operators Olga (officer) and
Otto (approver), and Mallory of another bank, who must see nothing.
Builders write within `atomic()` and return rows.
"""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, InstitutionKind, Role
from marketplace.parties.models import Institution, Person
from marketplace.parties.rules import InstitutionStatus

BOTH = frozenset({Role.OFFICER, Role.APPROVER})


def an_institution(session: Session, kind: InstitutionKind, name: str | None = None) -> Institution:
    """A verified institution."""
    institution = Institution(
        kind=kind,
        status=InstitutionStatus.VERIFIED,
        name=name or f"{kind} {uuid.uuid4().hex[:8]}",
        country="CN",
        registration_number=uuid.uuid4().hex[:18].upper(),
        registered_at=clock.now(),
        verified_at=clock.now(),
    )
    session.add(institution)
    session.flush()
    return institution


def a_person(
    session: Session, institution: Institution, name: str, roles: frozenset[Role] = frozenset({Role.OFFICER})
) -> Person:
    """Somebody of the institution; the password does not verify, so use `sign_in` of the parties tests."""
    person = Person(
        institution_id=institution.id,
        email=f"{name.casefold()}.{uuid.uuid4().hex[:6]}@example.com",
        name=name,
        password_hash="!",
        roles=sorted(roles),
        registered_at=clock.now(),
    )
    session.add(person)
    session.flush()
    return person


def actor_for(person: Person, institution: Institution) -> Actor:
    return Actor(
        person_id=person.id,
        institution_id=institution.id,
        kind=institution.kind,
        roles=frozenset(Role(role) for role in person.roles),
        verified=institution.status is InstitutionStatus.VERIFIED,
    )


def an_actor(
    session: Session,
    kind: InstitutionKind,
    roles: frozenset[Role] = BOTH,
    institution: Institution | None = None,
) -> Actor:
    """A person of a new (or the given) institution, as the rules see one."""
    institution = institution or an_institution(session, kind)
    return actor_for(a_person(session, institution, "Somebody", roles), institution)
