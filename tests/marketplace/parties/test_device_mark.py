"""The browser's own mark: the same for one browser, hashed in the row, of no use elsewhere."""

from flask import Flask
from flask.testing import FlaskClient
from parties_cast import alice_of_a_bank, give_password
from sqlalchemy import select

from marketplace.clock import FixedClock
from marketplace.db import db
from marketplace.parties.models import SignIn
from marketplace.parties.routes.shared import DEVICE_COOKIE
from marketplace.parties.service.sign_ins import token_hash


def marks() -> list[str]:
    rows = db.session.scalars(select(SignIn).order_by(SignIn.signed_in_at)).all()
    return [row.device for row in rows]


def test_one_browser_has_one_mark(app: Flask, client: FlaskClient, clock: FixedClock) -> None:
    alice = alice_of_a_bank()
    answer = give_password(client, alice.email)
    (kept,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(DEVICE_COOKIE)]
    assert "HttpOnly" in kept
    assert "Path=/sign-in" in kept
    cookie = client.get_cookie(DEVICE_COOKIE, path="/sign-in")
    assert cookie is not None
    clock.advance(hours=1)
    give_password(client, alice.email)
    clock.advance(hours=1)
    give_password(app.test_client(), alice.email)
    first, second, third = marks()
    assert first == second == token_hash(cookie.value)
    assert third != first


def test_a_forged_mark_is_replaced(client: FlaskClient, clock: FixedClock) -> None:
    alice = alice_of_a_bank()
    client.set_cookie(DEVICE_COOKIE, "x" * 3000, path="/sign-in")
    give_password(client, alice.email)
    (device,) = marks()
    assert device != token_hash("x" * 3000)
    assert len(device) == 64
