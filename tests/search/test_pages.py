"""Narrowing, comparing, taking along: the pages of the search with everything on them."""

import csv
import io
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import openpyxl
import pytest
from builders import a_lot, a_right, an_institution
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.access import InstitutionKind
from marketplace.clock import FixedClock
from marketplace.db import atomic, db
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from marketplace.listings.rules import LotStatus
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind, RightType
from search import documents, exporting, seen, service
from search.comparison import life_left
from search.engines.tantivy import TantivyEngine
from search.reasons import SearchReason


@pytest.fixture(autouse=True)
def quick_engine(app: Flask, tmp_path: Path) -> None:
    """These pages are the same whatever the engine; this one is quick."""
    app.extensions["search_engine"] = TantivyEngine(tmp_path / "tantivy", documents.LAYOUT)


def lots_of(session: Session, *changes: dict[str, Any], bank_name: str = "Harbour Bank") -> list[Lot]:
    """Lots in the index; `right` in a change are changes of its only right."""
    with atomic():
        bank = an_institution(session, InstitutionKind.BANK, bank_name)
        bank.region = "CN-SD"
        lots = []
        for change in changes:
            right = a_right(session, bank, **change.pop("right", {}))
            lots.append(a_lot(session, bank, rights=[right], **change))
    service.index_changed()
    return lots


def titles(page: str) -> list[str]:
    return re.findall(r'<a href="/lots/[^"]+">(?:<mark>)?([^<]*)', page.split('id="facets"', maxsplit=1)[0])


def counts(client: FlaskClient, query: str = "") -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = client.get(f"/api/search{query}").get_json()["facets"]
    return found


PRICED = [
    {"title": f"Glass {price}", "start_price_minor": price * 100} for price in (50_000, 200_000, 700_000)
]


def test_every_facet_counts_and_is_named(client: FlaskClient, session: Session, clock: FixedClock) -> None:
    (lot, _) = lots_of(
        session,
        {
            "title": "Glass",
            "opens_at": clock() + timedelta(days=1),
            "right": {"classes": ["H02K17/02", "G01N"]},
        },
        {"title": "Brand", "right": {"right_type": RightType.TRADEMARK, "classes": ["第9类", "25"]}},
    )
    found = counts(client)
    assert found["subclass"] == {"H02K": 1, "G01N": 1, "nice:9": 1, "nice:25": 1}
    assert found["seller"] == {str(lot.institution_id): 2}
    assert found["region"] == {"CN-37": 2}
    assert found["channel"] == {"english": 2}
    assert found["price"] == {"100000-500000": 2}
    assert found["life"] == {"10-15": 2}
    assert found["opens"] == {"week": 1, "month": 1, "quarter": 1}
    page = client.get("/search").text
    for name in (
        "Harbour Bank",
        "Shandong",
        "Nice class 9",
        "100 k to 500 k CNY",
        "10 to 15 years",
        "this week",
    ):
        assert name in page
    assert titles(client.get("/search?subclass=nice:9").text) == ["Brand"]


def test_values_of_a_facet_are_alternatives_and_facets_compose(client: FlaskClient, session: Session) -> None:
    lots_of(session, *PRICED, {"title": "Steel", "status": LotStatus.SOLD, "start_price_minor": 50_000_00})
    both = "/search?price=0-100000&price=500000-1000000&sort=price_low"
    assert sorted(titles(client.get(both).text)) == ["Glass 50000", "Glass 700000", "Steel"]
    assert titles(client.get(f"{both}&status=sold").text) == ["Steel"]
    # What is not chosen is counted as if nothing of its own facet were.
    assert counts(client, both.removeprefix("/search"))["price"] == {
        "0-100000": 2, "100000-500000": 1, "500000-1000000": 1,
    }  # fmt: skip
    assert counts(client, "?price=0-100000&status=sold")["price"] == {"0-100000": 1}
    assert counts(client, "?price=0-100000&status=sold")["status"] == {"sold": 1, "published": 1}
    within = counts(client, "?price=0-100000&price_from=1&price_to=60000")
    assert within["price"]["100000-500000"] == 1


