"""Bands: every number lies in the bands its name says, in every zone and at every edge."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.money import MINOR_LIMIT
from search.engines import Bounds
from search.prices import price_key
from search.rules.bands import LIVES, OPENINGS, PRICES, bands_of, life_bands, opening_bands, price_bands

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday, nine in the morning in Shanghai.
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=SHANGHAI)


def lies_in(number: int, bands: dict[str, Bounds]) -> list[str]:
    return [
        name
        for name, (least, most) in bands.items()
        if (least is None or least <= number) and (most is None or number <= most)
    ]


@pytest.mark.parametrize(
    ("minor", "currency", "band"),
    [
        (0, "CNY", "0-100000"),
        (99_999_99, "CNY", "0-100000"),
        (100_000_00, "CNY", "100000-500000"),
        (100_000, "JPY", "100000-500000"),
        (10_000_000_00, "USD", "10000000-"),
        (MINOR_LIMIT - 1, "VND", "10000000-"),
    ],
)
def test_a_price_lies_in_one_band_of_its_currency(minor: int, currency: str, band: str) -> None:
    assert lies_in(price_key(minor, currency), price_bands(currency)) == [band]


@given(st.integers(0, MINOR_LIMIT - 1), st.sampled_from(["CNY", "JPY", "USD"]))
def test_bands_of_prices_neither_overlap_nor_leave_out(minor: int, currency: str) -> None:
    assert len(lies_in(price_key(minor, currency), price_bands(currency))) == 1
    other = "EUR"
    assert not lies_in(price_key(minor, other), price_bands(currency))


@pytest.mark.parametrize(
    ("day", "band"),
    [
        (date(2026, 3, 3), "ended"),
        (date(2026, 3, 4), "0-3"),
        (date(2029, 3, 3), "0-3"),
        (date(2029, 3, 4), "3-5"),
        (date(2036, 3, 4), "10-15"),
        (date(2041, 3, 4), "15-"),
    ],
)
def test_years_to_live_count_from_today(day: date, band: str) -> None:
    assert lies_in(day.toordinal(), life_bands(NOW)) == [band]


def test_the_day_is_that_of_the_zone_of_now() -> None:
    evening = datetime(2026, 3, 3, 20, 0, tzinfo=ZoneInfo("UTC"))
    assert life_bands(evening.astimezone(SHANGHAI)) == life_bands(NOW)
    assert life_bands(evening) != life_bands(NOW)


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_bands_of_life_neither_overlap_nor_leave_out(day: date, today: date) -> None:
    now = datetime.combine(today, NOW.timetz())
    assert len(lies_in(day.toordinal(), life_bands(now))) == 1


@pytest.mark.parametrize(
    ("moment", "bands"),
    [
        (NOW - timedelta(seconds=1), ["past"]),
        (NOW, ["week", "month", "quarter"]),
        (datetime(2026, 3, 8, 23, 59, 59, tzinfo=SHANGHAI), ["week", "month", "quarter"]),
        (datetime(2026, 3, 9, 0, 0, tzinfo=SHANGHAI), ["month", "quarter"]),
        (datetime(2026, 4, 1, 0, 0, tzinfo=SHANGHAI), ["quarter"]),
        (datetime(2026, 6, 4, 0, 0, tzinfo=SHANGHAI), ["later"]),
    ],
)
def test_days_to_an_auction(moment: datetime, bands: list[str]) -> None:
    assert lies_in(int(moment.timestamp()), opening_bands(NOW)) == bands


def test_the_names_in_addresses_are_those_of_the_bands() -> None:
    for name, names in {"price": PRICES, "life": LIVES, "opens": OPENINGS}.items():
        assert list(bands_of(name, "CNY", NOW)) == list(names)
