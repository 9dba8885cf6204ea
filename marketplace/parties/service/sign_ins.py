"""Signing in and out. The browser holds a random token, the row its SHA-256: ending the row ends it."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor
from marketplace.errors import Conflict, NotFound, Refused
from marketplace.parties import passwords, second_factor
from marketplace.parties.models import Person, SignIn
from marketplace.parties.queries import lock_person, person_by_email
from marketplace.parties.rules import ONE_TIME_PASSWORD_LIFE, Reason, stands


@dataclass(frozen=True, slots=True)
class CheckedPassword:
    """A password that was right a moment ago, before the transaction began.

    Attributes:
        password_hash: what it was checked against; must still be there when the sign-in begins.
        new_hash: the same password under today's parameters, or None where the old hash is good.
    """

    person_id: uuid.UUID
    password_hash: str
    new_hash: str | None


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a sign-in comes from, as far as it is known.

    Attributes:
        device: the browser's own mark, a random cookie; only its hash is kept.
    """

    address: str = ""
    user_agent: str = ""
    device: str = ""


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def check_password(session: Session, email: str, password: str) -> CheckedPassword | None:
    """Check e-mail and password; None for every kind of no, after the same work. Slow: outside `atomic()`."""
    person = person_by_email(session, email)
    usable = person is not None and person.active
    right = passwords.verify(person.password_hash if person is not None and usable else None, password)
    if person is None or not right:
        return None
    if person.one_time_until is not None and person.one_time_until <= clock.now():
        return None
    new_hash = passwords.hash_password(password) if passwords.needs_rehash(person.password_hash) else None
    return CheckedPassword(person.id, person.password_hash, new_hash)


def begin(session: Session, checked: CheckedPassword, browser: Browser) -> tuple[str, SignIn]:
    """Start a sign-in that so far has only the password; returns the token for the cookie, and the row.

    Raises:
        Refused: the person was switched off or the password changed since it was checked.
    """
    person = lock_person(session, checked.person_id)
    now = clock.now()
    if not person.active or person.password_hash != checked.password_hash:
        raise Refused(Reason.SIGN_IN_FAILED)
    person.password_hash = checked.new_hash or person.password_hash
    token = secrets.token_urlsafe(32)
    sign_in = SignIn(
        token_hash=token_hash(token),
        person_id=person.id,
        signed_in_at=now,
        last_seen_at=now,
        address=browser.address[:45],
        user_agent=_printable(browser.user_agent)[:200],
        device=token_hash(browser.device) if browser.device else "",
    )
    session.add(sign_in)
    session.flush()
    _record(session, "parties.sign_in", person, sign_in.id)
    return token, sign_in


def pass_second_factor(session: Session, sign_in_id: uuid.UUID, code: str, field_key: str) -> str:
    """Accept the code of an enrolled person; returns the new token, the old one is dead.

    Raises:
        Refused: a wrong or used code, or a one-time password that has to be replaced first.
    """
    sign_in, person = _lock(session, sign_in_id)
    if not person.second_factor_secret:
        raise Refused(Reason.CODE_MISSING, field="code")
    if person.one_time_until is not None:
        raise Refused(Reason.PASSWORD_ONE_TIME)
    _use_code(session, person, code, second_factor.decrypt(field_key, person.second_factor_secret))
    sign_in.second_factor_at = clock.now()
    _record(session, "parties.pass_second_factor", person, sign_in.id)
    return _renew_token(sign_in)


def enrol(
    session: Session, sign_in_id: uuid.UUID, code: str, field_key: str, *, current_code: str = ""
) -> str:
    """Set up the second factor with the seed proposed to this sign-in; returns the new token.

    Replacing one that is set up takes a code of the old one, so that a password alone never suffices.

    Raises:
        Refused: a code is wrong.
    """
    sign_in, person = _lock(session, sign_in_id)
    if person.one_time_until is not None:
        raise Refused(Reason.PASSWORD_ONE_TIME)
    if person.second_factor_secret:
        if sign_in.second_factor_at is None:
            raise Conflict(Reason.ENROLLED_ALREADY, field="code")
        _use_current_code(session, person, current_code, field_key)
    secret = second_factor.proposed_secret(field_key, sign_in.token_hash)
    now = clock.now()
    # The steps of another seed say nothing about this one: its codes count from the step before now.
    step = second_factor.accepted_step(secret, code, second_factor.step_of(now) - 1, now)
    person.second_factor_secret = second_factor.encrypt(field_key, secret)
    person.second_factor_step = step
    sign_in.second_factor_at = now
    end_all(session, person.id, SignIn.id != sign_in.id)
    _record(session, "parties.enrol_second_factor", person, sign_in.id)
    return _renew_token(sign_in)


