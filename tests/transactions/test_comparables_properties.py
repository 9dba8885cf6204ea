"""What holds for any candidates whatever."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from transactions.comparables.estimate import Comparison, compare
from transactions.comparables.values import DEFAULT, Candidate
from transactions.rules.words import AssetType, ProofGrade, SaleOutcome

from .test_comparables import ON, SUBJECT, a_sale

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
            grade=draw(st.sampled_from(list(ProofGrade))),
        )
        for number in range(count)
    ]


def summary(answer: Comparison) -> tuple[Any, ...]:
    return answer.verdict, answer.figure, answer.comparables, answer.rejected


@given(sales(), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_makes_no_difference(found: list[Candidate], dice: Any) -> None:
    shuffled = list(found)
    dice.shuffle(shuffled)
    assert summary(compare(SUBJECT, shuffled)) == summary(compare(SUBJECT, found))


@given(sales())
def test_every_candidate_is_used_or_rejected_and_every_line_adds_up(found: list[Candidate]) -> None:
    answer = compare(SUBJECT, found)
    identities = [one.candidate.identity for one in answer.comparables]
    identities += [one.candidate.identity for one in answer.rejected]
    assert sorted(identities) == [sale.identity for sale in found]
    for one in answer.comparables:
        assert one.scaled_minor + sum(line.minor for line in one.lines) == one.adjusted_minor
        assert all(abs(line.basis_points) <= DEFAULT.line_limit for line in one.lines)
        assert 0 < one.weight <= 1_000_000
    if answer.figure:
        figure = answer.figure
        assert figure.low_minor <= figure.without_one_low_minor <= figure.without_one_high_minor
        assert figure.low_minor <= figure.median_minor <= figure.high_minor


@given(sales(), st.sampled_from([10, 1000]))
def test_ten_times_the_prices_give_ten_times_the_figure(found: list[Candidate], times: int) -> None:
    scaled = [replace(sale, price_minor=(sale.price_minor or 0) * times) for sale in found]
    small, large = compare(SUBJECT, found), compare(SUBJECT, scaled)
    assert [one.candidate.identity for one in small.comparables] == [
        one.candidate.identity for one in large.comparables
    ]
    # Every amount is rounded where it appears: half a unit for the scale and for each of five lines.
    for one, other in zip(small.comparables, large.comparables, strict=True):
        assert abs(other.adjusted_minor - times * one.adjusted_minor) <= 16 * times
