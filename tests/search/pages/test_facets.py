"""Narrowing a list: facets, bands, chips, orders, and how a question was understood."""

import re
from datetime import date, timedelta

import pytest
from finding_cast import PRICED, counts, lots_of, titles
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace.clock import FixedClock
from marketplace.listings.rules import LotStatus
from marketplace.rights.rules import RightType


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
