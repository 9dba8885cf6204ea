"""The own account: what needs the old secret, and what ends elsewhere."""

import pytest
from flask.testing import FlaskClient
from parties_cast import (
    PASSWORD,
    alice_of_a_bank,
    code,
    give_password,
    shown_seed,
    sign_in,
    token_of,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.clock import FixedClock
from marketplace.parties import passwords, second_factor
from marketplace.parties.models import Person, SignIn

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

NEW_PASSWORD = "staple and spring rain"


def test_a_new_password_ends_every_other_sign_in(client: FlaskClient, clock: FixedClock) -> None:
    alice = alice_of_a_bank()
    sign_in(client, alice)
    elsewhere = client.application.test_client()
    clock.advance(seconds=30)
    sign_in(elsewhere, alice)
    before = token_of(client)
    answer = client.post("/account/password", data={"old_password": PASSWORD, "password": NEW_PASSWORD})
    assert answer.status_code == 303
    assert token_of(client) != before
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert give_password(elsewhere, alice.email).status_code == 422
    assert give_password(elsewhere, alice.email, NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("old", "new"),
    [("wrong", NEW_PASSWORD), (PASSWORD, "short"), (PASSWORD, PASSWORD), (PASSWORD, "")],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_poor_one(
    client: FlaskClient, session: Session, old: str, new: str
) -> None:
    alice = alice_of_a_bank()
    sign_in(client, alice)
    answer = client.post("/account/password", data={"old_password": old, "password": new})
    assert answer.status_code == 422
    assert passwords.verify(session.get_one(Person, alice.id).password_hash, PASSWORD)


def test_replacing_the_authenticator_takes_an_old_code(client: FlaskClient, clock: FixedClock) -> None:
    sign_in(client, alice_of_a_bank())
    clock.advance(seconds=30)
    seed = shown_seed(client.get("/account/second-factor").text)
    new_code = second_factor.code_at(seed, system_clock.now())
    for current in ("", "000000", new_code):
        answer = client.post("/account/second-factor", data={"code": new_code, "current_code": current})
        assert answer.status_code == 422
    answer = client.post("/account/second-factor", data={"code": new_code, "current_code": code()})
    assert answer.status_code == 303
    assert client.get("/account").status_code == 200


def test_one_sign_in_ends_another_and_nobody_elses(
    client: FlaskClient, clock: FixedClock, session: Session
) -> None:
    alice, mallory = alice_of_a_bank(), alice_of_a_bank()
    sign_in(client, alice)
    elsewhere, foreign = client.application.test_client(), client.application.test_client()
    clock.advance(seconds=30)
    sign_in(elsewhere, alice)
    sign_in(foreign, mallory)
    rows = {
        row.person_id: row.id for row in session.scalars(select(SignIn).order_by(SignIn.signed_in_at.desc()))
    }
    assert foreign.post(f"/account/sign-ins/{rows[alice.id]}/end").status_code == 404
    assert elsewhere.get("/account").status_code == 200
    assert elsewhere.post(f"/account/sign-ins/{rows[alice.id]}/end").status_code == 303
    assert client.get("/account").status_code == 303
    assert elsewhere.get("/account").status_code == 200


def test_a_language_can_be_chosen_and_only_one_that_is_spoken(client: FlaskClient, session: Session) -> None:
    alice = alice_of_a_bank()
    sign_in(client, alice)
    assert client.post("/account/language", data={"language": "en"}).status_code == 303
    assert session.get_one(Person, alice.id, populate_existing=True).language == "en"
    assert client.post("/account/language", data={"language": "xx"}).status_code == 422