def change_password(session: Session, sign_in_id: uuid.UUID, checked_hash: str, new_hash: str) -> str:
    """Replace the password, end every other sign-in of the person; returns the new token of this one.

    Args:
        session: within `atomic()`.
        sign_in_id: of the browser that asks.
        checked_hash: the hash the old password was checked against.
        new_hash: of the new password, already checked by `passwords.check_password`.

    Raises:
        Refused: the password has changed since it was checked.
    """
    sign_in, person = _lock(session, sign_in_id)
    if person.password_hash != checked_hash:
        raise Conflict(Reason.PASSWORD_WRONG, field="old_password")
    person.password_hash = new_hash
    person.one_time_until = None
    end_all(session, person.id, SignIn.id != sign_in.id)
    _record(session, "parties.change_password", person, person.id)
    return _renew_token(sign_in)


def replace_password(
    session: Session, person_id: uuid.UUID, new_hash: str, actor: Actor | None = None
) -> None:
    """Set a one-time password, switch the person on, end every sign-in. The caller asks who may."""
    person = lock_person(session, person_id)
    person.password_hash = new_hash
    person.one_time_until = clock.now() + ONE_TIME_PASSWORD_LIFE
    person.active = True
    end_all(session, person.id)
    _record_by(session, actor, "parties.renew_password", person)


def remove_second_factor(session: Session, person_id: uuid.UUID, actor: Actor | None = None) -> None:
    """Forget the second factor and end every sign-in; the next one, with the password, sets up a new one."""
    person = lock_person(session, person_id)
    person.second_factor_secret = ""
    end_all(session, person.id)
    _record_by(session, actor, "parties.remove_second_factor", person)


def end(session: Session, person_id: uuid.UUID, sign_in_id: uuid.UUID) -> None:
    """End one sign-in of the person; raises NotFound for anybody else's."""
    sign_in = session.get(SignIn, sign_in_id, with_for_update={"of": SignIn})
    if sign_in is None or sign_in.person_id != person_id:
        raise NotFound("sign_in")
    sign_in.ended_at = sign_in.ended_at or clock.now()
    _record(session, "parties.sign_out", sign_in.person, sign_in.id)


def end_all(session: Session, person_id: uuid.UUID, *which: ColumnElement[bool]) -> None:
    """End every open sign-in of the person, or those that fit: their next request is a stranger's."""
    open_ones = (SignIn.person_id == person_id, SignIn.ended_at.is_(None), *which)
    session.execute(update(SignIn).where(*open_ones).values(ended_at=clock.now()))


def _lock(session: Session, sign_in_id: uuid.UUID) -> tuple[SignIn, Person]:
    """The sign-in and its person, locked and still good; raises Refused."""
    known = session.get(SignIn, sign_in_id)
    if known is None:
        raise NotFound("sign_in")
    person = lock_person(session, known.person_id)
    session.refresh(known)
    good = stands(known.signed_in_at, known.last_seen_at, known.second_factor_at, clock.now())
    if known.ended_at is not None or not person.active or not good:
        raise Refused(Reason.SIGN_IN_FAILED)
    return known, person


def _use_code(session: Session, person: Person, code: str, secret: str) -> None:
    """Accept a code once: the guarded update lets only one of two requests with it through."""
    step = second_factor.accepted_step(secret, code, person.second_factor_step, clock.now())
    used = (
        update(Person)
        .where(Person.id == person.id, Person.second_factor_step < step)
        .values(second_factor_step=step)
        .returning(Person.id)
    )
    if session.execute(used).scalar_one_or_none() is None:
        raise Refused(Reason.CODE_WRONG, field="code")


def _use_current_code(session: Session, person: Person, code: str, field_key: str) -> None:
    try:
        _use_code(session, person, code, second_factor.decrypt(field_key, person.second_factor_secret))
    except Refused as refused:
        raise Refused(Reason.CODE_WRONG, field="current_code") from refused


def _renew_token(sign_in: SignIn) -> str:
    token = secrets.token_urlsafe(32)
    sign_in.token_hash = token_hash(token)
    return token


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def _record(session: Session, act: str, person: Person, subject_id: uuid.UUID) -> None:
    audit.record(session, act, subject_id, person_id=person.id, institution_id=person.institution_id)


def _record_by(session: Session, actor: Actor | None, act: str, person: Person) -> None:
    """An act upon a person by an administrator, or from the command line by nobody."""
    who = (actor.person_id, actor.institution_id) if actor else (None, None)
    audit.record(session, act, person.id, person_id=who[0], institution_id=who[1])
