"""The pure rules of the market pages: regions on their grid, bands, medians over time, spreads and rates."""

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from transactions.market.rules.bands import PRICES, SIZES, size_name
from transactions.market.rules.regions import UNITS, codes_of, unit_of
from transactions.market.rules.series import median_range, medians, quantile, rate_range, spread_by

PRICE = st.floats(min_value=1, max_value=1e9)


def test_every_unit_has_a_tile_of_its_own_and_is_found_by_both_codes() -> None:
    assert len(UNITS) == 34
    assert len({(unit.column, unit.row) for unit in UNITS}) == 34
    assert len({name for unit in UNITS for name in (unit.sign, unit.english, *unit.codes)}) == 136
    assert unit_of("CN-37") is unit_of("CN-SD")
    assert codes_of("CN-SD") == ("CN-37", "CN-SD")
    assert unit_of("US-CA") is None
    assert codes_of("US") == ("US",)


@given(st.integers(1, 10**7))
def test_every_number_of_rights_is_in_one_band(number: int) -> None:
    assert [name for name, band in SIZES.items() if band.holds(number)] == [size_name(number)]


def test_bands_meet_and_what_is_not_known_has_none() -> None:
    assert size_name(None) == ""
    ends = list(PRICES.values())
    assert all(left.most == right.least for left, right in pairwise(ends))


def sales(count: int, first: date, price: float = 100.0) -> list[tuple[date, float]]:
    return [(first + timedelta(days=index % 80), price + index) for index in range(count)]


def test_quarters_with_ten_sales_have_a_median_and_others_are_gaps() -> None:
    found = medians(
        [*sales(11, date(2025, 1, 1)), *sales(9, date(2025, 4, 1)), *sales(30, date(2025, 10, 1), 200)]
    )
    assert [(period.name, period.count) for period in found] == [
        ("2025Q1", 11),
        ("2025Q2", 9),
        ("2025Q3", 0),
        ("2025Q4", 30),
    ]
    assert [period.median for period in found] == [105, None, None, 214.5]
    assert (found[0].low, found[0].high) == (102, 108)
    assert found[0].middle == date(2025, 2, 15)


def test_where_quarters_are_thin_years_are_told() -> None:
    thin = [one for month in (1, 4, 7, 10) for one in sales(4, date(2024, month, 1))]
    (year,) = medians(thin)
    assert (year.name, year.count, year.median) == ("2024", 16, 101.5)
    assert medians([]) == []
    assert [period.median for period in medians(thin[:3])] == [None]


@given(st.lists(PRICE, min_size=1, max_size=300))
def test_a_median_lies_in_its_range_and_the_range_in_the_values(values: list[float]) -> None:
    ordered = sorted(values)
    low, high = median_range(ordered)
    assert ordered[0] <= low <= quantile(ordered, 0.5) <= high <= ordered[-1]


def test_the_range_holds_the_true_median_nine_times_in_ten() -> None:
    dice = Random(20260301)
    for count in (12, 40, 250):
        held = 0
        for _ in range(400):
            low, high = median_range(sorted(dice.gauss(0, 1) for _ in range(count)))
            held += low <= 0 <= high
        assert held >= 400 * 0.86, count


def test_groups_that_are_too_small_are_left_out() -> None:
    spread = spread_by([*(("a", float(value)) for value in range(1, 12)), *(("b", 1.0) for _ in range(4))])
    assert list(spread) == ["a"]
    assert (spread["a"].tenth, spread["a"].median, spread["a"].nine_tenths) == (2, 6, 10)


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_rate_lies_in_its_range(sold: int, unsold: int) -> None:
    low, high = rate_range(sold, sold + unsold)
    assert 0 <= low <= high <= 1
    assert not sold + unsold or low <= sold / (sold + unsold) + 1e-9 <= high + 2e-9
