"""One's own searches and watch list as JSON: the same rules as the pages, refusals by field and reason."""

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import QUERY, Stage, follow
from werkzeug.test import TestResponse

from marketplace.listings.rules import LotStatus
from marketplace.web import Access, declared_access
from search.watching.models import SavedSearch, Watch
from search.watching.service import searches as service
from search.watching.service import watches

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

SEARCHES, LOTS = "/api/watching/searches", "/api/watching/lots"
NEW: dict[str, Any] = {"name": " Batteries ", "search": {"q": ["battery"], "status": ["published"]}}


def told(answer: TestResponse) -> Any:
    return json.loads(answer.text)


def everything(session: Session) -> list[SavedSearch]:
    session.rollback()
    return list(session.scalars(select(SavedSearch).execution_options(populate_existing=True)))


def test_a_search_is_saved_listed_changed_and_deleted(
    carol: FlaskClient, stage: Stage, session: Session
) -> None:
    answer = carol.post(SEARCHES, json=NEW)
    assert answer.status_code == 201
    saved = told(answer)
    assert (saved["name"], saved["frequency"], saved["channels"]) == (
        "Batteries",
        "daily",
        ["mail", "notice"],
    )
    assert (saved["search"], saved["readable"], saved["paused"]) == (NEW["search"], True, False)
    stage.lot()
    follow()
    address = f"{SEARCHES}/{saved['id']}"
    changed = told(carol.patch(address, json={"frequency": "weekly"}))
    assert changed == {**saved, "frequency": "weekly", "found": 1, "last_found_at": changed["last_found_at"]}
    assert told(carol.patch(address, json={"name": "Cells", "channels": [], "search": {"q": ["cell"]}})) == {
        **changed,
        "name": "Cells",
        "channels": [],
        "search": {"q": ["cell"]},
    }
    listed = told(carol.get(SEARCHES))
    assert (listed["total"], listed["most"]) == (1, 100)
    assert [(one["name"], one["frequency"], one["found"]) for one in listed["searches"]] == [
        ("Cells", "weekly", 1)
    ]
    assert carol.delete(address).status_code == 204
    assert told(carol.get(SEARCHES))["searches"] == []
    assert carol.delete(address).status_code == 404


def test_a_search_is_paused_and_resumed(carol: FlaskClient, stage: Stage) -> None:
    saved = told(carol.post(SEARCHES, json=NEW | {"paused": True}))
    address = f"{SEARCHES}/{saved['id']}"
    stage.lot()
    follow()
    assert (saved["paused"], told(carol.patch(address, json={"name": "Cells"}))["found"]) == (True, 0)
    assert told(carol.patch(address, json={"paused": False})) == {**saved, "name": "Cells", "paused": False}
    stage.lot()
    follow()
    assert told(carol.get(SEARCHES))["searches"][0]["found"] == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"search": {}}, ("q", "says_nothing")),
        ({"search": {"class": ["??"]}}, ("class", "bad_class")),
        ({"search": {"status": ["drafted"]}}, ("status", "unknown_choice")),
        ({"search": {"q": "battery"}}, ("q", "bad_arguments")),
        ({"search": {"q": ["x"], "seller": ["1" * 3_000]}}, ("q", "too_long_to_keep")),
        ({"name": ""}, ("name", "bad_name")),
        ({"frequency": "hourly"}, ("frequency", "unknown_word")),
        ({"channels": ["pigeon"]}, ("channels", "unknown_word")),
        ({"channels": ["webhook"]}, ("channels", "no_webhook")),
        ({"paused": "yes"}, ("paused", "neither_true_nor_false")),
        ({"often": "daily"}, ("often", "field_unknown")),
    ],
)
def test_bad_input_is_refused_by_field_and_reason_and_nothing_kept(
    carol: FlaskClient, stage: Stage, session: Session, change: dict[str, Any], refusal: tuple[str, str]
) -> None:
    kept = stage.save()
    for answer in (
        carol.post(SEARCHES, json=NEW | change),
        carol.patch(f"{SEARCHES}/{kept.id}", json=change),
    ):
        assert (answer.status_code, (told(answer)["field"], told(answer)["reason"])) == (422, refusal)
        assert told(answer)["error"] not in {"", refusal[1]}
    (search,) = everything(session)
    assert (search.name, search.arguments, search.frequency) == ("Batteries", QUERY, "at_once")


