"""The register in the browser: apply, two persons admit, keys, suspension, leaving, and who may not."""

import base64
import uuid
from typing import Any

import pytest
from builders import BOTH, a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from transactions.sharing import invariants
from transactions.sharing.models import Contributor, ContributorAct
from transactions.sharing.rules.contributors import ContributorStatus

from .contributing import API, Sender, ask

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

MANAGER = frozenset({Role.ADMINISTRATOR})
SEED = b"exchange" * 4


class Window:
    """A browser of somebody who has signed in."""

    def __init__(
        self, app: Flask, kind: InstitutionKind, roles: frozenset[Role], institution: Any = None
    ) -> None:
        self.client: FlaskClient = app.test_client()
        with atomic() as session:
            self.institution = institution or an_institution(session, kind)
            self.person = a_person(session, self.institution, "Somebody", roles)
        signed_in(self.client, self.person)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text[:2000]
        return answer.text

    def post(self, path: str, status: int = 303, /, **values: str) -> str:
        answer = self.client.post(path, data=values)
        assert answer.status_code == status, answer.text[:3000]
        return answer.text


@pytest.fixture
def olga(app: Flask) -> Window:
    return Window(app, InstitutionKind.OPERATOR, BOTH)


@pytest.fixture
def otto(app: Flask, olga: Window) -> Window:
    return Window(app, InstitutionKind.OPERATOR, BOTH, olga.institution)


@pytest.fixture
def bob(app: Flask) -> Window:
    """The manager of an agency."""
    return Window(app, InstitutionKind.AGENCY, MANAGER)


def applied(bob: Window, session: Session, **changes: str) -> Contributor:
    sender = Sender("bobs-agency", SEED)
    values = {
        "code": sender.code,
        "kind": "agency",
        "public_key": sender.public_key,
        "parent_name": "Bob Group",
    }
    bob.post("/contributing", **(values | changes))
    session.rollback()
    return session.scalars(select(Contributor)).one()


def holds(session: Session) -> None:
    session.rollback()
    assert [problem for _, question in invariants.CHECKS for problem in question(session)] == []


def test_from_application_to_leaving(
    bob: Window, olga: Window, otto: Window, session: Session, client: FlaskClient
) -> None:
    assert "Two persons of the operator look at an application" in bob.get("/contributing")
    entry = applied(bob, session)
    assert "Nothing can be sent before" in bob.get("/contributing")
    page, acts = f"/operator/contributors/{entry.id}", f"/operator/contributors/{entry.id}/"
    assert "bobs-agency" in olga.get("/operator/contributors")
    assert "Look at the application" in olga.get("/operator/contributors/today")
    assert client.get("/contributors/bobs-agency").status_code == 404
    assert "This field is required" in olga.post(acts + "propose", 422, decision="admitted", reason="")
    olga.post(acts + "propose", decision="admitted", reason="licensed")
    assert "Something is proposed already" in olga.post(
        acts + "propose", 409, decision="refused", reason="no"
    )
    assert "You proposed this; a second person decides." in olga.get(page)
    assert "Whoever prepared this may not approve it" in olga.post(acts + "decide", 403, decision="agree")
    assert "Decide the proposal" in otto.get("/operator/contributors/today")
    otto.post(acts + "decide", decision="agree")
    otto.post(acts + "decide", 409, decision="agree")
    shown = client.get("/contributors/bobs-agency").text
    assert "Bob Group" in shown
    assert Sender("bobs-agency", SEED).public_key in shown
    assert "bobs-agency" in client.get("/contributors").text
    sender = Sender("bobs-agency", SEED)
    sale = sender.sale("1", proof_grade="D")
    assert sender.send(client, sale).status_code == 201
    assert "Records that may be read in 30 days" in bob.get("/contributing")
    holds(session)
    olga.post(acts + "propose", decision="suspended", reason="a stolen laptop")
    assert sender.send(client, sale).json["reason"] == "not_admitted"
    assert "The operator has stopped you" in bob.get("/contributing")
    olga.post(acts + "propose", decision="admitted", reason="found")
    otto.post(acts + "decide", decision="drop")
    olga.post(acts + "propose", decision="admitted", reason="found indeed")
    otto.post(acts + "decide", decision="agree")
    assert sender.send(client, sale).status_code == 200
    bob.post("/contributing/leave", 422, decision="leave", reason="")
    bob.post("/contributing/leave", decision="leave", reason="closing down")
    assert "has left" in client.get("/contributors/bobs-agency").text
    assert "Your last application as bobs-agency" in bob.get("/contributing")
    history = olga.get(page)
    for word in ("closing down", "a stolen laptop", "proposal dropped", "licensed"):
        assert word in history
    holds(session)


