"""The pictures of the market's figures: trends with bands, columns, pairs, spreads and the map of tiles."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import charts
from marketplace.charts import Column, Pair, Reading, Spread, Tile
from marketplace.charts.numbers import number_axis
from marketplace.charts.tiles import SHADES, shade_limits

START = datetime(2024, 2, 15, tzinfo=UTC)
POSITIVE = st.floats(min_value=1e-3, max_value=1e12)
NUMBERS = st.floats(min_value=-1e9, max_value=1e9)


def quarters(*values: float | None) -> list[Reading]:
    return [
        Reading(START + timedelta(days=91 * index), value, value and value * 0.8, value and value * 1.3)
        for index, value in enumerate(values)
    ]


@given(st.lists(POSITIVE, max_size=8), st.integers(3, 8))
def test_an_axis_by_ratio_holds_all_and_has_few_round_ticks(values: list[float], most: int) -> None:
    axis = number_axis(values, 200, 10, ratio=True)
    ticks = axis.ticks(most)
    assert 1 <= len(ticks) <= most
    assert all(axis.low * 0.999 <= tick.value <= axis.high * 1.001 for tick in ticks)
    assert all(axis.low <= value * 1.001 and value <= axis.high * 1.001 for value in values)
    assert [tick.position for tick in ticks] == sorted((tick.position for tick in ticks), reverse=True)


@given(st.lists(NUMBERS, max_size=8), st.booleans())
def test_an_axis_by_difference_holds_all_and_has_few_ticks(values: list[float], zero: bool) -> None:  # noqa: FBT001
    axis = number_axis(values, 0, 400, zero=zero)
    assert len(axis.ticks()) <= 6
    assert all(0 <= axis.place(value) <= 400 for value in values)
    assert not zero or axis.low <= 0 <= axis.high
    places = [axis.place(value) for value in sorted(values)]
    assert places == sorted(places)


def test_round_ticks_of_known_axes() -> None:
    assert [tick.value for tick in number_axis([0, 100], 0, 9, zero=True).ticks()] == [0, 50, 100]
    assert [tick.value for tick in number_axis([3, 500], 0, 9, ratio=True).ticks()] == [3, 10, 30, 100, 300]
    assert [tick.value for tick in number_axis([2e4, 9e9], 0, 9, ratio=True).ticks()] == [1e5, 1e7, 1e9]


def test_a_trend_breaks_where_nothing_may_be_told() -> None:
    chart = charts.trend(quarters(100, 120, None, 90), level=100)
    assert chart is not None
    assert len(chart.lines) == 1
    assert len(chart.bands) == 2
    assert len(chart.marks) == 3
    assert chart.level == chart.marks[0].down
    assert chart.marks[1].down < chart.marks[0].down < chart.marks[2].down


def test_a_trend_of_nothing_is_no_picture_and_one_without_a_band_is() -> None:
    assert charts.trend([]) is None
    assert charts.trend(quarters(None, None)) is None
    chart = charts.trend([Reading(START, 5.0)])
    assert chart is not None
    assert (chart.lines, chart.bands, chart.level) == ((), (), None)


@given(st.lists(POSITIVE | st.none(), max_size=20), st.booleans())
def test_every_reading_lies_on_the_sheet(values: list[float | None], ratio: bool) -> None:  # noqa: FBT001
    chart = charts.trend(quarters(*values), ratio=ratio, zero=not ratio)
    for mark in chart.marks if chart else ():
        assert chart is not None
        assert chart.left <= mark.across <= chart.right
        assert chart.top <= mark.down <= chart.bottom


def test_a_column_is_as_high_as_its_whole_and_filled_with_its_part() -> None:
    chart = charts.columns([Column("2024", 10, 4), Column("2025", 20, 20), Column("2026", 0, 0)])
    assert chart is not None
    first, second, third = chart.marks
    assert (second.height, second.part_height) == (second.height, second.height)
    assert abs(first.height * 2 - second.height) <= 1
    assert first.part_height < first.height
    assert (third.height, third.part_height) == (0, 0)
    assert charts.columns([]) is None


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=70))
def test_columns_do_not_overlap_and_few_are_labelled(wholes: list[float]) -> None:
    chart = charts.columns([Column(str(whole), whole) for whole in wholes])
    assert chart is not None
    ends = [(mark.across, mark.across + mark.width) for mark in chart.marks]
    assert all(end <= start for (_, end), (start, _) in pairwise(ends))
    assert sum(mark.written for mark in chart.marks) <= 8
    assert ends[-1][1] <= chart.right


def test_a_histogram_counts_each_value_once() -> None:
    assert charts.histogram([-9, 0, 0.5, 1, 1.5, 99], [0, 1, 2]) == (3, 3)
    for edges in ([0.0], [1.0, 1.0]):
        with pytest.raises(ValueError, match="edges"):
            charts.histogram([], edges)


def test_pairs_on_the_line_are_equal_and_others_on_their_side() -> None:
    chart = charts.pairs([Pair(1e4, 1e4), Pair(1e4, 1e6), Pair(1e6, 1e4), Pair(0, 5)])
    assert chart is not None
    equal, above, below = chart.marks
    assert (equal.across, equal.down) == (chart.left, chart.bottom)
    assert above.down < equal.down
    assert below.across > equal.across
    assert chart.same == (chart.left, chart.bottom, chart.right, chart.top)
    assert len(chart.apart) == 2
    assert charts.pairs([Pair(0, 0)]) is None


def test_shares_stand_on_a_sheet_from_nothing_to_all() -> None:
    chart = charts.shares([Pair(0.0, 0.5, low=0.25, high=0.75)])
    assert chart is not None
    (mark,) = chart.marks
    assert (mark.across, mark.foot, mark.top) == (chart.left, 269, 99)
    assert charts.shares([]) is None


def test_spreads_share_one_scale() -> None:
    chart = charts.spreads(
        [Spread("a", 0.8, low=0.7, high=0.9), Spread("b", 0.6, box_low=0.5, box_high=0.7)],
        target=(0.77, 0.83),
    )
    assert chart is not None
    first, second = chart.marks
    assert second.middle < first.middle
    assert first.line is not None
    assert (first.box, second.line) == (None, None)
    assert chart.target is not None
    assert chart.target[0] < first.middle < chart.target[1]
    assert charts.spreads([]) is None
    ranked = charts.spreads([Spread("a", 10.0), Spread("b", 1000.0)], ratio=True)
    assert ranked is not None
    assert ranked.target is None


def test_tiles_stand_where_the_grid_says_and_darken_with_their_count() -> None:
    picture = charts.tile_map(
        [Tile("a", 0, 0, "A", "A", 0), Tile("b", 3, 1, "B", "B", 1), Tile("c", 1, 0, "C", "C", 90)]
    )
    assert picture is not None
    assert [mark.shade for mark in picture.marks] == [0, 1, 2]
    assert picture.marks[1].across + picture.side_across == picture.width
    assert charts.tile_map([]) is None


@given(st.lists(st.integers(0, 10**6), max_size=40))
def test_shades_are_few_and_hold_every_count_above_nothing(counts: list[int]) -> None:
    limits = shade_limits(counts)
    assert len(limits) <= SHADES
    assert list(limits) == sorted(set(limits))
    assert all(count >= limits[0] for count in counts if count)
