"""Weighted medians with bounds from above, and the limit of one weight."""

import math
import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transactions.comparables.medians import Median, Point, capped, weighted_median


def test_a_median_of_nothing() -> None:
    for points in ([], [Point(5, 1, below=True)]):
        with pytest.raises(ValueError, match="nothing"):
            weighted_median(points)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([Point(10, 1)], Median(10)),
        ([Point(10, 1), Point(21, 1)], Median(16)),
        ([Point(10, 1), Point(20, 2)], Median(20)),
        ([Point(10, 2), Point(10, 1), Point(30, 3)], Median(20)),
        # Below 25 stands what was observed at 10 and 20: they share its weight, 1.5 each against 1.
        ([Point(10, 1), Point(20, 1), Point(30, 1), Point(25, 1, below=True)], Median(20)),
        # A bound above everything says nothing.
        ([Point(10, 1), Point(20, 1), Point(30, 1), Point(99, 7, below=True)], Median(20)),
        # Half and more lies below everything observed.
        ([Point(10, 1), Point(5, 1, below=True)], Median(5, at_most=True)),
        ([Point(10, 1), Point(5, 1, below=True), Point(8, 2, below=True)], Median(8, at_most=True)),
        # A bound at an observed value is below it.
        ([Point(10, 1), Point(10, 3, below=True)], Median(10, at_most=True)),
    ],
)
def test_medians(points: list[Point], expected: Median) -> None:
    assert weighted_median(points) == expected


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=9))
def test_without_bounds_it_is_the_median_of_so_many_equal_ones(pairs: list[tuple[int, int]]) -> None:
    every = [value for value, weight in pairs for _ in range(weight)]
    found = weighted_median(Point(value, weight) for value, weight in pairs)
    assert found == Median(math.floor(statistics.median(every) + 0.5))


@pytest.mark.parametrize(
    ("weights", "limit", "expected"),
    [
        ([100] * 5, 2500, [100] * 5),
        ([1_000_000, 10, 10, 10, 10], 2500, [13, 10, 10, 10, 10]),
        ([3, 1000, 5, 900, 4, 2], 2500, [3, 7, 5, 7, 4, 2]),
        ([9, 1, 1], 2500, [9, 1, 1]),
        ([], 2500, []),
    ],
)
def test_weights_are_cut(weights: list[int], limit: int, expected: list[int]) -> None:
    assert capped(weights, limit) == expected


@given(st.lists(st.integers(1, 10**6), min_size=5, max_size=12))
def test_no_weight_is_more_than_a_quarter_and_none_grows(weights: list[int]) -> None:
    large = [weight * 1000 for weight in weights]
    cut = capped(large, 2500)
    assert max(cut) * 4 <= sum(cut) + 4
    assert all(0 < one <= other for one, other in zip(cut, large, strict=True))


@pytest.mark.parametrize(("reserve", "sold_only"), [(0.0, 1.7), (0.22, 1.9), (0.43, 2.2)])
def test_sold_lots_alone_overstate_and_all_offered_lots_do_not(reserve: float, sold_only: float) -> None:
    """Best bids scatter by 0.9, start prices by 0.6 (reference: unsold lots): 50, 42 and 34 % are sold."""
    dice = random.Random(11)
    offered, sold = [], []
    for _ in range(4000):
        bid, start = math.exp(dice.gauss(13, 0.9)), math.exp(dice.gauss(13 + reserve, 0.6))
        if bid >= start:
            sold.append(bid)
        offered.append(Point(int(max(bid, start)), 1, below=bid < start))
    assert statistics.median(sold) / math.exp(13) == pytest.approx(sold_only, rel=0.08)
    assert weighted_median(offered).minor / math.exp(13) == pytest.approx(1, rel=0.08)