def test_keys_are_added_and_revoked(
    bob: Window, olga: Window, otto: Window, session: Session, clock: FixedClock
) -> None:
    entry = applied(bob, session)
    olga.post(f"/operator/contributors/{entry.id}/propose", decision="admitted", reason="x")
    otto.post(f"/operator/contributors/{entry.id}/decide", decision="agree")
    newer = Sender("bobs-agency", bytes(range(32, 64)))
    keys = f"/contributing/{entry.id}/keys"
    assert "32 bytes in base64" in bob.post(keys, 422, public_key="nonsense")
    assert "stands in the register already" in bob.post(keys, 409, public_key=Sender("", SEED).public_key)
    assert "would end before it begins" in bob.post(
        keys, 422, public_key=newer.public_key, valid_until="2026-01-01"
    )
    bob.post(keys, public_key=newer.public_key, valid_from="2026-04-01")
    sale = newer.sale("1", proof_grade="D")
    assert newer.send(bob.client, sale).json["lines"][0]["reason"] == "key_not_valid"
    clock.advance(days=40)
    for window in (bob, olga):
        signed_in(window.client, window.person)
    assert newer.send(bob.client, sale).status_code == 201
    session.rollback()
    ids = {key.fingerprint: key.id for key in session.scalars(select(Contributor)).one().keys}
    bob.post(f"{keys}/{ids[newer.mark]}/revoke", 422, reason="")
    bob.post(f"{keys}/{ids[newer.mark]}/revoke", reason="lost")
    bob.post(f"{keys}/{ids[newer.mark]}/revoke", 409, reason="again")
    olga.post(
        f"/operator/contributors/{entry.id}/keys/{ids[Sender('', SEED).mark]}/revoke", reason="told by phone"
    )
    assert (
        newer.send(bob.client, newer.sale("2", proof_grade="D")).json["lines"][0]["reason"] == "key_not_valid"
    )
    assert "told by phone" in bob.get("/contributing")
    holds(session)


def test_what_is_no_application(app: Flask, bob: Window, olga: Window, session: Session) -> None:
    key = base64.b64encode(bytes(32)).decode()
    good = {"code": "bobs-agency", "kind": "agency", "public_key": key}
    assert "small letters" in bob.post("/contributing", 422, **(good | {"code": "B!"}))
    assert "belongs to somebody else" in bob.post("/contributing", 409, **(good | {"code": "luochui-test"}))
    assert "32 bytes" in bob.post("/contributing", 422, **(good | {"public_key": "short"}))
    bob.post("/contributing", 422, **(good | {"kind": "king"}))
    applied(bob, session)
    assert "stands in the register already" in bob.post("/contributing", 409, **good)
    other = Window(app, InstitutionKind.BANK, MANAGER)
    assert "belongs to somebody else" in other.post("/contributing", 409, **good)
    # The operator enters its own marketplace, by the name and key with which it signs the log.
    manager = Window(app, InstitutionKind.OPERATOR, MANAGER, olga.institution)
    form = manager.get("/contributing")
    assert 'value="luochui-test"' in form
    own = Sender("luochui-test", bytes(range(32)))
    assert own.public_key in form.replace("&#43;", "+")
    manager.post("/contributing", code=own.code, kind="exchange", public_key=own.public_key)
    session.rollback()
    assert {one.code for one in session.scalars(select(Contributor))} == {"bobs-agency", "luochui-test"}


def test_who_may_not(app: Flask, bob: Window, olga: Window, session: Session, client: FlaskClient) -> None:
    entry = applied(bob, session)
    officer = Window(app, InstitutionKind.AGENCY, BOTH, bob.institution)
    officer.get("/contributing", 403)
    bob.get("/operator/contributors", 403)
    mallory = Window(app, InstitutionKind.BANK, MANAGER)
    key_id = entry.keys[0].id
    mallory.post(f"/contributing/{entry.id}/keys", 404, public_key=base64.b64encode(bytes(32)).decode())
    mallory.post(f"/contributing/{entry.id}/keys/{key_id}/revoke", 404, reason="x")
    mallory.post("/contributing/leave", 404, decision="leave", reason="x")
    olga.get(f"/operator/contributors/{uuid.uuid4()}", 404)
    olga.post(f"/operator/contributors/{entry.id}/propose", 422, decision="king", reason="x")
    olga.post(f"/operator/contributors/{entry.id}/decide", 409, decision="agree")
    olga.post(f"/operator/contributors/{entry.id}/propose", 409, decision="suspended", reason="x")
    olga.post(f"/operator/contributors/{entry.id}/propose", decision="refused", reason="unknown to us")
    assert ask(client, f"{API}/contributors").json["contributors"] == []


def test_the_invariants_find_what_is_wrong(bob: Window, session: Session) -> None:
    entry = applied(bob, session)
    with atomic() as writing:
        found = writing.get_one(Contributor, entry.id)
        found.status = ContributorStatus.ADMITTED
        same = uuid.uuid4()
        writing.add(
            ContributorAct(
                contributor_id=entry.id,
                at=found.applied_at,
                act="refused",
                marketplace="luochui-test",
                person_id=same,
                first_person_id=same,
            )
        )
    session.rollback()
    problems = [problem for _, question in invariants.CHECKS for problem in question(session)]
    assert any("without two persons" in problem for problem in problems)
    assert any("was never admitted" in problem for problem in problems)
