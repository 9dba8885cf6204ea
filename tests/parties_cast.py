"""People who really sign in: one password, hashed once, and their authenticators."""

import re
from functools import cache

from builders import a_person, an_institution
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.access import InstitutionKind, Role
from marketplace.db import atomic
from marketplace.parties import passwords, second_factor
from marketplace.parties.models import Institution, Person

PASSWORD = "correct horse battery"
SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
FIELD_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
ALL_ROLES = frozenset(Role)


@cache
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


def enrolled(
    session: Session, institution: Institution, name: str, roles: frozenset[Role] = ALL_ROLES
) -> Person:
    """Somebody with `PASSWORD` and an authenticator with `SEED`; within `atomic()`."""
    person = a_person(session, institution, name, roles)
    person.password_hash = password_hash()
    person.second_factor_secret = second_factor.encrypt(FIELD_KEY, SEED)
    return person


def alice_of_a_bank(roles: frozenset[Role] = ALL_ROLES) -> Person:
    with atomic() as session:
        return enrolled(session, an_institution(session, InstitutionKind.BANK), "Alice", roles)


def code() -> str:
    return second_factor.code_at(SEED, clock.now())


def give_password(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def sign_in(client: FlaskClient, person: Person) -> None:
    """Both factors, through the pages."""
    assert give_password(client, person.email).status_code == 303
    assert client.post("/sign-in/second-factor", data={"code": code()}).status_code == 303


def token_of(client: FlaskClient) -> str | None:
    with client.session_transaction() as cookie:
        return cookie.get("_user_id")


def shown_seed(page: str) -> str:
    found = re.search(r'class="seed">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")
