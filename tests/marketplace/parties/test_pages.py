"""Registration, people and the operator's queue through the pages."""

import re
from typing import Any

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from parties_cast import ALL_ROLES, PASSWORD, give_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind, Role
from marketplace.db import atomic
from marketplace.outbox import Mail
from marketplace.parties.models import Institution, Person
from marketplace.parties.rules import InstitutionStatus
from marketplace.web import limiter

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

FORM = {
    "kind": "bank",
    "name": "江南银行",
    "country": "CN",
    "registration_number": "91110000600037341L",
    "person_name": "Alice",
    "email": "alice@example.com",
    "password": PASSWORD,
}
NOWHERE = "00000000-0000-0000-0000-000000000007"


def somebody(kind: InstitutionKind, roles: frozenset[Role] = ALL_ROLES, name: str = "Alice") -> Person:
    with atomic() as session:
        return a_person(session, an_institution(session, kind), name, roles)


def test_registering_leads_to_signing_in_and_the_second_factor(client: FlaskClient, session: Session) -> None:
    answer = client.post("/register", data=FORM)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert session.scalars(select(Institution)).one().status is InstitutionStatus.REGISTERED
    answer = give_password(client, "alice@example.com")
    assert answer.headers["Location"].startswith("/account/second-factor")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "operator"},
        {"kind": "regulator"},
        {"kind": ""},
        {"name": ""},
        {"name": "Bank\u202eknaB"},
        {"country": "XX"},
        {"registration_number": "91110000600073341L"},
        {"email": "alice"},
        {"email": "alice@example.com\r\nBcc: x@example.com"},
        {"password": "password1234"},
        {"password": "short"},
        {"person_name": "\u200b"},
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_keeps_the_rest(
    client: FlaskClient, session: Session, wrong: dict[str, str]
) -> None:
    answer = client.post("/register", data=FORM | wrong)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert PASSWORD not in answer.text
    assert session.scalars(select(Institution)).all() == []


def test_no_column_can_be_set_from_outside(client: FlaskClient, session: Session) -> None:
    columns = {column.key for model in (Institution, Person) for column in model.__table__.columns}
    extra = dict.fromkeys(columns - set(FORM), "1") | {"status": "verified", "roles": "approver"}
    assert client.post("/register", data=extra | FORM).status_code == 303
    person = session.scalars(select(Person)).one()
    assert person.institution.status is InstitutionStatus.REGISTERED
    assert person.institution.verified_at is None
    assert person.roles == ["administrator", "officer"]
    assert person.second_factor_secret == ""
    assert person.one_time_until is None


def test_a_taken_address_and_a_taken_name_say_so_without_more(client: FlaskClient) -> None:
    client.post("/register", data=FORM)
    changed = FORM | {"name": "Other", "registration_number": "913100007109328220"}
    assert client.post("/register", data=changed).status_code == 422
    assert client.post("/register", data=FORM | {"email": "x@example.com"}).status_code == 422