def test_chips_take_one_thing_away(client: FlaskClient, session: Session) -> None:
    lots_of(session, *PRICED)
    page = client.get(
        "/search?q=glass&status=published&price=0-100000&class=H02K&price_from=1&price_to=99"
    ).text
    chips = dict(
        re.findall(r'<a class="chip" href="([^"]*)" rel="nofollow">\s*<span class="quiet">([^<]*)', page)
    )
    assert sorted(chips.values()) == [
        "Class", "Start price", "Start price from", "Start price to", "State",
    ]  # fmt: skip
    without = next(url for url, heading in chips.items() if heading == "State").replace("&amp;", "&")
    assert "status" not in without
    assert "price=0-100000" in without
    assert "class=H02K" in without


def test_bands_of_another_currency(client: FlaskClient, session: Session) -> None:
    lots_of(session, {"title": "Yen", "currency": "JPY", "start_price_minor": 200_000}, *PRICED)
    assert counts(client, "?currency=JPY")["price"] == {"100000-500000": 1}
    assert titles(client.get("/search?currency=JPY&price=100000-500000").text) == ["Yen"]


def test_orders_by_opening_and_by_life(client: FlaskClient, session: Session, clock: FixedClock) -> None:
    day = timedelta(days=1)
    lots_of(
        session,
        {"title": "b", "opens_at": clock() + 2 * day, "right": {"expires_on": date(2030, 1, 1)}},
        {"title": "a", "opens_at": clock() + day, "right": {"expires_on": date(2035, 1, 1)}},
        {"title": "c", "status": LotStatus.SOLD, "opens_at": clock() - day, "right": {"expires_on": None}},
    )
    assert titles(client.get("/search?sort=opening").text) == ["a", "b", "c"]
    assert titles(client.get("/search?sort=life").text) == ["a", "b", "c"]
    assert titles(client.get("/search?life=3-5").text) == ["b"]


def test_a_long_facet_is_folded(client: FlaskClient, session: Session) -> None:
    classes = [f"{section}{number:02}B" for section in "ABC" for number in range(1, 6)]
    lots_of(session, {"title": "Glass", "right": {"classes": classes}})
    page = client.get("/search").text
    assert "<summary>5 more</summary>" in page
    chosen = client.get("/search?subclass=C05B").text
    assert chosen.index(">C05B") < chosen.index(">A01B")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("price=1-2", "is not among the choices"),
        ("life=forever", "is not among the choices"),
        ("seller=somebody", "is not among the choices"),
        ("region=shandong", "is not among the choices"),
        ("subclass=H02", "is not among the choices"),
        ("channel=barter", "is not among the choices"),
        ("&".join(f"subclass=A{number:02}B" for number in range(51)), "At most 50 values"),
    ],
)
def test_what_cannot_be_chosen_is_refused(
    client: FlaskClient, session: Session, query: str, words: str
) -> None:
    lots_of(session, {"title": "Glass"})
    page = client.get(f"/search?{query}")
    assert page.status_code == 422
    assert words in page.text
    assert client.get(f"/api/search?{query}").status_code == 422
    assert client.get(f"/search/export.csv?{query}").status_code == 422


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


def test_up_to_five_lots_stand_side_by_side(client: FlaskClient, session: Session) -> None:
    lots = lots_of(session, *({"title": f"Glass {number}", "right": {"claims": 12}} for number in range(6)))
    with atomic():
        pledge = Encumbrance(
            kind=EncumbranceKind.PLEDGE, holder="Secret Pledgee", claim_minor=777_00, currency="CNY"
        )
        lots[0].rights[0].encumbrances.append(pledge)
        lots[1].status, lots[1].changed_at = LotStatus.WITHDRAWN, system_clock.now()
    asked = "&".join(f"lot={lot.id}" for lot in lots[:5])
    page = client.get(f"/search/compare?{asked}&lot={lots[0].id}").text
    assert [f"Glass {number}" in page for number in range(6)] == [True, False, True, True, True, False]
    assert "1 lot is not public" in page
    assert "pledge × 1" in page
    assert "Secret Pledgee" not in page
    assert "777" not in page
    assert "12 years 2 months" in page
    too_many = client.get(f"/search/compare?{asked}&lot={lots[5].id}")
    assert too_many.status_code == 422
    assert "At most 5 lots" in too_many.text
    assert client.get("/search/compare?lot=7").status_code == 422
    assert "No lot was chosen" in client.get("/search/compare").text


