"""With what was found: compared, taken along as a file, remembered; few questions to the database."""

import csv
import io
import re
import uuid
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from finding_cast import PRICED, lots_of, statements
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace import clock as system_clock
from marketplace.db import atomic
from marketplace.listings.rules import LotStatus
from marketplace.rights.models import Encumbrance
from marketplace.rights.rules import EncumbranceKind
from search import exporting, seen
from search.comparison import life_left, of_each_right


def test_up_to_five_lots_stand_side_by_side(client: FlaskClient, session: Session) -> None:
    lots = lots_of(session, *({"title": f"Glass {number}", "right": {"claims": 12}} for number in range(6)))
    with atomic():
        pledge = Encumbrance(
            kind=EncumbranceKind.PLEDGE, holder="Secret Pledgee", claim_minor=777_777_00, currency="CNY"
        )
        lots[0].rights[0].encumbrances.append(pledge)
        lots[1].status, lots[1].changed_at = LotStatus.WITHDRAWN, system_clock.now()
    asked = "&".join(f"lot={lot.id}" for lot in lots[:5])
    page = client.get(f"/search/compare?{asked}&lot={lots[0].id}").text
    assert [f"Glass {number}" in page for number in range(6)] == [True, False, True, True, True, False]
    assert "1 lot is not public" in page
    assert "pledge × 1" in page
    assert "Secret Pledgee" not in page
    assert not {"777777", "777,777"} & set(re.findall(r"[\d,]+", page))
    assert "12 years 2 months" in page
    too_many = client.get(f"/search/compare?{asked}&lot={lots[5].id}")
    assert too_many.status_code == 422
    assert "At most 5 lots" in too_many.text
    assert client.get("/search/compare?lot=7").status_code == 422
    assert "No lot was chosen" in client.get("/search/compare").text


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        ([], []),
        (["Acme"], ["Acme"]),
        (["Acme", "Acme", "Acme"], ["Acme × 3"]),
        (["Acme", None, ""], ["Acme", "–", "–"]),
        ([None, ""], ["–"]),
        ([0, 0], ["0 × 2"]),
    ],
)
def test_what_is_the_same_of_all_rights_stands_once(values: list[object], lines: list[str]) -> None:
    assert of_each_right(values) == lines


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


def test_planned_days_are_shown_only_while_they_may_come(client: FlaskClient, session: Session) -> None:
    soon = system_clock.now() + timedelta(days=1)
    lots = lots_of(
        session,
        {"title": "glass", "opens_at": soon},
        {"title": "glass", "opens_at": soon, "status": LotStatus.SOLD},
    )
    (*shown,) = csv.DictReader(
        io.StringIO(client.get("/search/export.csv?q=glass").get_data().decode("utf-8-sig"))
    )
    assert {row["status"]: row["opens_at"] for row in shown} == {"published": soon.isoformat(), "sold": ""}
    day = soon.strftime("%Y-%m-%d")
    assert [day in client.get(f"/search/compare?lot={lot.id}").text for lot in lots] == [True, False]


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
