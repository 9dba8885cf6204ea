"""The explorer of prior sales, one record's page, prices over time: as pages and as downloads."""

import csv
import uuid
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.db import atomic
from transactions import service
from transactions.models import TransactionRecord
from transactions.rules.words import (
    AssetType,
    Channel,
    ConsentTier,
    DatePrecision,
    LicenceKind,
    RightSold,
    SaleOutcome,
)

from .sale_builders import a_sale_of

SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)


def record_sales(count: int, **changes: Any) -> list[TransactionRecord]:
    with atomic() as session:
        return service.append(
            session,
            [
                a_sale_of(
                    f"{changes.get('title', 'sale')}-{number}",
                    **{
                        "sold_on": date(2025, 6, 1) - timedelta(days=20 * number),
                        "price_minor": 100_000_00 + number * 1_000_00,
                        "consent_tier": ConsentTier.PUBLIC,
                        **changes,
                    },
                )
                for number in range(count)
            ],
        )


def see(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def found(client: FlaskClient, question: str) -> int:
    return len(client.get(f"/sales.json?{question}").get_json()["sales"])


@SQLITE
def test_an_empty_list_says_what_comes_here(client: FlaskClient) -> None:
    assert "No sale answers to this." in see(client, "/sales")
    assert client.get("/sales.csv").text.strip("\ufeff") == ""
    assert "Nothing of this kind is on record yet." in see(client, "/market/prices")


def record_a_market() -> None:
    """53 sales of patents in Shandong, a mark sold in dollars in 2010, and a forced sale in vain."""
    record_sales(53, region="CN-SD", classes=("H01M10/05",))
    record_sales(
        1,
        title="A mark",
        asset_type=AssetType.TRADEMARK,
        channel=Channel.LIVE_AUCTION,
        currency="USD",
        technology_field=None,
        technology_fields=(),
        sold_on=date(2010, 12, 1),
        date_precision=DatePrecision.MONTH,
        classes=("9",),
        country="US",
    )
    record_sales(
        1,
        title="In vain",
        outcome=SaleOutcome.UNSOLD,
        price_minor=None,
        start_price_minor=70_000_00,
        forced=True,
        number_of_rights=7,
        region="CN-37",
    )


def test_the_list_is_drawn_and_leads_on(client: FlaskClient) -> None:
    record_a_market()
    page = see(client, "/sales")
    for words in ("<svg", "Page 1 of 2", "54 offered, 53 sold", "Shandong", "United States", "In vain"):
        assert words in page, words
    assert "A mark" in see(client, "/sales?page=2")
    assert "2010-12" in see(client, "/sales?family=trademark")
    chosen = see(client, "/sales?region=CN-SD&outcome=unsold")
    assert 'class="chosen"' in chosen
    assert 'href="/sales?region=CN-SD"' in chosen
    assert 'aria-current="true"' in chosen


def test_the_list_filters_and_counts(client: FlaskClient) -> None:
    record_a_market()
    for question, count in {
        "family=patent": 54,
        "asset_type=trademark": 1,
        "technology_field=1": 54,
        "ipc=h01m": 53,
        "ipc=H01M10/0": 53,
        "ipc=H02": 0,
        "ipc=9": 1,
        "channel=live_auction": 1,
        "year=2010": 1,
        "grade=B": 55,
        "forced=yes": 1,
        "region=CN-37": 54,
        "region=US": 1,
        "size=6-20": 1,
        "right_sold=licence": 0,
        "currency=USD": 1,
        "currency=CNY&band=1e5-1e6": 53,
        "currency=CNY&least=120000&most=121000.00": 2,
        "outcome=reversed": 0,
    }.items():
        assert found(client, question) == count, question


@SQLITE
def test_a_question_that_makes_no_sense_is_answered(client: FlaskClient) -> None:
    record_sales(1)
    for question in (
        "least=5",
        "currency=CNY&most=1e9",
        "family=boat",
        "year=x",
        "page=zero",
        "ipc=%25",
        "region=<b>",
        "band=1e4-1e5",
        "size=9",
    ):
        assert "A pump" in see(client, f"/sales?{question}"), question
    assert "This is no class symbol" in see(client, "/sales?ipc=%25")
    for page in ("9", "0", "-1"):
        assert client.get(f"/sales?page={page}").status_code == 404


@SQLITE
def test_downloads_hold_what_the_list_shows_and_no_formula(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_sales(1, title="=HYPERLINK(1)")
    answer = client.get("/sales.csv")
    (row,) = csv.DictReader(StringIO(answer.text.removeprefix("\ufeff")))
    assert (row["title"], row["price"], row["date"]) == ("'=HYPERLINK(1)", "100000.00", "2025-06-01")
    data = client.get("/sales.json").get_json()
    assert (data["complete"], data["sales"][0]["title"]) == (True, "=HYPERLINK(1)")
    record_sales(2, title="more")
    monkeypatch.setattr("transactions.routes.DOWNLOAD_LIMIT", 2)
    data = client.get("/sales.json").get_json()
    assert (len(data["sales"]), data["complete"]) == (2, False)


def test_what_is_kept_back_is_on_no_page_and_in_no_download(client: FlaskClient) -> None:
    (priced,) = record_sales(1, title="Secret pump", consent_tier=ConsentTier.PRICE_ONLY, claims=9)
    hidden = [
        record_sales(1, title=f"Hidden {tier}", consent_tier=tier)[0].id
        for tier in (ConsentTier.POOL, ConsentTier.SEALED)
    ]
    (later,) = record_sales(1, title="Tomorrow's", release_on=date(2026, 3, 3))
    pages = [
        see(client, path)
        for path in ("/sales", "/sales.csv", "/sales.json", f"/sales/{priced.id}", "/market/prices")
    ]
    for page in pages:
        assert not [words for words in ("Secret pump", "Hidden", "Tomorrow") if words in page]
    assert "Invention patent · Electrical machinery, apparatus, energy" in pages[0]
    assert "1 record" in pages[0]
    assert priced.salt not in pages[2]
    assert "kept back" in pages[3]
    for record_id in (*hidden, later.id, uuid.uuid4()):
        assert client.get(f"/sales/{record_id}").status_code == 404


@SQLITE
def test_a_record_tells_its_corrections_both_ways_and_its_attempts(client: FlaskClient) -> None:
    (first,) = record_sales(
        1, title="First attempt", outcome=SaleOutcome.UNSOLD, price_minor=None, start_price_minor=200_000_00
    )
    (old,) = record_sales(1, previous=first.id, evidence_url="javascript:alert(1)")
    with atomic() as session:
        new = service.correct(session, old.id, reason="a slip of the pen", price_minor=90_000_00)
    before, after = see(client, f"/sales/{old.id}"), see(client, f"/sales/{new.id}")
    assert "javascript:" not in before
    assert "a slip of the pen" in before
    assert f"/sales/{new.id}" in before
    assert f"/sales/{old.id}" in after
    assert f"/sales/{first.id}" in after
    assert str(old.id) not in see(client, "/sales")
    assert "Attempts to sell it" in see(client, f"/sales/{first.id}")


@SQLITE
def test_a_licence_tells_its_terms(client: FlaskClient) -> None:
    (record,) = record_sales(
        1,
        right_sold=RightSold.LICENCE,
        licence_kind=LicenceKind.EXCLUSIVE,
        royalty_basis_points=350,
        licence_months=60,
    )
    page = see(client, f"/sales/{record.id}")
    assert "3.50 %" in page
    assert "Kind of licence" in page


@SQLITE
def test_prices_over_time_are_told_from_ten_sales_on(client: FlaskClient) -> None:
    record_sales(9, sold_on=date(2025, 1, 5))
    assert "no index is told" in see(client, "/market/prices")
    record_sales(11, title="more", sold_on=date(2025, 5, 5), price_minor=300_000_00)
    record_sales(6, title="in vain", outcome=SaleOutcome.UNSOLD, price_minor=None)
    page = see(client, "/market/prices?family=patent&currency=CNY")
    for words in (
        "2025Q2",
        "fewer than ten sales: not told",
        "300,000.00",
        "What sells",
        "76.9 %",
        "Electrical machinery",
    ):
        assert words in page, words
    assert "Nothing of this kind" in see(client, "/market/prices?family=trademark&currency=XXX")
