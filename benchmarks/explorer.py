"""How long the page of prior sales takes with its filters, counts, map and picture, beside bare SQL.

`make bench` fills a record of RECORDS sales on PostgreSQL, or of as many as EXPLORER_RECORDS says: of
interest are a hundred thousand. Every question is asked through the web application by a visitor, once when
nobody has asked it since the log grew (`first`) and once more (`again`: counts are remembered). The baseline
is bare SQL over the same connection: the latest fifty rows and the counts by outcome, of the same filter.
"""

import base64
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text

from benchmarks import market
from marketplace import config
from marketplace.web import limiter
from migrations.commands import upgrade_all
from wsgi import create_app

RECORDS = int(os.environ.get("EXPLORER_RECORDS", "20000"))
ROUNDS = 3

# Addresses, each with the same filter in SQL: from everything to a single field and year.
QUESTIONS = (
    ("", "true"),
    ("family=patent", "asset_type IN ('invention', 'utility_model', 'design', 'patent')"),
    ("outcome=sold", "outcome = 'sold'"),
    ("technology_field=6", "technology_field = 6"),
    ("year=2025", "sold_on BETWEEN '2025-01-01' AND '2025-12-31'"),
    ("channel=judicial_online_auction&forced=yes", "channel = 'judicial_online_auction' AND forced"),
    ("size=2-5&grade=B", "number_of_rights BETWEEN 2 AND 5 AND proof_grade = 'B'"),
    ("currency=CNY&band=1e5-1e6", "currency = 'CNY' AND price_minor >= 10000000 AND price_minor < 100000000"),
    ("ipc=H01M", "classes::text LIKE '%\"H01M%'"),
    (
        "technology_field=6&year=2025",
        "technology_field = 6 AND sold_on BETWEEN '2025-01-01' AND '2025-12-31'",
    ),
)
_SEEN = "consent_tier IN ('public', 'price_only')"


def run() -> list[dict[str, Any]]:
    """The figures, in milliseconds."""
    with market.postgresql() as url, tempfile.TemporaryDirectory() as home:
        engine = market.prepared(url, RECORDS)
        try:
            return _figures(application(Path(home), url), engine)
        finally:
            engine.dispose()


def application(home: Path, url: str) -> Flask:
    key = base64.urlsafe_b64encode(bytes(range(32))).decode()
    settings = {
        "LUOCHUI_HOME": str(home),
        "TRANSACTIONS_URL": url,
        "SECRET_KEY": "only-for-benchmarks-" * 3,
        "RECEIPT_KEY": key,
        "FIELD_KEY": key,
        "SECURE_COOKIES": "no",
    }
    own = settings | {"TRANSACTIONS_URL": f"sqlite:///{home / 'transactions.sqlite'}"}
    with create_app(config.from_environment(own)).app_context():
        upgrade_all()
    limiter.enabled = False
    return create_app(config.from_environment(settings))


def _figures(app: Flask, engine: Engine) -> list[dict[str, Any]]:
    client = app.test_client()

    def page(address: str) -> None:
        answer = client.get(f"/sales?{address}", headers={"Accept-Language": "zh"})
        assert answer.status_code == 200, address

    def page_anew(address: str) -> None:
        app.extensions.pop("market_answers", None)
        page(address)

    addresses = [address for address, _ in QUESTIONS]
    bare = _times(lambda where: _bare(engine, where), [where for _, where in QUESTIONS])
    first, again = _times(page_anew, addresses), _times(page, addresses)
    return [
        _row("first, p50", _percentile(first, 50), _percentile(bare, 50)),
        _row("first, p95", _percentile(first, 95), _percentile(bare, 95)),
        _row("again, p50", _percentile(again, 50), _percentile(bare, 50)),
        _row("again, p95", _percentile(again, 95), _percentile(bare, 95)),
    ]


def _bare(engine: Engine, where: str) -> None:
    with engine.connect() as connection:
        for statement in (
            f"SELECT * FROM transaction_records WHERE {_SEEN} AND {where} ORDER BY sold_on DESC LIMIT 50",  # noqa: S608
            f"SELECT outcome, count(*) FROM transaction_records WHERE {_SEEN} AND {where} GROUP BY outcome",  # noqa: S608
        ):
            connection.exec_driver_sql(str(text(statement)).replace("%", "%%")).all()


def _times(work: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Milliseconds of each question, all of them in turn, after one round to warm up."""
    for question in questions:
        work(question)
    taken = []
    for _ in range(ROUNDS):
        for question in questions:
            start = time.perf_counter()
            work(question)
            taken.append(1000 * (time.perf_counter() - start))
    return taken


def _percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _row(name: str, value: float, baseline: float) -> dict[str, Any]:
    return {
        "name": f"prior sales: page with counts among {RECORDS}, {name}",
        "value": round(value, 1),
        "unit": "ms",
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 2),
        "note": "baseline: bare SQL for fifty rows and one count; ours has twelve counts, map, picture, page",
    }
