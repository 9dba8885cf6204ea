"""What was meant: how a query was understood, other spellings, classes for words, lots like one."""

import uuid
from unittest.mock import Mock

import pytest
from builders import a_lot, an_institution
from finding_cast import lots_of, titles
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.errors import Refused
from marketplace.listings.rules import LotStatus
from search.reasons import SearchReason


def test_how_a_query_was_understood_or_where_it_is_wrong(client: FlaskClient, session: Session) -> None:
    lots_of(session, {"title": "Glass"}, {"title": "Glass vase", "status": LotStatus.SOLD})
    page = client.get("/search?q=ti%3Dglass+NOT+st%3Dsold").text
    assert titles(page) == ["Glass"]
    assert "Understood as:" in page
    assert client.get("/api/search?q=ti%3Dglass").get_json()["understood"] != ""
    assert "Understood as:" not in client.get("/search?q=glass").text
    wrong = client.get("/search?q=+ti%3D(glass pane")
    assert wrong.status_code == 422
    assert '<code>ti=<mark class="wrong">(</mark>glass pane</code>' in wrong.text


def test_words_lead_to_classes(client: FlaskClient, session: Session) -> None:
    lots_of(session, {"title": "Glass"})
    page = client.get("/search?q=electric+motor&status=published").text
    assert "Classes for these words:" in page
    assert "/search?status=published&amp;class=H02" in page
    for query in ("q=ti%3Dmotor", "q=H02K", "status=published"):
        assert "Classes for these words:" not in client.get(f"/search?{query}").text


def test_another_spelling_is_suggested_only_where_it_finds_more(
    client: FlaskClient, session: Session
) -> None:
    lots_of(session, {"title": "热水器 heater", "right": {"title": "Battery"}}, {"title": "Glass"})
    assert "q=battery" in client.get("/search?q=batery").text
    assert "热水器</a>" in client.get("/search?q=热谁器&status=published").text
    assert client.get("/api/search?q=batery heatre").get_json()["did_you_mean"] == "battery heater"
    assert client.get("/api/search?q=battery").get_json()["did_you_mean"] is None
    assert "Did you mean" not in client.get("/search?q=batery&status=sold").text
    assert "Did you mean" not in client.get("/search").text


def test_a_suggestion_that_cannot_be_tried_is_not_made(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    lots_of(session, {"title": "Battery"})
    refuse = Refused(SearchReason.TOO_SLOW, "q")
    monkeypatch.setattr("search.finding.count", Mock(side_effect=refuse))
    page = client.get("/search?q=batery")
    assert page.status_code == 200
    assert "Did you mean" not in page.text


def test_a_wrong_check_digit_is_put_right(client: FlaskClient, session: Session) -> None:
    lots_of(session, {"title": "Glass"})
    assert "q=202010123456.2" in client.get("/search?q=202010123456.7").text
    assert client.get("/api/search?q=202010123456.7").get_json()["did_you_mean"] == "202010123456.2"
    assert "Perhaps you mean" not in client.get("/search?q=202010123456.2").text


def test_lots_like_one(client: FlaskClient, session: Session) -> None:
    motor = {"title": "Stator winding of a motor", "classes": ["H02K17/02"]}
    glass = {"title": "Pane", "abstract": "Float glass", "applicant": "Hu", "classes": ["C03B18/02"]}
    one, other, far, hidden = lots_of(
        session,
        {"title": "Motor winding", "right": dict(motor)},
        {"title": "Winding with phases", "right": dict(motor)},
        {"title": "Glass pane", "right": dict(glass)},
        {"title": "Hidden winding", "right": dict(motor)},
    )
    with atomic():
        hidden.status, hidden.changed_at = LotStatus.WITHDRAWN, system_clock.now()
    page = client.get(f"/search/like/{one.id}").text
    assert "Winding with phases" in page
    assert "Hidden winding" not in page
    found = client.get(f"/api/search/like/{one.id}").get_json()["lots"]
    assert found[0]["id"] == str(other.id)
    assert str(one.id) not in {lot["id"] for lot in found}
    panel = client.get(f"/search/like/{one.id}", headers={"HX-Request": "true"}).text
    assert "<html" not in panel
    assert f'href="/lots/{other.id}"' in panel
    assert f"/search/like/{one.id}" in client.get(f"/lots/{one.id}").text
    assert client.get(f"/search/like/{hidden.id}").status_code == 404
    assert client.get(f"/api/search/like/{uuid.uuid4()}").status_code == 404
    assert str(far.id) not in {lot["id"] for lot in found}


def test_before_the_first_index_a_panel_says_so(client: FlaskClient, session: Session) -> None:
    with atomic():
        lot = a_lot(session, an_institution(session, InstitutionKind.BANK))
    assert client.get(f"/search/like/{lot.id}").status_code == 503
    panel = client.get(f"/search/like/{lot.id}", headers={"HX-Request": "true"})
    assert panel.status_code == 200
    assert "being prepared" in panel.text
