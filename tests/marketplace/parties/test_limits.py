"""Guessing is slowed down, and forms of other sites are refused."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from parties_cast import (
    alice_of_a_bank,
    code,
    give_password,
)

from marketplace.access import Role
from marketplace.parties import passwords
from marketplace.web import limiter

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_guessing_is_slowed_down_per_account(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(passwords, "verify", lambda _kept, _password: False)
    alice = alice_of_a_bank()
    statuses = [
        client.post(
            "/sign-in",
            data={"email": alice.email, "password": "guess"},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
        ).status_code
        for number in range(1, 8)
    ]
    assert statuses == [422] * 5 + [429] * 2


def test_guessing_is_slowed_down_per_address(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setattr(passwords, "verify", lambda _kept, _password: False)
    statuses = [give_password(client, f"{number}@example.com").status_code for number in range(12)]
    assert statuses == [422] * 10 + [429] * 2


def test_codes_cannot_be_guessed_quickly(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    alice = alice_of_a_bank()
    give_password(client, alice.email)
    monkeypatch.setattr(limiter, "enabled", True)
    statuses = [client.post("/sign-in/second-factor", data={"code": "000000"}).status_code for _ in range(7)]
    assert statuses == [422] * 5 + [429] * 2


def test_forms_need_their_token(app: Flask, client: FlaskClient) -> None:
    alice = alice_of_a_bank(frozenset({Role.OFFICER}))
    app.config["WTF_CSRF_ENABLED"] = True
    assert give_password(client, alice.email).status_code == 400
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.partition('action="/sign-in"')[2])
    assert token
    assert give_password(client, alice.email, csrf_token=token[1]).status_code == 303
    answer = client.post("/sign-in/second-factor", data={"code": code(), "csrf_token": token[1]})
    assert answer.status_code == 400
