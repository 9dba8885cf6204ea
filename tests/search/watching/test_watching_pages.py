"""The pages: whose they are, what they show and what they refuse, and mails stopped by a click."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from watching_cast import QUERY, Stage, follow, mails_to, tell

from marketplace.db import atomic
from marketplace.listings.rules import LotStatus
from marketplace.web import Access, declared_access
from search.watching import queries
from search.watching.models import SavedSearch, Watch

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

SAVED = {
    "query": "q=battery&status=published&page=3",
    "name": " Batteries ",
    "frequency": "daily",
    "channels": ["mail", "notice"],
}


def only(session: Session) -> SavedSearch:
    session.rollback()
    return session.scalars(select(SavedSearch).execution_options(populate_existing=True)).one()


def test_a_search_is_saved_from_its_address_and_run_again(
    carol: FlaskClient, stage: Stage, session: Session
) -> None:
    form = carol.get("/watching/new?q=battery&status=published&page=3")
    assert form.status_code == 200
    assert 'value="battery"' in form.text
    assert "on offer" in form.text
    answer = carol.post("/watching/searches", data=SAVED)
    assert answer.status_code == 303
    search = only(session)
    assert (search.name, search.arguments) == ("Batteries", {"q": ["battery"], "status": ["published"]})
    stage.lot()
    follow()
    page = carol.get(answer.headers["Location"])
    assert "Battery with a grid" in page.text
    assert "/search?q=battery&amp;status=published" in page.text
    assert "Batteries" in carol.get("/watching").text


def test_a_search_is_kept_in_place_of_another(carol: FlaskClient, stage: Stage, session: Session) -> None:
    search = stage.save()
    carol.post("/watching/searches", data=SAVED | {"query": "q=motor", "instead_of": str(search.id)})
    assert only(session).arguments == {"q": ["motor"]}
    foreign = stage.save(stage.dave)
    answer = carol.post("/watching/searches", data=SAVED | {"instead_of": str(foreign.id)})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"query": ""}, "Every lot answers this search"),
        ({"query": "class=%3F%3F"}, "is not a class symbol"),
        ({"query": "&".join(f"a{number}=1" for number in range(300))}, "A search can be kept up to"),
        ({"query": "q=x&seller=" + "1" * 30_000}, "longer than"),
        ({"name": ""}, "required"),
        ({"frequency": "hourly"}, "Not a valid choice"),
        ({"channels": ["pigeon"]}, "is not a valid choice"),
        ({"channels": ["webhook"]}, "First say where your own system"),
    ],
)
def test_bad_input_is_explained_and_nothing_kept(
    carol: FlaskClient, session: Session, change: dict[str, str], words: str
) -> None:
    answer = carol.post("/watching/searches", data=SAVED | change)
    assert answer.status_code == 422
    assert words in answer.text
    session.rollback()
    assert session.scalars(select(SavedSearch)).all() == []


@pytest.mark.parametrize(
    "address", ["/watching/new", "/watching/new?class=%3F%3F", "/watching/new?status=drafted"]
)
def test_what_cannot_be_saved_says_so_at_once(carol: FlaskClient, address: str) -> None:
    answer = carol.get(address)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_search_is_its_persons_own(carol: FlaskClient, dave: FlaskClient, stage: Stage) -> None:
    search = stage.save()
    unknown = dave.get(f"/watching/searches/{uuid.uuid4()}")
    for path in ("", "/edit"):
        answer = dave.get(f"/watching/searches/{search.id}{path}")
        assert answer.status_code == unknown.status_code == 404
    for verb in ("edit", "pause", "resume", "delete"):
        assert dave.post(f"/watching/searches/{search.id}/{verb}", data=SAVED).status_code == 404
    assert carol.get(f"/watching/searches/{search.id}").status_code == 200


def test_editing_pausing_resuming_deleting(carol: FlaskClient, stage: Stage, session: Session) -> None:
    address = f"/watching/searches/{stage.save().id}"
    assert 'value="Batteries"' in carol.get(f"{address}/edit").text
    assert carol.post(f"{address}/edit", data={**SAVED, "name": "Cells"}).status_code == 303
    assert (only(session).name, only(session).arguments, only(session).frequency) == ("Cells", QUERY, "daily")
    assert carol.post(f"{address}/edit", data={**SAVED, "channels": ["webhook"]}).status_code == 422
    assert carol.post(f"{address}/edit", data={**SAVED, "name": ""}).status_code == 422
    carol.post(f"{address}/pause")
    assert "paused" in carol.get("/watching").text
    carol.post(f"{address}/resume")
    assert only(session).paused_at is None
    carol.post(f"{address}/delete")
    assert carol.get(address).status_code == 404


def test_a_broken_search_is_shown_with_its_text(carol: FlaskClient, stage: Stage) -> None:
    search = stage.save()
    with atomic() as writing:
        writing.get_one(SavedSearch, search.id).arguments = {"class": ["??"], "old": ["syntax"]}
    for path in ("/watching", f"/watching/searches/{search.id}"):
        page = carol.get(path).text
        assert "unreadable" in page
        assert "??" in page
        assert "syntax" in page


def test_nothing_hidden_stands_on_the_page_of_a_search(carol: FlaskClient, stage: Stage) -> None:
    search, lot = stage.save(), stage.lot("Battery once public")
    follow()
    assert "once public" in carol.get(f"/watching/searches/{search.id}").text
    stage.hide(lot)
    assert "once public" not in carol.get(f"/watching/searches/{search.id}").text


def test_the_star_of_a_lot(app: Flask, carol: FlaskClient, stage: Stage, session: Session) -> None:
    lot, hidden = stage.lot(), stage.lot(status=LotStatus.DRAFTED)
    star = f"/watching/lots/{lot.id}/star"
    assert "Sign in to watch" in app.test_client().get(star).text
    assert "☆" in carol.get(star).text
    assert star in carol.get(f"/lots/{lot.id}").text
    assert carol.post(f"/watching/lots/{lot.id}").status_code == 303
    assert "★" in carol.get(star).text
    assert lot.title in carol.get("/watching/lots").text
    assert carol.get(f"/watching/lots/{hidden.id}/star").status_code == 404
    assert carol.post(f"/watching/lots/{hidden.id}").status_code == 404
    follow()
    stage.change(lot, status=LotStatus.DRAFTED, title="A secret")
    listed = carol.get("/watching/lots").text
    assert "A secret" not in listed
    assert "Battery with a grid" in listed
    assert str(lot.id) not in re.sub(r'action="[^"]*"', "", listed)
    answer = carol.post(f"/watching/lots/{lot.id}/stop?from=list")
    assert answer.headers["Location"] == "/watching/lots"
    session.rollback()
    assert session.scalars(select(Watch)).all() == []


def test_mails_are_stopped_by_their_address_without_signing_in(
    app: Flask, carol: FlaskClient, stage: Stage, session: Session
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    stage.save()
    stage.lot()
    follow()
    tell()
    address = mails_to(stage.carol_row)[0].unsubscribe_url.removeprefix("http://localhost:8000")
    stranger = app.test_client()
    assert "Stop these mails" in stranger.get(address).text
    session.rollback()
    assert queries.wants_mail(session, stage.carol.person_id)
    assert stranger.post(address, data={"List-Unsubscribe": "One-Click"}).data == b""
    session.rollback()
    assert not queries.wants_mail(session, stage.carol.person_id)
    assert "no more mails" in stranger.post(address).text
    app.config["WTF_CSRF_ENABLED"] = False
    assert "You have stopped mails" in carol.get("/watching").text
    carol.post("/watching/mails")
    session.rollback()
    assert queries.wants_mail(session, stage.carol.person_id)


@pytest.mark.parametrize("token", ["nonsense", "ImFiYyI.x", "00000000000000000000000000000007"])
def test_nobody_stops_mails_with_an_address_we_have_not_written(client: FlaskClient, token: str) -> None:
    assert client.get(f"/watching/stop/{token}").status_code == 404
    assert client.post(f"/watching/stop/{token}").status_code == 404


def test_a_webhook_shows_its_secret_once(carol: FlaskClient, stage: Stage) -> None:
    assert carol.post("/watching/webhook", data={"url": "http://10.0.0.1/"}).status_code == 422
    assert carol.post("/watching/webhook", data={"url": ""}).status_code == 422
    page = carol.post("/watching/webhook", data={"url": "https://hooks.example.com/"})
    found = re.search(r"whsec_[\w-]+", page.text)
    assert found
    assert found[0] not in carol.get("/watching/webhook").text
    stage.save(channels=frozenset({"webhook"}))
    stage.lot()
    follow()
    tell()
    assert "waits" in carol.get("/watching/webhook").text
    assert carol.post("/watching/webhook/remove").status_code == 303
    assert carol.post("/watching/webhook/remove").status_code == 404


def test_what_is_personal_needs_a_sign_in(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("watching."):
            expected = endpoint.removeprefix("watching.") in {
                "star",
                "ask_to_stop",
                "stop",
                "wanted",
                "wanted_notice",
            }
            assert (declared_access(view) is Access.PUBLIC) is expected, endpoint
