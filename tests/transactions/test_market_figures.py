"""The market's figures: overview, statistics and their gaps, accuracy of estimates, open data, index."""

import csv
import json
from datetime import UTC, date, datetime
from io import StringIO
from math import exp, log
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import web
from marketplace.db import atomic
from marketplace.home.menu import MARKET
from transactions import exporting, service
from transactions.backtest.models import BacktestRun
from transactions.disclosure import opendata
from transactions.disclosure.rules import ANYBODY, shown
from transactions.disclosure.rules.keys import BREAKDOWNS
from transactions.disclosure.service import releasing
from transactions.hedonics.models import FittedModel
from transactions.market import accuracy, over_time, texts
from transactions.rules.words import ConsentTier, SaleOutcome

from .sale_builders import a_sale_of

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ERRORS = {
    "lots": 37,
    "mdape": 0.62,
    "ppe20": 0.16,
    "within_50": 0.4,
    "median_ratio": 1.02,
    "cod": 58.0,
    "prd": 1.4,
    "prb": -0.1,
    "slope": 0.02,
}
FIGURES = ERRORS | {
    "estimated": 37,
    "coverage_80": 0.81,
    "width_80": 9.5,
    "coverage_50": 0.5,
    "width_50": 2.4,
    "sale_chance": {
        "offered": 70,
        "brier": 0.2,
        "skill": 0.13,
        "reliability": 0.04,
        "tenths": [{"offered": 7, "chance": tenth / 10, "sold": tenth * 7 // 10} for tenth in range(10)],
    },
    "class_median": ERRORS | {"mdape": 0.88},
    "asking": None,
    "challenger": ERRORS,
}


def see(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def record(count: int, prefix: str, **changes: Any) -> None:
    with atomic() as session:
        sales = [
            a_sale_of(
                f"{prefix}{number}",
                **{
                    "consent_tier": ConsentTier.PUBLIC,
                    "seller_parent": f"{number % 8:032x}",
                    "price_minor": 100_000_00 + number,
                    **changes,
                },
            )
            for number in range(count)
        ]
        service.append(session, sales)


def a_run(number: int, **changes: Any) -> BacktestRun:
    lots = [
        {"month": month, "asset_type": "invention", "ratio": ratio, "low": ratio / 3, "high": ratio * 3}
        for ratio in (0.1, 0.3, 0.6, 0.8, 1.0, 1.3, 1.8, 3.0, 9.0)
        for month in ("2024-02", "2025-11")
    ]
    lots.append(lots[0] | {"month": ""})
    return BacktestRun(
        **{
            "number": number,
            "method": "ridge-1",
            "data_digest": "0" * 64,
            "tree_size": 40,
            "test_from": None,
            "accepted": False,
            "figures": FIGURES,
            "segments": [{"by": "asset_type", "segment": "invention", **FIGURES}],
            "lots": lots,
            "run_at": datetime(2026, 1, number, tzinfo=UTC),
            **changes,
        }
    )


def test_every_room_of_the_market_leads_to_the_others(app: Flask, client: FlaskClient) -> None:
    here = {endpoint for endpoint, _ in MARKET if endpoint in app.view_functions}
    assert here >= {
        "market.index",
        "transactions.sales",
        "market.prices",
        "market.statistics",
        "market.errors",
    }
    for endpoint in sorted(one for one in here if one.startswith("market.")):
        assert web.declared_access(app.view_functions[endpoint]) is web.Access.PUBLIC
    page = see(client, "/market/open-data")
    _, _, line = page.partition('class="site-rooms"')
    line, _, _ = line.partition("</nav>")
    assert line.count("aria-current") == 1
    assert 'href="/sales"' in line
    assert 'href="/market" aria-current="page"' in page.partition('class="site-rooms"')[0]
    for path in ("/market", "/market/statistics", "/market/accuracy"):
        assert "yet" in see(client, path)
    assert client.get("/market/statistics/type_year.csv").status_code == 404
    assert client.get("/market/accuracy?run=1").status_code == 404


def test_statistics_tell_what_passes_the_rules_and_mark_what_does_not(client: FlaskClient) -> None:
    record(12, "a")
    record(3, "b", outcome=SaleOutcome.UNSOLD, price_minor=None, sold_on=date(2024, 5, 1))
    record(7, "c", outcome=SaleOutcome.UNSOLD, price_minor=None, sold_on=date(2023, 5, 1))
    with atomic() as session:
        releasing.release(session)
    page = see(client, "/market/statistics?table=year")
    for words in ("Release 1", "not published", "2025", "100,000.0", "independent parties"):
        assert words in page, words
    rows = list(
        csv.DictReader(StringIO(client.get("/market/statistics/year.csv").text.removeprefix("\ufeff")))
    )
    assert {row["year"] for row in rows} == {"2023", "2025"}
    data = client.get("/market/statistics/year.json").get_json()
    assert (data["release"], len(data["cells"])) == (1, len(rows))
    assert client.get("/market/statistics?table=nonsense").status_code == 404
    assert client.get("/market/statistics/nonsense.json").status_code == 404
    for name in BREAKDOWNS:
        assert client.get(f"/market/statistics/{name}.csv").status_code == 200


def test_the_errors_of_the_estimates_are_shown_good_or_bad(client: FlaskClient) -> None:
    with atomic() as session:
        session.add_all([a_run(1, figures=FIGURES | {"mdape": 0.5}, accepted=True), a_run(2)])
    page = see(client, "/market/accuracy")
    for words in (
        "misses targets",
        "Few data: 37 deals",
        "Each was left out in turn",
        "within 62 % of the price",
        "was off by 88 %",
        "Invention patent",
        "Brier skill",
        "2024-H1",
        'id="error-chart-title"',
        'id="coverage-chart-title"',
        'id="run-chart-title"',
        'id="chance-chart-title"',
    ):
        assert words in page, words
    assert "reaches its targets" in see(client, "/market/accuracy?run=1")
    assert "62 %" in see(client, "/market")
    assert "八成区间" in client.get("/market/accuracy", headers={"Accept-Language": "zh"}).text
    with atomic() as session:
        session.add(
            a_run(3, figures={"estimated": 0, "lots": 0}, lots=[], segments=[], test_from=date(2024, 1, 1))
        )
    assert "Tested were lots from" in see(client, "/market/accuracy")


def test_open_data_can_be_checked_and_every_column_is_explained(client: FlaskClient) -> None:
    record(3, "a")
    record(1, "b", consent_tier=ConsentTier.PRICE_ONLY)
    page = see(client, "/market/open-data")
    assert "leaf_hash" in page
    assert "CC-BY-4.0" in page
    lines = [json.loads(line) for line in client.get("/market/open-data/records.jsonl").text.splitlines()]
    assert [opendata.is_sealed(line) for line in lines] == [True] * 3
    rest = client.get(f"/market/open-data/records.csv?after={lines[1]['leaf_index']}").text
    assert len(rest.splitlines()) == 2
    assert client.get("/market/open-data/description.json").get_json()["licence"] == "CC-BY-4.0"
    with atomic() as session:
        (sold,) = service.append(session, [a_sale_of("c", consent_tier=ConsentTier.PUBLIC)])
        view = shown(sold.facts(), ANYBODY, date(2026, 3, 2))
        assert view is not None
        assert set(exporting.row_of(sold, view)) <= set(texts.COLUMNS)


def test_the_index_of_the_model_is_told_where_ten_sales_are_known(client: FlaskClient) -> None:
    document = {
        "price": {"levels": {"2025-Q1": 0.0, "2025-Q2": log(1.1), "2025-Q3": log(1.2)}},
        "errors": {"level:2025-Q2": 0.05},
    }
    first, gap, last = over_time.index_of(document, {"2025-Q1": 10, "2025-Q2": 9, "2025-Q3": 40})
    assert (first.value, gap.value) == (100.0, None)
    assert last.value == pytest.approx(120.0)
    (only,) = over_time.index_of({**document, "price": {"levels": {"2025-Q2": 0.3}}}, {"2025-Q2": 10})
    assert only.high == pytest.approx(100 * exp(1.6449 * 0.05))
    assert over_time.index_of(document, {}) == []
    record(10, "a", sold_on=date(2025, 2, 1))
    with atomic() as session:
        session.add(
            FittedModel(
                version="f" * 64,
                number=1,
                data_digest="0" * 64,
                method="ridge-1",
                currency="CNY",
                priced=10,
                unsold=0,
                cut_off=date(2025, 6, 1),
                tree_size=10,
                document=document,
                fitted_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
    page = see(client, "/market/prices")
    assert "Price index, like for like" in page
    assert 'id="model-chart-title"' in page
    for path in ("/market/prices", "/market/open-data", "/market/statistics", "/market", "/sales"):
        assert "市场" in client.get(path, headers={"Accept-Language": "zh"}).text


def test_bins_and_halves_count_every_estimate_once(app: Flask) -> None:
    lots = a_run(1).lots
    assert sum(one.count for one in accuracy.bins(lots)) == len(lots)
    assert [one.count for one in accuracy.over_time(lots)] == [9, 9]
    assert texts.bin_name(0.0, 0.25) == "< 0.25"