@pytest.mark.parametrize(
    ("expires_on", "words"),
    [
        (None, "–"),
        (date(2026, 3, 3), "term ended"),
        (date(2026, 3, 4), "0 months"),
        (date(2026, 4, 3), "0 months"),
        (date(2027, 3, 4), "1 year"),
        (date(2028, 4, 5), "2 years 1 month"),
    ],
)
def test_how_long_a_right_has_to_live(app: Flask, expires_on: date | None, words: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert life_left(expires_on, date(2026, 3, 4)) == words


def test_a_list_of_results_is_taken_along_and_no_cell_runs(client: FlaskClient, session: Session) -> None:
    lots_of(
        session,
        {
            "title": "=HYPERLINK(1) glass",
            "opens_at": datetime(2026, 3, 5, 2, tzinfo=system_clock.now().tzinfo),
        },
        {"title": "Steel"},
    )
    answer = client.get("/search/export.csv?q=glass")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lots-2026-03-02.csv"'
    assert answer.headers["X-Total-Count"] == "1"
    (row,) = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert row["title"] == "'=HYPERLINK(1) glass"
    assert (row["start_price"], row["opens_at"]) == ("100000.00", "2026-03-05T02:00:00+00:00")
    assert "120000" not in answer.text
    book = openpyxl.load_workbook(io.BytesIO(client.get("/search/export.xlsx?q=glass").data))
    heads, cells = ([cell.value for cell in line] for line in book.worksheets[0].iter_rows())
    assert heads == list(exporting.COLUMNS)
    assert cells[heads.index("title")] == "'=HYPERLINK(1) glass"
    assert cells[heads.index("start_price")] == 100_000
    assert client.get("/search/export.pdf").status_code == 404


def test_a_file_ends_at_its_limit(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.routes.export.ROWS_LIMIT", 2)
    lots_of(session, *PRICED)
    answer = client.get("/search/export.csv")
    assert len(answer.text.strip().splitlines()) == 3
    assert answer.headers["X-Total-Count"] == "3"


def test_lots_looked_at_are_remembered_by_the_visitor_alone(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    lots = lots_of(session, *({"title": f"Glass {number}"} for number in range(seen.KEPT + 2)))
    for lot in [*lots, lots[5]]:
        client.get(f"/lots/{lot.id}")
    client.get(f"/lots/{uuid.uuid4()}")
    with client.session_transaction() as kept:
        assert kept["seen_lots"] == [lot.id.hex for lot in [lots[5], *lots[:5:-1], *lots[4:1:-1]]]
    page = client.get("/search?q=nothing").text
    assert "Looked at last" in page
    assert page.index(">Glass 5</a>") < page.index(">Glass 11</a>")
    assert "Looked at last" not in app.test_client().get("/search").text
    with atomic():
        lots[5].status = LotStatus.WITHDRAWN
    assert ">Glass 5</a>" not in client.get("/search?q=nothing").text
    assert client.post("/search/seen/forget").status_code == 303
    assert "Looked at last" not in client.get("/search").text


def test_a_spoilt_cookie_is_left_aside(client: FlaskClient) -> None:
    with client.session_transaction() as kept:
        kept["seen_lots"] = ["no id", None, uuid.uuid4().hex]
    assert client.get("/search/compare").status_code == 200
    with client.application.test_request_context():
        assert seen.ids() == []


@contextmanager
def statements(bind: str | None = None) -> Iterator[list[str]]:
    """The questions sent to the marketplace's database meanwhile."""
    sent: list[str] = []

    def note(_1: Any, _2: Any, statement: str, *_: Any) -> None:
        sent.extend([statement] if statement.startswith("SELECT") else [])

    engine = db.engines[bind]
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("address", ["/search?size=50", "/search?q=glass&size=50", "/search/export.csv"])
def test_a_longer_list_asks_the_database_no_more_often(
    client: FlaskClient, session: Session, address: str
) -> None:
    lots_of(session, {"title": "Glass"})
    client.get(address)
    with statements() as short:
        client.get(address)
    lots_of(session, *({"title": f"Glass {number}"} for number in range(30)), bank_name="Second Bank")
    with statements() as long:
        client.get(address)
    assert len(short) == len(long) <= 8


def test_a_comparison_asks_the_database_no_more_often_for_more_lots(
    client: FlaskClient, session: Session
) -> None:
    lots = lots_of(session, *({"title": f"Glass {number}"} for number in range(5)))
    asked = [f"lot={lot.id}" for lot in lots]
    with statements() as short:
        client.get(f"/search/compare?{asked[0]}")
    with statements() as long:
        client.get(f"/search/compare?{'&'.join(asked)}")
    assert len(short) == len(long), long
