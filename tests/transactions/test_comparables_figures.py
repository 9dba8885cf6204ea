"""Which sales and unsold lots make the figures: pure."""

import math
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from transactions.comparables.adjustment import Observed
from transactions.comparables.estimate import Verdict, compare
from transactions.comparables.values import DEFAULT, Candidate, Rejection
from transactions.rules.words import AssetType, Channel, ProofGrade, SaleOutcome

from .test_comparables import ON, SUBJECT, a_sale


@pytest.mark.parametrize(
    ("count", "verdict"),
    [
        (0, Verdict.INSUFFICIENT),
        (2, Verdict.INSUFFICIENT),
        (3, Verdict.TOO_FEW_FOR_A_RANGE),
        (4, Verdict.TOO_FEW_FOR_A_RANGE),
        (5, Verdict.RANGE),
        (10, Verdict.RANGE),
        (12, Verdict.RANGE),
    ],
)
def test_no_figure_from_too_few(count: int, verdict: Verdict) -> None:
    answer = compare(SUBJECT, [a_sale(number) for number in range(count)])
    assert (answer.verdict, answer.figure is not None) == (verdict, verdict is Verdict.RANGE)
    assert len(answer.comparables) == min(count, 10)
    assert [item.reason for item in answer.rejected] == [Rejection.NEARER_ONES_USED] * max(0, count - 10)


def test_a_figure_with_its_range() -> None:
    prices = [80_00, 90_00, 100_00, 110_00, 500_00]
    figure = compare(SUBJECT, [a_sale(n, price_minor=price) for n, price in enumerate(prices)]).figure
    assert figure is not None
    assert (figure.low_minor, figure.median_minor, figure.high_minor) == (80_00, 100_00, 500_00)
    assert figure.coverage == Fraction(2, 3)
    assert (figure.without_one_low_minor, figure.without_one_high_minor) == (95_00, 105_00)


def test_what_differs_too_much_is_not_used() -> None:
    far = a_sale(
        1,
        technology_field=35,
        asset_type=AssetType.DESIGN,
        channel=Channel.PRIVATE_SALE,
        remaining_life_months=0,
        forced=True,
    )
    far_in_vain = replace(
        far, identity="0003", outcome=SaleOutcome.UNSOLD, price_minor=None, start_price_minor=5
    )
    much = a_sale(2, forced=True, remaining_life_months=12, number_of_rights=10)
    answer = compare(SUBJECT, [far, much, far_in_vain])
    assert {item.candidate.identity: item.reason for item in answer.rejected} == {
        "0001": Rejection.TOO_DIFFERENT,
        "0002": Rejection.ADJUSTED_TOO_MUCH,
        "0003": Rejection.NEARER_ONES_USED,
    }


def test_unsold_lots_are_counted_beside() -> None:
    unsold = {"outcome": SaleOutcome.UNSOLD, "price_minor": None}
    tries = [
        a_sale(1, **unsold),
        a_sale(2, **unsold, sold_on=None),
        a_sale(3, **unsold, sold_on=ON + timedelta(days=60)),
        a_sale(4, **unsold, asset_type=AssetType.COPYRIGHT),
        a_sale(5, outcome=SaleOutcome.WITHDRAWN, price_minor=None),
        a_sale(6),
    ]
    answer = compare(SUBJECT, tries)
    assert (answer.offered, answer.sold) == (2, 1)


def unsold(number: int, **changes: Any) -> Candidate:
    return a_sale(number, **{"outcome": SaleOutcome.UNSOLD, "price_minor": None} | changes)


def test_unsold_lots_as_near_as_the_sales_lower_what_an_offered_lot_fetches() -> None:
    sales = [
        a_sale(number, price_minor=price)
        for number, price in enumerate([80_00, 90_00, 100_00, 110_00, 120_00])
    ]
    tries = [
        unsold(10, start_price_minor=85_00, bids=0),
        unsold(11, top_bid_minor=70_00, bids=2),
        unsold(12, start_price_minor=10_00, forced=True),
    ]
    answer = compare(SUBJECT, [*sales, *tries])
    assert [one.observed for one in answer.attempts] == [Observed.BELOW_START, Observed.TOP_BID]
    assert [one.reason for one in answer.rejected] == [Rejection.NEARER_ONES_USED]
    assert (answer.offered, answer.sold) == (8, 5)
    figure = answer.figure
    assert figure is not None
    assert (figure.median_minor, figure.offered_minor, figure.offered_at_most) == (100_00, 90_00, False)


def test_where_most_fetch_less_than_anything_observed_only_a_bound_is_told() -> None:
    sales = [a_sale(number) for number in range(5)]
    tries = [unsold(number, start_price_minor=number * 100) for number in range(10, 18)]
    figure = compare(SUBJECT, [*sales, *tries]).figure
    assert figure is not None
    # Eight of thirteen lie below their start prices, 10 to 17: the seventh of these is the half of all.
    assert (figure.offered_minor, figure.offered_at_most) == (1600, True)


def test_the_unsold_lots_have_a_limit() -> None:
    few = replace(DEFAULT, attempts_most=2)
    tries = [unsold(number, start_price_minor=100_00) for number in range(10, 14)]
    assert len(compare(SUBJECT, [a_sale(), *tries], few).attempts) == 2


def test_no_seller_fills_the_grid_where_there_are_others() -> None:
    one_bank = [a_sale(number, seller="a" * 32) for number in range(8)]
    others = [a_sale(number, forced=True) for number in range(20, 24)]
    answer = compare(SUBJECT, [*one_bank, *others])
    assert [one.candidate.identity for one in answer.comparables] == [
        "0000", "0001", "0002", "0020", "0021", "0022", "0023",
    ]  # fmt: skip
    assert {one.reason for one in answer.rejected} == {Rejection.NEARER_ONES_USED}
    # In a young market it may: a figure of five is still better than none, and the reader sees the grid.
    assert len(compare(SUBJECT, one_bank).comparables) == 5


def test_the_error_of_the_figure() -> None:
    same = compare(SUBJECT, [a_sale(number, price_minor=5) for number in range(5)]).figure
    assert same is not None
    assert same.log_error == 0
    wide = compare(SUBJECT, [a_sale(number, price_minor=100 * 2**number) for number in range(5)]).figure
    assert wide is not None
    # Median deviation ln 2, five of equal weight.
    assert wide.log_error == pytest.approx(math.sqrt(math.pi / 2) * 1.4826 * math.log(2) / math.sqrt(5))
    tiny = replace(SUBJECT, number_of_rights=1)
    none = compare(tiny, [a_sale(number, price_minor=1, number_of_rights=9) for number in range(5)]).figure
    assert none is not None
    assert none.log_error == math.inf


def test_no_comparable_has_more_than_a_quarter_of_the_weight() -> None:
    old = [a_sale(number, sold_on=ON.replace(year=2016), grade=ProofGrade.D) for number in range(5)]
    answer = compare(SUBJECT, [*old, a_sale(9)])
    weights = [one.weight for one in answer.comparables]
    assert max(weights) * 4 <= sum(weights)
