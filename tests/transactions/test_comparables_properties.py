"""What holds for any candidates whatever."""

import math
import random
import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from soak import examples

from transactions.comparables.estimate import Comparison, Figure, compare
from transactions.comparables.values import DEFAULT, Candidate
from transactions.rules.words import AssetType, ProofGrade, SaleOutcome

from .test_comparables import ON, SUBJECT, a_sale

a_few = settings(max_examples=examples(25))

DAYS = st.integers(0, 5000).map(lambda days: ON - timedelta(days=days))


@st.composite
def sales(draw: Callable[[Any], Any]) -> list[Candidate]:
    count = draw(st.integers(0, 14))
    return [
        a_sale(
            number,
            asset_type=draw(st.sampled_from(list(AssetType))),
            outcome=draw(st.sampled_from([SaleOutcome.SOLD, SaleOutcome.SOLD, SaleOutcome.UNSOLD])),
            technology_field=draw(st.sampled_from([None, 13, 9, 35])),
            number_of_rights=draw(st.sampled_from([None, 1, 2, 8, 11])),
            remaining_life_months=draw(st.sampled_from([None, 0, 100, 240])),
            forced=draw(st.booleans()),
            sold_on=draw(DAYS),
            price_minor=draw(st.integers(1, 10**12)),
            start_price_minor=draw(st.sampled_from([None, 1, 10**9])),
            seller=draw(st.sampled_from(["", "a" * 32])),
            grade=draw(st.sampled_from(list(ProofGrade))),
        )
        for number in range(count)
    ]


def summary(answer: Comparison) -> tuple[Any, ...]:
    return answer.verdict, answer.figure, answer.comparables, answer.attempts, answer.rejected