def test_what_is_no_json_object_is_refused(carol: FlaskClient, session: Session) -> None:
    for body in (b"", b"[]", b"{", b'"text"'):
        answer = carol.post(SEARCHES, data=body, content_type="application/json")
        assert (answer.status_code, told(answer)["reason"]) == (422, "not_an_object")
    assert carol.post(SEARCHES, data={"name": "x"}).status_code == 422
    missing = carol.post(SEARCHES, json={"name": "x"})
    assert (missing.status_code, told(missing)["field"], told(missing)["reason"]) == (
        422,
        "search",
        "field_missing",
    )
    assert carol.post(SEARCHES, json=NEW | {"name": "x" * 70_000}).status_code == 413
    assert everything(session) == []


def test_the_limits_are_those_of_the_pages(
    carol: FlaskClient, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SEARCHES_LIMIT", 1)
    monkeypatch.setattr(watches, "WATCHES_LIMIT", 1)
    assert carol.post(SEARCHES, json=NEW).status_code == 201
    refused = carol.post(SEARCHES, json=NEW)
    assert (refused.status_code, told(refused)["reason"]) == (422, "too_many_searches")
    first, second = stage.lot(), stage.lot()
    assert carol.put(f"{LOTS}/{first.id}").status_code == 204
    refused = carol.put(f"{LOTS}/{second.id}")
    assert (refused.status_code, told(refused)["reason"]) == (422, "too_many_watches")


def test_anothers_search_does_not_exist(dave: FlaskClient, stage: Stage, session: Session) -> None:
    address, unknown = f"{SEARCHES}/{stage.save().id}", f"{SEARCHES}/{uuid.uuid4()}"
    assert told(dave.get(SEARCHES))["searches"] == []
    for answers in (
        [dave.delete(one) for one in (address, unknown)],
        [dave.patch(one, json={"frequency": "daily"}) for one in (address, unknown)],
    ):
        assert [answer.status_code for answer in answers] == [404, 404]
        assert told(answers[0])["error"] == told(answers[1])["error"]
    assert [search.frequency for search in everything(session)] == ["at_once"]


def test_the_watch_list(carol: FlaskClient, dave: FlaskClient, stage: Stage, session: Session) -> None:
    lot, draft = stage.lot(), stage.lot(status=LotStatus.DRAFTED)
    for _ in range(2):
        assert carol.put(f"{LOTS}/{lot.id}").status_code == 204
    assert carol.put(f"{LOTS}/{draft.id}").status_code == 404
    follow()
    listed = told(carol.get(LOTS))
    assert (listed["total"], listed["page"], listed["pages"]) == (1, 1, 1)
    (shown,) = listed["lots"]
    assert (shown["id"], shown["status"], shown["start_price"]) == (str(lot.id), "published", "100000.00")
    assert shown["last_news"] is None
    assert told(dave.get(LOTS))["lots"] == []
    stage.change(lot, status=LotStatus.DRAFTED, title="A secret")
    follow()
    answer = carol.get(LOTS)
    assert "A secret" not in answer.text
    (gone,) = told(answer)["lots"]
    assert (gone["status"], gone["title"], gone["last_news"]["happening"]) == (
        None,
        "Battery with a grid",
        "gone",
    )
    assert dave.delete(f"{LOTS}/{lot.id}").status_code == 204
    assert carol.get(f"{LOTS}?page=7").status_code == 404
    assert carol.delete(f"{LOTS}/{lot.id}").status_code == 204
    session.rollback()
    assert session.scalars(select(Watch)).all() == []


def test_changing_needs_a_sign_in_and_its_token(app: Flask, carol: FlaskClient, stage: Stage) -> None:
    lot, stranger = stage.lot(), app.test_client()
    asked = [("GET", SEARCHES), ("POST", SEARCHES), ("GET", LOTS), ("PUT", f"{LOTS}/{lot.id}")]
    assert [stranger.open(path, method=method).status_code for method, path in asked] == [401] * 4
    own = {name for name in app.view_functions if name.startswith("watching_api.")} - {"watching_api.wanted"}
    assert {declared_access(app.view_functions[name]) for name in own} == {Access.SIGNED_IN}
    app.config["WTF_CSRF_ENABLED"] = True
    for method, path in (("POST", SEARCHES), ("PUT", f"{LOTS}/{lot.id}"), ("DELETE", f"{LOTS}/{lot.id}")):
        assert carol.open(path, method=method, json=NEW).status_code == 400
