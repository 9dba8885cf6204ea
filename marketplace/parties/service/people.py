"""The administrator's verbs: who of the institution may sign in, and for what."""

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from marketplace import audit
from marketplace.access import Actor, Role, Subject, Verb, require
from marketplace.errors import Refused
from marketplace.parties import mails
from marketplace.parties.models import Person
from marketplace.parties.queries import (
    administrators_of,
    count_people,
    lock_institution,
    lock_person,
    person_of,
)
from marketplace.parties.rules import (
    PEOPLE_LIMIT,
    Reason,
    check_change_of_roles,
    check_roles,
)
from marketplace.parties.service import sign_ins
from marketplace.parties.service.institutions import NewPerson, add_person


def invite(session: Session, actor: Actor, new: NewPerson, password: str, site: str) -> Person:
    """Add somebody to the actor's institution and mail them the one-time password.

    Raises:
        Refused: no role, an unreadable name, or too many people.
        Conflict: the e-mail address is taken.
    """
    require(actor, Verb.MANAGE_PEOPLE, Subject(owner_id=actor.institution_id))
    institution = lock_institution(session, actor.institution_id)
    check_roles(new.roles)
    if count_people(session, institution.id) >= PEOPLE_LIMIT:
        raise Refused(Reason.TOO_MANY_PEOPLE, most=PEOPLE_LIMIT)
    person = add_person(session, institution, replace(new, one_time=True))
    mails.invite(session, person, password, site)
    _record(session, actor, "parties.invite", person, roles=person.roles)
    return person


def change_roles(session: Session, actor: Actor, person_id: uuid.UUID, roles: frozenset[Role]) -> Person:
    """Give somebody else of the institution other roles and end their sign-ins.

    Raises:
        NotFound: the person is of another institution.
        Refused: no role at all, or the actor's own roles.
        Conflict: nobody would be left to manage people.
    """
    check_roles(roles)
    person = _lock(session, actor, person_id)
    _check_change(session, actor, person, roles)
    if frozenset(person.roles) == roles:
        return person
    before, person.roles = person.roles, sorted(roles)
    sign_ins.end_all(session, person.id)
    _record(session, actor, "parties.change_roles", person, before=before, after=person.roles)
    return person


def deactivate(session: Session, actor: Actor, person_id: uuid.UUID) -> Person:
    """Switch somebody else off and end their sign-ins; raises as `change_roles`."""
    person = _lock(session, actor, person_id)
    _check_change(session, actor, person, frozenset())
    person.active = False
    sign_ins.end_all(session, person.id)
    _record(session, actor, "parties.deactivate", person)
    return person


def renew_password(
    session: Session, actor: Actor, person_id: uuid.UUID, password: str, password_hash: str, *, site: str
) -> Person:
    """Mail somebody a new one-time password, which also switches them on again. The second factor stays.

    Raises:
        NotFound: the person is of another institution.
        Refused: it is the actor's own account.
    """
    person = _lock(session, actor, person_id)
    _refuse_own(actor, person)
    sign_ins.replace_password(session, person.id, password_hash, actor)
    mails.invite(session, person, password, site)
    return person


def remove_second_factor(session: Session, actor: Actor, person_id: uuid.UUID, site: str) -> Person:
    """Let somebody who lost the device set up a new one; their password is still asked. Raises as above."""
    person = _lock(session, actor, person_id)
    _refuse_own(actor, person)
    sign_ins.remove_second_factor(session, person.id, actor)
    mails.tell_of_change(session, person, "second_factor", site)
    return person


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """The language of the person's pages and mails."""
    lock_person(session, actor.person_id).language = language


def _lock(session: Session, actor: Actor, person_id: uuid.UUID) -> Person:
    """The institution first, so that two administrators who remove each other wait for one another."""
    person_of(session, actor.institution_id, person_id)
    require(actor, Verb.MANAGE_PEOPLE, Subject(owner_id=actor.institution_id))
    lock_institution(session, actor.institution_id)
    return lock_person(session, person_id)


def _check_change(session: Session, actor: Actor, person: Person, roles: frozenset[Role]) -> None:
    administrators = administrators_of(session, person.institution_id)
    check_change_of_roles(
        own=person.id == actor.person_id,
        old=[Role(role) for role in person.roles],
        new=roles,
        other_administrators=sum(1 for other in administrators if other.id != person.id),
    )


def _refuse_own(actor: Actor, person: Person) -> None:
    if person.id == actor.person_id:
        raise Refused(Reason.OWN_ACCOUNT)


def _record(session: Session, actor: Actor, act: str, person: Person, **facts: Any) -> None:
    audit.record(
        session, act, person.id, person_id=actor.person_id, institution_id=actor.institution_id, **facts
    )
