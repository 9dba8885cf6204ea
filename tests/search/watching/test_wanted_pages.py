"""The pages of wanted notices: from the form to the answer."""

import json
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import QUERY, Stage, as_person

from marketplace.db import atomic
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from search.watching.models import WantedNotice
from search.watching.service import wanted
from search.watching.service.wanted import Wanted

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def test_a_wanted_notice_from_form_to_answer(
    app: Flask, carol: FlaskClient, dave: FlaskClient, stage: Stage, session: Session
) -> None:
    assert "battery" in carol.get("/wanted/new?q=battery&status=published").text
    values = {
        "query": "q=old&status=published",
        "q": "battery",
        "title": "A battery",
        "text": "For cars.",
        "budget": "1,250,000.00",
        "currency": "CNY",
    }
    for change in ({"budget": "much"}, {"q": "x" * 300}, {"title": ""}, {"query": "", "q": ""}):
        assert carol.post("/wanted/new", data=values | change).status_code == 422
    address = carol.post("/wanted/new", data=values).headers["Location"]
    session.rollback()
    notice = session.scalars(select(WantedNotice)).one()
    assert notice.arguments == {"q": ["battery"], "status": ["published"]}
    stranger = app.test_client()
    for page in (stranger.get("/wanted").text, stranger.get(address).text, stranger.get("/api/wanted").text):
        assert "A battery" in page
        assert "1,250,000" not in page
        assert notice.institution.name not in page
    assert "1,250,000.00 CNY" in carol.get(address).text
    assert "What you answer" not in dave.get(address).text
    alice = as_person(app, session, stage.alice.person_id)
    lot = stage.lot()
    assert "What you answer" in alice.get(address).text
    for change in ({"text": ""}, {"lot": "not a lot"}, {"lot": f"/lots/{uuid.uuid4()}"}):
        data = {"text": "We sell one.", **change}
        assert alice.post(f"{address}/answer", data=data).status_code == 422
    data = {"text": "We sell one.", "lot": f"https://market.example/lots/{lot.id}?x=1"}
    assert alice.post(f"{address}/answer", data=data).status_code == 303
    assert "We sell one." in carol.get(address).text
    assert "We sell one." not in alice.get(address).text
    assert carol.post(f"{address}/withdraw").status_code == 303
    assert stranger.get(address).status_code == 404
    assert json.loads(stranger.get("/api/wanted").text)["total"] == 0


def test_the_operator_takes_a_notice_down_with_a_reason(
    app: Flask, carol: FlaskClient, stage: Stage, session: Session
) -> None:
    with atomic() as writing:
        notice = wanted.publish(writing, stage.carol, Wanted("Cheap watches", "Buy now", QUERY, named=True))
    olga = as_person(app, session, stage.olga.person_id)
    assert carol.post(f"/wanted/{notice.id}/take-down", data={"reason": "x"}).status_code == 403
    assert olga.post(f"/wanted/{notice.id}/take-down", data={}).status_code == 422
    assert olga.post(f"/wanted/{notice.id}/take-down", data={"reason": "An advert"}).status_code == 303
    assert "An advert" in carol.get(f"/wanted/{notice.id}").text
    assert app.test_client().get(f"/wanted/{notice.id}").status_code == 404


def test_sellers_and_agencies_see_how_many_look_for_a_lot(
    app: Flask, carol: FlaskClient, stage: Stage, session: Session
) -> None:
    lot, draft = stage.lot(), stage.lot(status=LotStatus.DRAFTED)
    with atomic() as writing:
        wanted.publish(writing, stage.carol, Wanted("Batteries", "For cars", QUERY))
    alice, bob = (as_person(app, session, actor.person_id) for actor in (stage.alice, stage.bob))
    for client, one in ((alice, lot), (alice, draft), (bob, lot)):
        assert "1 buyer looks for such a right." in client.get(f"/wanted/lots/{one.id}").text
    assert bob.get(f"/wanted/lots/{draft.id}").status_code == 404
    assert carol.get(f"/wanted/lots/{lot.id}").status_code == 404
    assert f"/wanted/lots/{lot.id}" in alice.get(f"/portfolio/lots/{lot.id}").text
    assert f"/wanted/lots/{lot.id}" in bob.get(f"/lots/{lot.id}").text
    assert f"/wanted/lots/{lot.id}" not in carol.get(f"/lots/{lot.id}").text
    assert session.get(Lot, lot.id) is not None
