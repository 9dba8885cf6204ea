"""The pages of rights of first refusal: the bank's list, what the public sees, what nobody else does."""

from datetime import timedelta

import pytest
from builders import a_person, an_institution, signed_in
from flask import Flask
from flask.testing import FlaskClient
from priority_cast import PriorityCast
from sqlalchemy.orm import Session

from marketplace.access import InstitutionKind, Role
from marketplace.clock import FixedClock
from marketplace.db import atomic
from marketplace.listings.priority import queries
from marketplace.listings.priority.rules import HolderStatus, ServiceMethod
from marketplace.parties.models import Person

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


@pytest.fixture
def cast(session: Session, clock: FixedClock) -> PriorityCast:
    with atomic():
        return PriorityCast(session)


def browser(app: Flask, session: Session, person_id: object) -> FlaskClient:
    client = signed_in(app.test_client(), session.get_one(Person, person_id))
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def text(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.text


ENTRY = {
    "kind": "inventor",
    "name": "Xu Lin",
    "registration_number": "",
    "order": "1",
    "basis": "民法典 art. 847",
    "evidence": "certificate 7",
}


def test_a_bank_enters_confirms_serves_and_reads_from_when_it_may_announce(
    app: Flask, session: Session, cast: PriorityCast, clock: FixedClock
) -> None:
    alice, amy = (browser(app, session, actor.person_id) for actor in (cast.alice, cast.amy))
    url = f"/portfolio/lots/{cast.lot.id}/priority"
    refused = alice.post(url, data=ENTRY | {"basis": "", "order": "0"})
    assert refused.status_code == 422
    assert "No holders entered" in refused.text
    unknown = alice.post(url, data=ENTRY | {"registration_number": "NOBODY"})
    assert (unknown.status_code, "No verified institution" in unknown.text) == (422, True)
    assert alice.post(url, data=ENTRY).status_code == 303
    (holder,) = queries.holders_of(session, cast.lot.id)
    act = f"/portfolio/priority/{holder.id}"
    assert "A second person has to confirm Xu Lin" in text(alice, url)
    assert alice.post(f"{act}/confirm").status_code == 403
    assert "does this right exist" in text(amy, url)
    assert amy.post(f"{act}/confirm").status_code == 303
    assert "not been notified of this sale (法释〔2016〕18号 art. 16)" in text(alice, url)
    given = {f"{holder.id.hex}-how": "post", f"{holder.id.hex}-document": ""}
    without = alice.post(f"{act}/serve", data=given)
    assert (without.status_code, "Name the document" in without.text) == (422, True)
    given[f"{holder.id.hex}-document"] = "EMS 1"
    assert alice.post(f"{act}/serve", data=given).status_code == 303
    session.expire_all()
    (notice,) = queries.find_holder(session, holder.id).notices
    assert amy.post(f"{act}/notices/{notice.id}/confirm").status_code == 303
    assert "the sale may be announced from 2026-03-05 10:00" in text(alice, url)
    clock.advance(days=3)
    alice = browser(app, session, cast.alice.person_id)
    assert "notified in time or has waived" in text(alice, url)
    history = text(alice, f"/portfolio/lots/{cast.lot.id}")
    assert "service of the notice confirmed" in history
    late = browser(app, session, cast.amy.person_id).post(
        f"{act}/waive", data={f"{holder.id.hex}-document": "letter 7"}
    )
    assert late.status_code == 303
    session.expire_all()
    assert queries.find_holder(session, holder.id).status is HolderStatus.WAIVED


def test_the_public_learns_how_many_and_not_who(
    app: Flask, session: Session, cast: PriorityCast, client: FlaskClient
) -> None:
    with atomic():
        cast.told("Xu Lin")
        struck = cast.entered("Nobody Real")
        struck.status = HolderStatus.REMOVED
        cast.served(cast.holder("Gone Away", 2), ServiceMethod.PUBLIC)
    page = text(client, f"/lots/{cast.lot.id}")
    assert "inventor of a service invention: 2" in page
    assert "Xu Lin" not in page
    assert "Gone Away" not in page
    notices = text(client, "/public-notices")
    assert "Gone Away" in notices
    assert "moved away" not in notices.split("A patent is to be sold")[0]
    assert "2026-03-07 10:00" in notices
    assert "Xu Lin" not in notices


def test_another_bank_finds_nothing(app: Flask, session: Session, cast: PriorityCast) -> None:
    with atomic():
        holder = cast.holder()
        notice = cast.served(holder)
    mallory = browser(app, session, cast.mallory.person_id)
    assert mallory.get(f"/portfolio/lots/{cast.lot.id}/priority").status_code == 404
    assert mallory.post(f"/portfolio/lots/{cast.lot.id}/priority", data=ENTRY).status_code == 404
    for act in ("confirm", "serve", "waive", "strike-out", f"notices/{notice.id}/confirm"):
        assert mallory.post(f"/portfolio/priority/{holder.id}/{act}").status_code == 404
    assert "Xu Lin" not in text(mallory, "/priority")


def test_a_registered_holder_reads_of_its_right(app: Flask, session: Session, cast: PriorityCast) -> None:
    with atomic():
        company = an_institution(session, InstitutionKind.BUYER, "Holder Works")
        carol = a_person(session, company, "Carol", frozenset({Role.OFFICER}))
        cast.told("Holder Works", 3, company.registration_number)
    client = browser(app, session, carol.id)
    page = text(client, "/priority")
    assert cast.lot.title in page
    assert "notified" in page
    assert "register and claim your right of first refusal" in text(client, "/notices")


def test_the_form_is_filled_from_the_file(app: Flask, session: Session, cast: PriorityCast) -> None:
    with atomic():
        cast.lot.rights[0].applicant = "Taishan Motors；Qilu University"
    alice = browser(app, session, cast.alice.person_id)
    url = f"/portfolio/lots/{cast.lot.id}/priority"
    assert "Qilu University" in text(alice, url)
    assert 'value="Qilu University"' in text(alice, f"{url}?suggestion=1")
    assert text(alice, f"{url}?suggestion=99")


def test_both_languages(app: Flask, session: Session, cast: PriorityCast, clock: FixedClock) -> None:
    with atomic():
        cast.told()
    clock.advance(seconds=int(timedelta(minutes=1).total_seconds()))
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh"
    assert "职务发明完成人" in client.get(f"/lots/{cast.lot.id}").text
    assert "处置公告送达" in client.get("/public-notices").text
