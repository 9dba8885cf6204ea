"""The page and the JSON: what anybody may see, and nothing else."""

from typing import Any

import pytest
from builders import a_lot, a_right, an_institution
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.db import atomic
from marketplace.listings.models import Lot
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus
from search import index, service

HIDDEN = sorted(set(LotStatus) - PUBLIC_STATUSES)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def lots_of(session: Session, *changes: dict[str, Any]) -> list[Lot]:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK)
        lots = [a_lot(session, bank, **change) for change in changes]
    service.index_changed()
    return lots


def test_a_lot_is_found_shown_and_marked(client: FlaskClient, session: Session) -> None:
    lots_of(session, {"title": "热水器 <script>"}, {"title": "Steel"})
    page = client.get("/search?q=热水器")
    assert page.status_code == 200
    assert "<mark>热水器</mark> &lt;script&gt;" in page.text
    assert "Steel" not in page.text
    assert "100,000.00 CNY" in page.text
    assert "120,000" not in page.text


@pytest.mark.parametrize(
    "address", ["/search", "/search?q=secret", "/api/search?q=secret", "/search/export.csv"]
)
def test_no_hidden_lot_is_shown_though_the_index_holds_it(
    client: FlaskClient, session: Session, address: str
) -> None:
    lots = lots_of(session, *({"title": f"secret {status}"} for status in HIDDEN), {"title": "secret open"})
    with atomic():
        for lot, status in zip(lots, HIDDEN, strict=False):
            lot.status, lot.changed_at = status, system_clock.now()
    assert len(index.current().versions()) == len(HIDDEN) + 1
    answer = client.get(address).text
    assert "open" in answer
    for status in HIDDEN:
        assert str(status) not in answer


def test_facets_narrow_and_are_lifted_again(client: FlaskClient, session: Session) -> None:
    lots_of(session, {"title": "Glass"}, {"title": "Steel", "status": LotStatus.SOLD})
    everything = client.get("/search").text
    assert 'href="/search?status=sold"' in everything
    narrowed = client.get("/search?status=sold").text
    assert "Steel" in narrowed
    assert "Glass" not in narrowed
    assert 'href="/search" rel="nofollow" aria-current="true"' in narrowed
    assert '<input type="hidden" name="status" value="sold">' in narrowed


def test_pages_keep_the_question(client: FlaskClient, session: Session) -> None:
    lots_of(session, *({"title": f"Glass {number}"} for number in range(5)))
    first = client.get("/search?q=glass&size=2").text
    assert "Page 1 of 3" in first
    assert "page=2" in first
    assert client.get("/search?q=glass&size=2&page=3").text.count("<mark>Glass</mark>") == 1


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/search?q=*x", "may only stand at the end"),
        ("/search?price_from=cheap", "Write figures only"),
        ("/search?status=drafted", "is not among the choices"),
        ("/search?page=0", "A whole number from 1"),
    ],
)
def test_what_cannot_be_asked_is_explained(
    client: FlaskClient, session: Session, address: str, words: str
) -> None:
    lots_of(session, {"title": "Glass"})
    page = client.get(address)
    assert page.status_code == 422
    assert words in page.text
    assert client.get(f"/api{address}").status_code == 422


def test_nothing_found_says_what_to_try(client: FlaskClient, session: Session) -> None:
    lots_of(session, {"title": "Glass"})
    page = client.get("/search?q=copper&type=design").text
    assert "No lot was found." in page
    assert 'href="/search?q=copper"' in page
    mistyped = client.get("/search?q=202010123456.7").text
    assert "202010123456.2" in mistyped


def test_none_of_all_words_shows_some(client: FlaskClient, session: Session) -> None:
    lots_of(session, {"title": "Glass"})
    assert "none has all your words" in client.get("/search?q=glass+copper").text


def test_before_the_first_lot_and_before_the_first_index(client: FlaskClient, app: Flask) -> None:
    waiting = client.get("/search")
    assert waiting.status_code == 503
    assert "being prepared" in waiting.text
    assert client.get("/api/search").status_code == 503
    service.index_changed()
    assert "No lot has been published yet." in client.get("/search").text


def test_json_has_plain_amounts_and_the_whole_lot(client: FlaskClient, session: Session) -> None:
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK, "Harbour Bank")
        rights = [a_right(session, bank, number=f"CN20111009314{n}.7", title="热水器") for n in range(5)]
        a_lot(session, bank, title="Heaters", rights=rights, closes_at=system_clock.now())
    service.index_changed()
    answer = client.get("/api/search?q=热水器&type=invention").get_json()
    assert (answer["total"], answer["pages"], answer["loosened"]) == (1, 1, False)
    counted = {"status": {"published": 1}, "type": {"invention": 1}, "field": {"1": 1}}
    assert {name: answer["facets"][name] for name in counted} == counted
    (lot,) = answer["lots"]
    assert lot["start_price"] == "100000.00"
    assert lot["price"] is None
    assert len(lot["numbers"]) == 5
    assert lot["closes_at"] == "2026-03-02T02:00:00+00:00"
    assert "and 2 more" in client.get("/search").text


def test_the_commands_rebuild_and_follow(app: Flask, session: Session) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["search", "rebuild"]).output == "0 lots are in the index.\n"
    with atomic():
        a_lot(session, an_institution(session, InstitutionKind.BANK))
    assert runner.invoke(args=["search", "index"]).output == "1 lots were written.\n"
    with index.current().folders.locked():  # type: ignore[attr-defined]
        refused = runner.invoke(args=["search", "rebuild"])
    assert refused.exit_code == 1
    assert "Another process" in refused.output
