"""What a release of statistics costs, and a table of it, beside a bare GROUP BY over the same records.

`make bench` fills a record of RECORDS sales on PostgreSQL (DISCLOSURE_RECORDS). A release gathers
confidential sales in blocks and writes every table; the baseline is one SQL GROUP BY for each table, which
keeps nothing back.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, text

from benchmarks import explorer, market
from marketplace.db import atomic, db
from transactions.disclosure.rules.keys import BREAKDOWNS
from transactions.disclosure.service.releasing import release
from transactions.disclosure.statistics import tables

RECORDS = int(os.environ.get("DISCLOSURE_RECORDS", "20000"))
_ROUNDS = 5
_COLUMNS = {
    "type": "asset_type",
    "sector": "technology_field",
    "field": "technology_field",
    "year": "extract(year FROM sold_on)",
    "quarter": "date_trunc('quarter', sold_on)",
    "channel": "channel",
}


def run() -> list[dict[str, Any]]:
    """The figures, in milliseconds."""
    with market.postgresql() as url, tempfile.TemporaryDirectory() as home:
        engine = market.prepared(url, RECORDS)
        try:
            app = explorer.application(Path(home), url)
            with app.app_context():
                return _figures(app, engine)
        finally:
            engine.dispose()


def _figures(_app: Flask, engine: Engine) -> list[dict[str, Any]]:
    bare_all = _timed(lambda: [_group_by(engine, name) for name in BREAKDOWNS])
    made = _timed(_release)
    table = min(_timed(lambda: tables(db.session(), "type_field_year")) for _ in range(_ROUNDS))
    bare = min(_timed(lambda: _group_by(engine, "type_field_year")) for _ in range(_ROUNDS))
    return [
        _row(f"disclosure: a release of {RECORDS} sales", made, bare_all, "12 tables in blocks"),
        _row(f"disclosure: table type_field_year of {RECORDS} sales", table, bare, "from the release"),
    ]


def _release() -> None:
    with atomic() as session:
        release(session)


def _group_by(engine: Engine, name: str) -> list[Any]:
    columns = [_COLUMNS[dimension] for dimension in BREAKDOWNS[name]]
    grouped = f" GROUP BY {', '.join(columns)}" if columns else ""
    figures = ["count(*)", "percentile_disc(0.5) WITHIN GROUP (ORDER BY price_minor)"]
    selected = ", ".join([*columns, *figures])
    with engine.connect() as connection:
        statement = f"SELECT {selected} FROM transaction_records{grouped}"  # noqa: S608 - our own names
        return list(connection.execute(text(statement)))


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _row(name: str, value: float, baseline: float, note: str) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 1),
        "unit": "ms",
        "baseline": round(baseline, 1),
        "ratio": round(value / baseline, 1),
        "note": note,
    }
