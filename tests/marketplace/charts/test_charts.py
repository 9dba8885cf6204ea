from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import charts
from marketplace.charts import Dot, Level, Span
from marketplace.charts.axes import TimeAxis, price_axis
from marketplace.clock import LOCAL_ZONE

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
AMOUNTS = st.integers(min_value=0, max_value=10**17)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2120, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone follows


def test_a_price_stays_until_the_next_bid_and_to_the_end() -> None:
    bids = [Dot(START, 1_000_00), Dot(START + timedelta(hours=1), 1_500_00)]
    chart = charts.price_steps(
        bids, start=START, end=START + timedelta(hours=2), levels=[Level("Reserve", 900_00)]
    )
    first, second = chart.marks
    assert chart.path == f"M{first.across} {first.down}H{second.across}V{second.down}H{chart.right}"
    assert chart.left == first.across < second.across < chart.right
    assert chart.levels[0].position > first.down > second.down


def test_a_sale_without_bids_has_axes_and_no_line() -> None:
    chart = charts.price_steps([], start=START, end=START + timedelta(hours=2))
    assert (chart.path, chart.marks) == ("", ())
    assert chart.time_ticks
    assert chart.price_ticks


def test_sales_that_span_magnitudes_are_scaled_by_ratio() -> None:
    sales = [Dot(START + timedelta(days=index * 90), 10**power) for index, power in enumerate((6, 8, 10))]
    downs = [mark.down for mark in charts.scatter(sales).marks]
    assert abs((downs[0] - downs[1]) - (downs[1] - downs[2])) <= 1


def test_a_scatter_of_nothing_is_empty_and_one_sale_is_placed() -> None:
    assert charts.scatter([]).marks == ()
    chart = charts.scatter([Dot(START, 5_000_00)], band=(4_000_00, 6_000_00))
    assert len(chart.marks) == 1
    assert chart.band is not None
    assert chart.top <= chart.band[0] < chart.marks[0].down < chart.band[1] <= chart.bottom


@given(st.lists(st.tuples(MOMENTS, AMOUNTS), max_size=30))
def test_every_sale_lies_on_the_sheet_and_a_higher_price_never_lower(
    sales: list[tuple[datetime, int]],
) -> None:
    chart = charts.scatter([Dot(moment, minor) for moment, minor in sales])
    for mark in chart.marks:
        assert chart.left <= mark.across <= chart.right
        assert chart.top <= mark.down <= chart.bottom
    by_price = sorted(chart.marks, key=lambda mark: mark.dot.minor)
    assert [mark.down for mark in by_price] == sorted((mark.down for mark in by_price), reverse=True)


@given(st.lists(AMOUNTS, max_size=6), st.booleans())
def test_price_ticks_are_few_round_and_on_the_axis(amounts: list[int], ratio_allowed: bool) -> None:  # noqa: FBT001
    axis = price_axis(amounts, 10, 200, ratio_allowed=ratio_allowed)
    ticks = axis.ticks()
    assert len(ticks) <= 6
    assert all(axis.low <= tick.value <= axis.high and 10 <= tick.position <= 200 for tick in ticks)


@given(MOMENTS, st.integers(min_value=0, max_value=100 * 366 * 86400))
def test_time_ticks_are_few_and_in_order(start: datetime, seconds: int) -> None:
    axis = TimeAxis(start, start + timedelta(seconds=seconds), 0, 400)
    ticks = axis.ticks()
    assert len(ticks) <= 5
    assert [tick.position for tick in ticks] == sorted(tick.position for tick in ticks)
    assert all(axis.start <= tick.value <= axis.end for tick in ticks)


def test_days_begin_at_local_midnight_and_months_on_the_first() -> None:
    days = TimeAxis(START, START + timedelta(days=5), 0, 400).ticks()
    assert {tick.value.astimezone(LOCAL_ZONE).hour for tick in days} == {0}
    months = TimeAxis(START, START + timedelta(days=150), 0, 400).ticks()
    assert {tick.value.astimezone(LOCAL_ZONE).day for tick in months} == {1}
    assert {tick.shape for tick in months} == {"month"}


def test_an_axis_longer_than_centuries_has_no_ticks() -> None:
    assert TimeAxis(START, START.replace(year=2900), 0, 400).ticks() == ()


@given(st.lists(AMOUNTS, max_size=8), AMOUNTS)
def test_bars_continue_each_other_and_end_where_the_whole_ends(parts: list[int], rest: int) -> None:
    whole = sum(parts) + rest
    bars = charts.waterfall(("Price", whole), [("part", part) for part in parts], "To the bank").bars
    assert sum(bar.minor for bar in bars[1:]) == bars[0].minor == whole
    assert all(0 <= bar.across <= bar.across + bar.width <= charts.WIDTH + 1 for bar in bars)


@pytest.mark.parametrize(
    ("parts", "rest"), [([("fee", 11)], "rest"), ([("fee", 9)], None), ([("fee", -1), ("b", 1)], "rest")]
)
def test_bars_that_do_not_add_up_are_refused(parts: list[tuple[str, int]], rest: str | None) -> None:
    with pytest.raises(ValueError, match="add up"):
        charts.waterfall(("Price", 10), parts, rest)


def test_bars_without_rest_add_up_exactly() -> None:
    assert [bar.tone for bar in charts.waterfall(("Price", 10), [("fee", 10)]).bars] == ["whole", "plain"]


def test_dates_have_a_row_each_and_labels_where_there_is_room() -> None:
    spans = [
        Span("Filed", START - timedelta(days=900)),
        Span("Pledged", START - timedelta(days=300), START + timedelta(days=600)),
        Span("Auction", START + timedelta(days=10), tone="next"),
        Span("Lapses", START + timedelta(days=1000), tone="limit"),
    ]
    picture = charts.dates(spans, START)
    assert [mark.down for mark in picture.marks] == sorted({mark.down for mark in picture.marks})
    assert [mark.anchor for mark in picture.marks] == ["start", "start", "start", "end"]
    assert picture.today is not None
    assert picture.marks[0].across < picture.today < picture.marks[3].across


def test_without_dates_there_is_no_today() -> None:
    assert charts.dates([], START).today is None