@a_few
@given(sales(), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_makes_no_difference(found: list[Candidate], dice: Any) -> None:
    shuffled = list(found)
    dice.shuffle(shuffled)
    assert summary(compare(SUBJECT, shuffled)) == summary(compare(SUBJECT, found))


@a_few
@given(sales())
def test_every_candidate_is_used_or_rejected_and_every_line_adds_up(found: list[Candidate]) -> None:
    answer = compare(SUBJECT, found)
    identities = [one.candidate.identity for one in (*answer.comparables, *answer.attempts)]
    identities += [one.candidate.identity for one in answer.rejected]
    assert sorted(identities) == [sale.identity for sale in found]
    for one in (*answer.comparables, *answer.attempts):
        assert one.scaled_minor + sum(line.minor for line in one.lines) == one.adjusted_minor
        assert all(abs(line.basis_points) <= DEFAULT.line_limit for line in one.lines)
        assert 0 < one.weight <= 1_000_000
    if answer.figure:
        figure = answer.figure
        assert figure.low_minor <= figure.without_one_low_minor <= figure.without_one_high_minor
        assert figure.low_minor <= figure.median_minor <= figure.high_minor


@a_few
@given(sales(), st.sampled_from([10, 1000]))
def test_ten_times_the_prices_give_ten_times_the_figure(found: list[Candidate], times: int) -> None:
    scaled = [
        replace(
            sale,
            price_minor=(sale.price_minor or 0) * times,
            start_price_minor=(sale.start_price_minor or 0) * times or None,
        )
        for sale in found
    ]
    small, large = compare(SUBJECT, found), compare(SUBJECT, scaled)
    assert [one.candidate.identity for one in small.comparables] == [
        one.candidate.identity for one in large.comparables
    ]
    assert [one.candidate.identity for one in small.attempts] == [
        one.candidate.identity for one in large.attempts
    ]
    # Every amount is rounded where it appears: half a unit for the scale and for each of five lines.
    for one, other in zip(small.comparables, large.comparables, strict=True):
        assert abs(other.adjusted_minor - times * one.adjusted_minor) <= 16 * times


PRICES = st.lists(st.integers(1, 10**9), min_size=5, max_size=10)


def figure_of(prices: list[int], **changes: Any) -> Figure:
    figure = compare(
        SUBJECT, [a_sale(number, price_minor=price, **changes) for number, price in enumerate(prices)]
    ).figure
    assert figure is not None
    return figure


GRADES = st.lists(st.sampled_from(list(ProofGrade)), min_size=10, max_size=10)


@a_few
@given(PRICES, GRADES, st.integers(1, 10**16))
def test_one_trade_at_any_price_moves_the_figure_no_farther_than_to_the_middle_third(
    prices: list[int], grades: list[ProofGrade], lie: int
) -> None:
    """Its weight is at most a quarter, so a third of the others' weight stays on either side."""
    sales = [
        a_sale(number, price_minor=price, grade=grades[number], sold_on=ON - timedelta(days=30 * number))
        for number, price in enumerate(prices)
    ]
    # The best proved and youngest, with the most weight of all, tells the lie.
    liar = min(sales, key=lambda sale: (sale.grade, sale.identity))
    answer = compare(SUBJECT, [replace(sale, price_minor=lie) if sale is liar else sale for sale in sales])
    others = [one for one in answer.comparables if one.candidate.identity != liar.identity]
    assert answer.figure is not None
    assert len(others) == len(sales) - 1
    weight = sum(one.weight for one in others)
    moved = answer.figure.median_minor
    below = sum(one.weight for one in others if one.adjusted_minor < moved)
    above = sum(one.weight for one in others if one.adjusted_minor > moved)
    # Whole weights are rounded down by less than one each.
    assert 3 * max(below, above) <= 2 * weight + 30


@a_few
@given(PRICES, st.lists(st.integers(1, 10**16), min_size=2, max_size=2))
def test_a_fifth_of_wash_trades_stays_within_the_honest_ones(prices: list[int], lies: list[int]) -> None:
    """Two of seven to ten, all of the same weight: the honest ones still enclose the middle."""
    honest = prices if len(prices) <= 8 else prices[:8]
    mixed = figure_of([*honest, *lies]).median_minor
    ordered = sorted(honest)
    # Two added on one side move the middle by one place at most, and a half.
    middle = len(ordered) / 2
    low = ordered[max(0, math.floor(middle - 2))]
    high = ordered[min(len(ordered) - 1, math.ceil(middle + 1))]
    assert low <= mixed <= high


def test_wash_trades_shift_the_median_by_a_bounded_amount() -> None:
    """Prices scatter by 0.9 as those of rights do; one sale in ten, or two, is told at ten times as much."""
    shifts: dict[int, list[float]] = {1: [], 2: []}
    for seed in range(30):
        dice = random.Random(seed)
        prices = [int(math.exp(dice.gauss(13, 0.9))) for _ in range(10)]
        honest = figure_of(prices).median_minor
        for count, found in shifts.items():
            washed = [price * 10 if place < count else price for place, price in enumerate(prices)]
            found.append(figure_of(washed).median_minor / honest)
    # With a mean instead of a median it would be 1.9 and 2.8.
    assert statistics.fmean(shifts[1]) < 1.25
    assert statistics.fmean(shifts[2]) < 1.5
    assert min(shifts[1] + shifts[2]) >= 1


def test_the_nearest_trades_cannot_be_bought_by_one_seller() -> None:
    """Twenty sham sales exactly like the subject, by one seller: three of them come into the grid."""
    sham = [a_sale(number, price_minor=10**12, seller="b" * 32) for number in range(20)]
    honest = [a_sale(number, price_minor=100_00, sold_on=ON - timedelta(days=30)) for number in range(50, 60)]
    figure = compare(SUBJECT, [*sham, *honest]).figure
    assert figure is not None
    assert figure.median_minor == 100_00


def test_sold_only_bias_is_taken_out_by_the_unsold_lots() -> None:
    """Of lots whose best bids scatter by 0.9 and start prices by 0.6, about 40 % are sold."""
    sold_only, offered = [], []
    for seed in range(40):
        dice = random.Random(seed)
        lots = []
        for number in range(60):
            bid, start = math.exp(dice.gauss(13, 0.9)), math.exp(dice.gauss(13.27, 0.6))
            day = ON - timedelta(days=dice.randint(0, 300))
            sold = bid >= start
            lots.append(
                a_sale(
                    number,
                    outcome=SaleOutcome.SOLD if sold else SaleOutcome.UNSOLD,
                    price_minor=int(bid) if sold else None,
                    start_price_minor=int(start),
                    bids=int(sold),
                    sold_on=day,
                )
            )
        figure = compare(SUBJECT, lots).figure
        assert figure is not None
        sold_only.append(figure.median_minor / math.exp(13))
        offered.append(figure.offered_minor / math.exp(13))
    assert statistics.median(sold_only) > 1.7
    assert 0.85 < statistics.median(offered) < 1.2
