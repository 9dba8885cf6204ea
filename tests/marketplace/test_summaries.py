from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace import summaries
from marketplace.charts import Tick


@pytest.mark.parametrize(
    ("minor", "currency", "chinese", "english"),
    [
        (1_250_000_00, "CNY", "125 万元", "1.25 m CNY"),
        (123_456_789_00, "CNY", "1.23 亿元", "123.46 m CNY"),
        (9_999_99, "CNY", "9,999.99 元", "10 k CNY"),
        (-20_000_00, "EUR", "−2 万 EUR", "−20 k EUR"),
        (3_000_000_000, "JPY", "30 亿 JPY", "3 bn JPY"),
        (0, "CNY", "0 元", "0 CNY"),
        (None, "CNY", "–", "–"),
    ],
)
def test_amounts_are_summed_up_in_the_units_of_the_language(
    app: Flask, minor: int | None, currency: str, chinese: str, english: str
) -> None:
    with app.test_request_context():
        with force_locale("zh"):
            assert summaries.short_money(minor, currency) == chinese
        with force_locale("en"):
            assert summaries.short_money(minor, currency) == english


def test_a_tick_is_written_in_the_local_zone(app: Flask) -> None:
    tick = Tick(0, datetime(2026, 3, 1, 16, 30, tzinfo=UTC), "minute")
    with app.test_request_context():
        assert summaries.axis_moment(tick) == "00:30"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.12345, "percent", "12.3 %"),
        (-0.04, "percent", "−4 %"),
        (1.0, "percent", "100 %"),
        (1234.5, "number", "1,234"),
        (0.376, "number", "0.38"),
        (-0.001, "number", "0"),
        (125_000_00.0, "CNY", "125 k"),
        (None, "number", "–"),
    ],
)
def test_figures_are_short(app: Flask, value: float | None, unit: str, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert summaries.figure(value, unit) == words
