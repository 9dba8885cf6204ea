"""Who is asking: from the cookie's token to the sign-in, its person, and the Actor the rules see."""

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import update

from marketplace import clock
from marketplace.access import Actor, Role
from marketplace.db import atomic, db
from marketplace.parties.models import Person, SignIn
from marketplace.parties.queries import sign_in_by_hash
from marketplace.parties.rules import SEEN_STEP, InstitutionStatus, stands
from marketplace.parties.service.sign_ins import token_hash
from marketplace.web import Visitor


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: its id in the cookie is the opaque token of the sign-in."""

    def __init__(self, token: str, sign_in: SignIn) -> None:
        self.token = token
        self.sign_in = sign_in

    def get_id(self) -> str:
        return self.token


def install(app: Flask) -> None:
    """Let Flask-Login find the sign-in behind the cookie."""
    manager = LoginManager()
    manager.session_protection = None  # rows end sessions here, not a fingerprint of the browser
    manager.user_loader(_signed_in)
    manager.init_app(app)
    app.before_request_funcs.setdefault(None, []).insert(0, _ask_anew)


def _ask_anew() -> None:
    """Flask-Login remembers its answer in `g`, which a pushed context lets outlive it."""
    g.pop("_login_user", None)


def _signed_in(token: str) -> SignedIn | None:
    sign_in = load_sign_in(token)
    return SignedIn(token, sign_in) if sign_in else None


def load_sign_in(token: str) -> SignIn | None:
    """The sign-in of this token while it stands, its time of last use brought up to date once a minute."""
    sign_in = sign_in_by_hash(db.session(), token_hash(token))
    now = clock.now()
    if sign_in is None or sign_in.ended_at is not None or not sign_in.person.active:
        return None
    if not stands(sign_in.signed_in_at, sign_in.last_seen_at, sign_in.second_factor_at, now):
        return None
    if now - sign_in.last_seen_at >= SEEN_STEP:
        seen = (SignIn.id == sign_in.id, SignIn.last_seen_at < now)
        with atomic() as writing:
            writing.execute(update(SignIn).where(*seen).values(last_seen_at=now))
    return sign_in


def actor_of(person: Person) -> Actor:
    """The person as the rules see one."""
    return Actor(
        person_id=person.id,
        institution_id=person.institution_id,
        kind=person.institution.kind,
        roles=frozenset(Role(role) for role in person.roles),
        verified=person.institution.status is InstitutionStatus.VERIFIED,
    )


def needs_second_factor(person: Person) -> bool:
    """Whether the person still has to set one up; everybody does before anything else."""
    return not person.second_factor_secret


def current() -> SignIn:
    """The sign-in of this request, for views that `@enrolling` or `@signed_in` guards."""
    found: SignIn = current_user.sign_in
    return found


def current_or_none() -> SignIn | None:
    """The same for pages that strangers see."""
    return current() if current_user.is_authenticated else None


def visitor() -> Visitor | None:
    """The person of this request, or None; `web` asks once a request."""
    sign_in = current_or_none()
    if sign_in is None:
        return None
    person = sign_in.person
    return Visitor(
        actor=actor_of(person),
        name=person.name,
        institution=person.institution.name,
        language=person.language,
        second_factor=sign_in.second_factor_at is not None and not needs_second_factor(person),
    )


def remember(token: str, sign_in: SignIn) -> None:
    """Put a new token into the cookie and nothing of before: no old session and no old form lives on."""
    forget()
    login_user(SignedIn(token, sign_in))


def forget() -> None:
    """Empty the cookie, the choice of language excepted."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