def test_registering_is_limited_per_address(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    foreign = [
        {"name": f"HRB {number}", "country": "DE", "registration_number": f"HRB {number}"}
        for number in range(1000, 1007)
    ]
    statuses = [
        client.post("/register", data=FORM | new | {"email": f"a{index}@example.com"}).status_code
        for index, new in enumerate(foreign)
    ]
    assert statuses == [303] * 5 + [429] * 2


def test_an_invited_person_sets_everything_up_alone(client: FlaskClient, session: Session) -> None:
    signed_in(client, somebody(InstitutionKind.BANK))
    assert "Alice" in client.get("/institution/people").text
    form = {"person_name": "Amy", "email": "amy@example.com", "roles": ["approver"], "language": "en"}
    assert client.post("/institution/people", data=form).status_code == 303
    found = re.search(r"One-time password: (\S+)", session.scalars(select(Mail.body)).one())
    assert found
    amy = client.application.test_client()
    answer = give_password(amy, "amy@example.com", found[1])
    assert answer.headers["Location"].startswith("/sign-in/new-password")
    assert amy.get("/account/second-factor").headers["Location"].startswith("/sign-in/new-password")
    assert amy.get("/sign-in/new-password").status_code == 200
    assert amy.post("/sign-in/new-password", data={"password": found[1]}).status_code == 422
    answer = amy.post("/sign-in/new-password", data={"password": PASSWORD})
    assert answer.headers["Location"].startswith("/account/second-factor")
    assert amy.get("/account/second-factor").status_code == 200


@pytest.mark.parametrize("wrong", [{"roles": []}, {"roles": ["emperor"]}, {"email": "x"}, {"language": "xx"}])
def test_an_invitation_with_a_mistake_invites_nobody(
    client: FlaskClient, session: Session, wrong: dict[str, Any]
) -> None:
    signed_in(client, somebody(InstitutionKind.BANK))
    form = {"person_name": "Amy", "email": "amy@example.com", "roles": ["approver"], "language": "en"}
    assert client.post("/institution/people", data=form | wrong).status_code == 422
    assert session.scalars(select(Mail)).all() == []


def test_mallory_sees_the_same_nothing_of_another_bank_as_of_no_bank(client: FlaskClient) -> None:
    amy, mallory = somebody(InstitutionKind.BANK, name="Amy"), somebody(InstitutionKind.BANK, name="Mallory")
    signed_in(client, mallory)
    assert "Amy" not in client.get("/institution/people").text
    for method, tail in (
        ("GET", ""),
        ("POST", "/roles"),
        ("POST", "/deactivate"),
        ("POST", "/renew-password"),
        ("POST", "/remove-second-factor"),
    ):
        answers = [
            client.open(f"/institution/people/{person_id}{tail}", method=method, data={"roles": ["officer"]})
            for person_id in (amy.id, NOWHERE)
        ]
        bodies = [re.sub(r'<code>\w+</code>|value="[^"]*"', "", answer.text) for answer in answers]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert bodies[0].replace(str(amy.id), NOWHERE) == bodies[1]


@pytest.mark.parametrize(
    "path", ["/institution/people", "/operator/institutions", f"/operator/institutions/{NOWHERE}"]
)
def test_a_role_that_lacks_the_verb_is_turned_away(client: FlaskClient, path: str) -> None:
    signed_in(client, somebody(InstitutionKind.BANK, frozenset({Role.OFFICER, Role.APPROVER})))
    assert client.get(path).status_code == 403


def test_an_administrator_changes_roles_and_switches_off(client: FlaskClient, session: Session) -> None:
    alice = somebody(InstitutionKind.BANK)
    with atomic() as writing:
        amy = a_person(writing, alice.institution, "Amy")
    signed_in(client, alice)
    page = f"/institution/people/{amy.id}"
    assert client.get(page).status_code == 200
    assert client.post(f"{page}/roles", data={"roles": ["approver"]}).status_code == 303
    assert session.get_one(Person, amy.id).roles == ["approver"]
    assert client.post(f"{page}/roles", data={"roles": []}).status_code == 422
    assert client.post(f"{page}/remove-second-factor").status_code == 303
    assert client.post(f"{page}/deactivate").status_code == 303
    assert not session.get_one(Person, amy.id).active
    assert client.post(f"{page}/renew-password").status_code == 303
    own = f"/institution/people/{alice.id}"
    assert client.get(own).status_code == 200
    assert client.post(f"{own}/deactivate").status_code == 422


def test_the_operator_verifies_and_suspends(client: FlaskClient, session: Session) -> None:
    client.post("/register", data=FORM)
    bank = session.scalars(select(Institution)).one()
    signed_in(client, somebody(InstitutionKind.OPERATOR))
    assert "江南银行" in client.get("/operator/institutions").text
    assert "江南银行" in client.get("/operator/institutions/today").text
    page = f"/operator/institutions/{bank.id}"
    assert "alice@example.com" in client.get(page).text
    assert client.post(page, data={"status": "refused", "reason": ""}).status_code == 422
    assert client.post(page, data={"status": "emperor"}).status_code == 400
    assert client.post(page, data={"status": "verified"}).status_code == 303
    assert client.post(page, data={"status": "verified"}).status_code == 409
    assert client.post(page, data={"status": "suspended", "reason": "court order"}).status_code == 303
    assert "court order" in client.get(page).text
    for status in InstitutionStatus:
        assert client.get(f"/operator/institutions?status={status}").status_code == 200
    assert client.get("/operator/institutions?status=emperor").status_code == 404
    assert client.get(f"/operator/institutions/{NOWHERE}").status_code == 404


def test_a_name_with_markup_stays_text(client: FlaskClient) -> None:
    client.post("/register", data=FORM | {"name": "<script>alert(1)</script> Bank"})
    signed_in(client, somebody(InstitutionKind.OPERATOR))
    page = client.get("/operator/institutions").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_commands_make_people_without_showing_passwords_in_arguments(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = app.test_cli_runner()
    common = ["--person-name", "Olga", "--email", "Olga@example.com"]
    new = ["--name", "Operator One", "--registration-number", "91110000600037341L"]
    result = runner.invoke(args=["parties", "create-operator", *new, *common])
    assert result.exit_code == 0, result.output
    made = result.output.split()[-1]
    assert give_password(app.test_client(), "olga@example.com", made).status_code == 303
    assert session.scalars(select(Institution)).one().status is InstitutionStatus.VERIFIED
    again = runner.invoke(args=["parties", "create-operator", *new, *common])
    assert again.exit_code == 2
    assert "name:" in again.output
    monkeypatch.setenv("LUOCHUI_PASSWORD", PASSWORD)
    monkeypatch.setenv("LUOCHUI_SECOND_FACTOR", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    otto = ["--person-name", "Otto", "--email", "otto@example.com", "--role", "approver"]
    result = runner.invoke(args=["parties", "create-person", "--institution", "91110000600037341L", *otto])
    assert result.output == "otto@example.com: created\n"
    assert PASSWORD not in result.output
    assert runner.invoke(args=["parties", "code", "--email", "otto@example.com"]).output.strip().isdigit()
    for verb, email, expected in (
        ("remove-second-factor", "otto@example.com", 0),
        ("code", "otto@example.com", 2),
        ("renew-password", "otto@example.com", 0),
        ("renew-password", "nobody@example.com", 2),
        ("renew-password", "nonsense", 2),
    ):
        assert runner.invoke(args=["parties", verb, "--email", email]).exit_code == expected, verb
