"""Signing in through the pages: a password alone opens nothing, and what is ended stays ended."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from parties_cast import (
    PASSWORD,
    alice_of_a_bank,
    code,
    give_password,
    password_hash,
    shown_seed,
    sign_in,
    token_of,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import Verb
from marketplace.audit import AuditEntry
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.parties import passwords, second_factor
from marketplace.parties.models import Person, SignIn
from marketplace.parties.service import sign_ins
from marketplace.parties.sign_in import load_sign_in
from marketplace.web import Access, declared_access

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_both_factors_open_the_account(client: FlaskClient) -> None:
    alice = alice_of_a_bank()
    answer = give_password(client, alice.email.upper(), next="/account")
    assert answer.headers["Location"] == "/sign-in/second-factor?next=/account"
    answer = client.post("/sign-in/second-factor", data={"code": code(), "next": "/account"})
    assert answer.headers["Location"] == "/account"
    assert alice.email in client.get("/account").text


def test_a_password_alone_opens_no_page_that_is_not_for_everybody(app: Flask, client: FlaskClient) -> None:
    alice = alice_of_a_bank()
    give_password(client, alice.email)
    guarded = [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if declared_access(app.view_functions[rule.endpoint]) is Access.SIGNED_IN
        or isinstance(declared_access(app.view_functions[rule.endpoint]), Verb)
        for method in sorted((rule.methods or set()) - {"OPTIONS"})  # Flask answers those without the view
    ]
    assert guarded
    for rule, method in guarded:
        address = re.sub(r"<[^>]*>", "00000000-0000-0000-0000-000000000007", rule.rule)
        answer = client.open(address, method=method)
        onward = answer.status_code == 303 and "/sign-in/second-factor" in answer.headers["Location"]
        assert onward or answer.status_code in {401, 404}, (rule, method)


def test_a_password_alone_cannot_set_up_another_authenticator(client: FlaskClient, session: Session) -> None:
    alice = alice_of_a_bank()
    give_password(client, alice.email)
    answer = client.get("/account/second-factor")
    assert answer.headers["Location"].startswith("/sign-in/second-factor")
    row = session.scalars(select(SignIn)).one()
    field_key = client.application.extensions["settings"].field_key
    secret = second_factor.proposed_secret(field_key, row.token_hash)
    stolen = second_factor.code_at(secret, system_clock.now())
    answer = client.post("/account/second-factor", data={"code": stolen})
    assert answer.headers["Location"].startswith("/sign-in/second-factor")


def test_a_code_works_once_in_any_dress(client: FlaskClient, clock: FixedClock) -> None:
    alice = alice_of_a_bank()
    sign_in(client, alice)
    other = client.application.test_client()
    give_password(other, alice.email)
    used = code()
    wide = "".join(chr(ord("０") + int(digit)) for digit in used)
    for dressed in (used, f" {used[:3]} {used[3:]} ", wide):
        assert other.post("/sign-in/second-factor", data={"code": dressed}).status_code == 422
    clock.advance(seconds=30)
    assert other.post("/sign-in/second-factor", data={"code": code()}).status_code == 303


def test_the_token_changes_with_each_factor_and_the_old_ones_are_dead(client: FlaskClient) -> None:
    alice = alice_of_a_bank()
    client.get("/sign-in")
    assert token_of(client) is None
    give_password(client, alice.email)
    first = token_of(client)
    client.post("/sign-in/second-factor", data={"code": code()})
    second = token_of(client)
    assert first != second
    assert load_sign_in(str(first)) is None
    assert load_sign_in(str(second)) is not None


def test_a_session_planted_before_signing_in_is_not_taken_over(client: FlaskClient) -> None:
    alice = alice_of_a_bank()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "planted"
        cookie["csrf_token"] = "planted"
        cookie["language"] = "en"
    give_password(client, alice.email)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted"
        assert "csrf_token" not in cookie
        assert cookie["language"] == "en"


def test_signing_out_ends_the_token_on_the_server(client: FlaskClient) -> None:
    sign_in(client, alice_of_a_bank())
    stolen = token_of(client)
    assert client.post("/sign-out").status_code == 303
    thief = client.application.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = stolen
    assert thief.get("/account").status_code == 303


def test_a_sign_in_ends_idle_and_in_any_case(client: FlaskClient, clock: FixedClock) -> None:
    alice = alice_of_a_bank()
    sign_in(client, alice)
    for _ in range(24):
        clock.advance(minutes=29)
        assert client.get("/account").status_code == 200
    clock.advance(minutes=29)
    assert client.get("/account").status_code == 303  # 12 hours 5 minutes
    sign_in(client, alice)
    clock.advance(minutes=30)
    assert client.get("/account").status_code == 303


def test_the_last_use_is_written_once_a_minute(
    client: FlaskClient, clock: FixedClock, session: Session
) -> None:
    sign_in(client, alice_of_a_bank())
    seen = session.scalars(select(SignIn.last_seen_at)).one()
    clock.advance(seconds=59)
    client.get("/account")
    assert session.scalars(select(SignIn.last_seen_at)).one() == seen
    clock.advance(seconds=1)
    client.get("/account")
    assert session.scalars(select(SignIn.last_seen_at)).one() == system_clock.now()


def test_one_answer_for_unknown_wrong_and_switched_off(client: FlaskClient) -> None:
    alice = alice_of_a_bank()
    gone = alice_of_a_bank()
    with atomic() as session:
        session.get_one(Person, gone.id).active = False
    answers = [
        give_password(client, alice.email, "not the password"),
        give_password(client, "nobody@example.com"),
        give_password(client, gone.email),
    ]
    bodies = {_without_input(answer.text) for answer in answers}
    assert {answer.status_code for answer in answers} == {422}
    assert len(bodies) == 1


def _without_input(page: str) -> str:
    page = re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", page)
    return re.sub(r"[\w.]+@example\.com", "", page)


def test_an_unknown_address_costs_the_same_work(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = alice_of_a_bank()
    verified: list[str | None] = []
    original = passwords.verify

    def counting(kept: str | None, password: str) -> bool:
        verified.append(kept)
        return original(kept, password)

    monkeypatch.setattr(passwords, "verify", counting)
    assert sign_ins.check_password(session, "nobody@example.com", PASSWORD) is None
    assert sign_ins.check_password(session, alice.email, "wrong") is None
    assert verified == [None, alice.password_hash]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil",
        "\\\\evil",
        "/\t/evil",
        "javascript:x",
        "/ok\nx",
        "",
    ],
)
def test_nobody_is_sent_to_another_site(client: FlaskClient, target: str) -> None:
    alice = alice_of_a_bank()
    answer = give_password(client, alice.email, next=target)
    assert answer.headers["Location"] == "/sign-in/second-factor?next=/"
    answer = client.post("/sign-in/second-factor", data={"code": code(), "next": target})
    assert answer.headers["Location"] == "/"


def test_who_has_signed_in_is_not_asked_again(client: FlaskClient) -> None:
    sign_in(client, alice_of_a_bank())
    assert client.get("/sign-in?next=/account").headers["Location"] == "/account"
    assert client.get("/sign-in/second-factor?next=/notices").headers["Location"] == "/notices"
    assert client.get("/sign-in/new-password").status_code == 303


def test_somebody_without_an_authenticator_sets_one_up_first(client: FlaskClient, session: Session) -> None:
    alice = alice_of_a_bank()
    with atomic() as writing:
        writing.get_one(Person, alice.id).second_factor_secret = ""
    answer = give_password(client, alice.email, next="/account")
    assert answer.headers["Location"] == "/account/second-factor?next=/account"
    assert client.get("/account").headers["Location"].startswith("/sign-in/second-factor")
    page = client.get(answer.headers["Location"])
    seed = shown_seed(page.text)
    assert "data:image/svg+xml" in page.text
    assert shown_seed(client.get("/account/second-factor").text) == seed
    assert client.post("/account/second-factor", data={"code": "000000"}).status_code == 422
    shown = second_factor.code_at(seed, system_clock.now())
    answer = client.post("/account/second-factor", data={"code": shown, "next": "/account"})
    assert answer.headers["Location"] == "/account"
    assert client.get("/account").status_code == 200
    kept = session.get_one(Person, alice.id, populate_existing=True)
    assert seed not in kept.second_factor_secret
    other = client.application.test_client()
    give_password(other, alice.email)
    assert other.post("/sign-in/second-factor", data={"code": shown}).status_code == 422


def test_a_password_changed_meanwhile_stops_a_sign_in(app: Flask, session: Session) -> None:
    alice = alice_of_a_bank()
    checked = sign_ins.check_password(session, alice.email, PASSWORD)
    assert checked
    with atomic() as writing:
        writing.get_one(Person, alice.id).password_hash = "other"
    with pytest.raises(Refused), atomic() as writing:
        sign_ins.begin(writing, checked, sign_ins.Browser())


def test_an_old_hash_is_renewed(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = alice_of_a_bank()
    monkeypatch.setattr(passwords, "needs_rehash", lambda _kept: True)
    assert give_password(client, alice.email).status_code == 303
    renewed = session.get_one(Person, alice.id, populate_existing=True)
    assert renewed.password_hash != password_hash()
    assert passwords.verify(renewed.password_hash, PASSWORD)


def test_signing_in_leaves_a_trace_without_secrets(client: FlaskClient, session: Session) -> None:
    alice = alice_of_a_bank()
    sign_in(client, alice)
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.person_id == alice.id).order_by(AuditEntry.act)
    ).all()
    assert [entry.act for entry in entries] == ["parties.pass_second_factor", "parties.sign_in"]
    assert PASSWORD not in str([entry.facts for entry in entries])
