"""Who is asking: from the cookie's token to the sign-in, its person, and the Actor the rules see."""

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user
from sqlalchemy import Row, select, update

from marketplace import clock
from marketplace.access import Actor, Role
from marketplace.db import atomic, db, reading_engine
from marketplace.parties.claims import Claim, claim_of
from marketplace.parties.models import Person, SignIn
from marketplace.parties.queries import askers
from marketplace.parties.rules import SEEN_STEP, InstitutionStatus, stands
from marketplace.parties.service.sign_ins import token_hash
from marketplace.together import Together
from marketplace.web import Visitor, confirms_sign_in, standing_aside

# Sign-ins of which a process remembers what it read last.
REMEMBERED_MOST = 10_000


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login keeps: its id in the cookie is the opaque token of the sign-in.

    Attributes:
        visitor: what every request needs of the person; None in the request that signs in.
    """

    def __init__(self, token: str, sign_in_id: uuid.UUID, visitor: Visitor | None = None) -> None:
        self.token = token
        self.sign_in_id = sign_in_id
        self.visitor = visitor

    @property
    def sign_in(self) -> SignIn:
        """The row, for the pages about signing in themselves."""
        return db.session().get_one(SignIn, self.sign_in_id)

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
    g.pop("claim", None)


def _signed_in(token: str) -> SignedIn | None:
    """Who holds this token while the sign-in stands; its time of last use is kept once a minute."""
    hashed, now = token_hash(token), clock.now()
    row = _remembered().get(hashed) if confirms_sign_in() else None
    if row is not None and _good(row, now) and now - row.last_seen_at < SEEN_STEP:
        g.claim = claim_of(row)
        return SignedIn(token, row.id, _visitor_of(row))
    with standing_aside():
        row = _look_up(hashed, now)
    return None if row is None else SignedIn(token, row.id, _visitor_of(row))


def _look_up(hashed: str, now: datetime) -> Row[Any] | None:
    """The sign-in while it stands."""
    row = _ask_together().ask(hashed)
    if row is None or not _good(row, now):
        _remembered().pop(hashed, None)
        return None
    _remember_row(hashed, row)
    return row


def _good(row: Row[Any], now: datetime) -> bool:
    stays = stands(row.signed_in_at, row.last_seen_at, row.second_factor_at, now)
    return stays and row.ended_at is None and bool(row.active)


def claim() -> Claim | None:
    """What this request was let in by, where that was only remembered: whoever acts for it asks again."""
    return cast("Claim | None", g.get("claim"))


def _remembered() -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = current_app.extensions.setdefault("parties.remembered", {})
    return found


def _remember_row(hashed: str, row: Row[Any]) -> None:
    rows = _remembered()
    if len(rows) >= REMEMBERED_MOST:
        rows.clear()
    rows[hashed] = row


def _ask_together() -> Together[str, Row[Any] | None]:
    """Requests that arrive together look for their sign-ins together: one select for a crowd."""
    found: Together[str, Row[Any] | None] = current_app.extensions.get("parties.askers") or (
        current_app.extensions.setdefault("parties.askers", Together(_find_all))
    )
    return found


def _find_all(take: Callable[[], list[str]]) -> list[Row[Any] | None]:
    """The sign-ins, noted to have been seen now where that is due: in one transaction for a crowd."""
    with reading_engine().connect() as connection:
        hashes = take()
        found = askers(connection, hashes)
    now = clock.now()
    due = [row.id for row in found.values() if _good(row, now) and now - row.last_seen_at >= SEEN_STEP]
    if due:
        _note_seen(due, now)
    return [found.get(token_hash) for token_hash in hashes]


def _note_seen(due: list[uuid.UUID], now: datetime) -> None:
    """A row that another process holds is left to it: two crowds never wait for each other's rows."""
    free = (
        select(SignIn.id)
        .where(SignIn.id.in_(due), SignIn.last_seen_at < now)
        .with_for_update(skip_locked=True)
    )
    with atomic() as session:
        held = session.scalars(free).all()
        session.execute(update(SignIn).where(SignIn.id.in_(held)).values(last_seen_at=now))


def _visitor_of(row: Row[Any]) -> Visitor:
    actor = Actor(
        person_id=row.person_id,
        institution_id=row.institution_id,
        kind=row.kind,
        roles=frozenset(Role(role) for role in row.roles),
        verified=row.status is InstitutionStatus.VERIFIED,
    )
    return Visitor(
        actor=actor,
        name=row.name,
        institution=row.institution,
        language=row.language,
        second_factor=row.second_factor_at is not None and row.enrolled,
    )


def load_sign_in(token: str) -> SignIn | None:
    """The row of the sign-in while it stands, or None."""
    found = _signed_in(token)
    return found.sign_in if found else None


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
    """The person of this request, or None."""
    return current_user.visitor if current_user.is_authenticated else None


def visitor_anew() -> Visitor | None:
    """The same, read now, whatever was remembered."""
    if (remembered := claim()) is not None:
        _remembered().pop(remembered.token_hash, None)
    _ask_anew()
    return visitor()


def remember(token: str, sign_in: SignIn) -> None:
    """Put a new token into the cookie and nothing of before: no old session and no old form lives on."""
    forget()
    login_user(SignedIn(token, sign_in.id))


def forget() -> None:
    """Empty the cookie, the choice of language excepted."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
