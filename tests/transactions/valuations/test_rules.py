"""Pure rules of valuations: income, scorecard, reconciliation and grades, notes."""

import math
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from marketplace.errors import Refused
from transactions.comparables.values import Subject
from transactions.rules.words import AssetType, Channel
from transactions.valuations.rules import income, notes, opinion, scorecard
from transactions.valuations.rules.asking import Asked, basis_for, is_forced
from transactions.valuations.rules.income import IncomeInputs
from transactions.valuations.rules.opinion import Evidence, Opinion, Range
from transactions.valuations.rules.scorecard import Factor, Part
from transactions.valuations.rules.words import (
    Approach,
    Basis,
    Grade,
    Income,
    Note,
    SubjectKind,
)

ROYALTY = IncomeInputs(Income.ROYALTY, (1_000_000_00,) * 5, rate=500, discount=1_000)


def test_income_by_hand() -> None:
    """5 % of a million, discounted from the middle of each year at 10 %."""
    value = income.income_value(ROYALTY, 24)
    assert [year.earned_minor for year in value.years] == [5_000_000, 5_000_000]
    assert [year.present_minor for year in value.years] == [4_767_313, 4_333_921]
    assert (value.value_minor, value.unused_years) == (9_101_234, 3)


def test_income_of_a_part_of_a_year_tax_keep_and_profit() -> None:
    asked = replace(ROYALTY, kind=Income.PROFIT_SHARE, margin=2_000, rate=2_500, tax=2_500, keep_minor=800_00)
    (year,) = income.income_value(asked, 6).years
    assert (year.months, year.earned_minor) == (6, (5_000_000 - 80_000) * 3 // 8)
    assert year.present_minor == round(year.earned_minor * 1.1**-0.25)


def test_income_that_costs_more_than_it_earns_is_worth_nothing() -> None:
    assert income.income_value(replace(ROYALTY, keep_minor=10**8), 60).value_minor == 0
    assert income.income_value(ROYALTY, 0).value_minor == 0
    assert income.income_value(ROYALTY, None).unused_years == 0


def test_sensitivity_has_the_value_in_its_middle_and_falls_to_the_right() -> None:
    value = income.income_value(ROYALTY, 60)
    assert value.sensitivity[1][1] == value.value_minor
    assert all(list(row) == sorted(row, reverse=True) for row in value.sensitivity)
    assert [row[0] for row in value.sensitivity] == sorted(row[0] for row in value.sensitivity)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"revenue_minor": ()}, "revenue"),
        ({"revenue_minor": (1,) * 31}, "revenue"),
        ({"revenue_minor": (-1,)}, "revenue"),
        ({"keep_minor": 10**17}, "keep"),
        ({"rate": 0}, "rate"),
        ({"kind": Income.PROFIT_SHARE}, "margin"),
        ({"tax": 10_000}, "tax"),
        ({"discount": 99}, "discount"),
    ],
)
def test_income_out_of_limits_names_the_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        income.income_value(replace(ROYALTY, **changes), 60)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_weights_of_the_scorecard_are_a_whole() -> None:
    assert sum(line.weight for line in scorecard.LINES) == 100
    assert {line.factor for line in scorecard.LINES} == set(Factor)


def test_scores_best_worst_and_none() -> None:
    best = scorecard.score(dict.fromkeys(Factor, 5))
    worst = scorecard.score(dict.fromkeys(Factor, 1))
    assert best is not None
    assert worst is not None
    assert (best.score, best.multiplier, best.answered) == (10_000, 130, 10_000)
    assert (worst.score, worst.multiplier) == (0, 70)
    assert scorecard.score({}) is None
    assert (scorecard.rate_from_score(200, 600, best), scorecard.rate_from_score(200, 600, worst)) == (
        600,
        200,
    )


def test_a_right_that_would_fall_is_a_veto_on_the_legal_part() -> None:
    found = scorecard.score(dict.fromkeys(Factor, 5) | {Factor.STABILITY: 1})
    assert found is not None
    legal = next(part for part in found.parts if part.part is Part.LEGAL)
    assert (legal.score, found.veto) == (0, 0)
    assert found.score == 7_000


def test_a_part_that_nobody_scored_is_left_out() -> None:
    found = scorecard.score({Factor.DEMAND: 3})
    assert found is not None
    assert (found.score, found.answered, found.veto) == (5_000, 800, 10_000)


@pytest.mark.parametrize(("scores", "field"), [({"luck": 3}, "luck"), ({"scope": 6}, "scope")])
def test_scores_that_cannot_be_are_named(scores: dict[str, int], field: str) -> None:
    with pytest.raises(Refused) as refused:
        scorecard.check_scores(scores)
    assert refused.value.field == field
    assert scorecard.check_scores({"scope": 5}) == {Factor.SCOPE: 5}


def evidence(minor: int, spread: float = 0.5, count: int = 7) -> Evidence:
    wide = 1.2816 * spread
    return Evidence(math.log(minor), spread, wide / 2, wide / 2, wide, wide, count)


def test_grid_and_model_meet_in_logarithms_by_their_precision() -> None:
    found = opinion.reconcile(evidence(100_000), evidence(121_000, count=0))
    assert (found.value_minor, found.grid_weight, found.model_weight) == (110_000, 5_000, 5_000)
    assert (found.approach, found.gap, found.grade) == (Approach.GRID_AND_MODEL, 2_100, Grade.B)
    nearer = opinion.reconcile(evidence(100_000, 0.25), evidence(121_000, 0.5, 0))
    assert (nearer.grid_weight, nearer.model_weight) == (8_000, 2_000)


def test_a_gap_over_forty_per_cent_is_grade_d_and_the_range_holds_both() -> None:
    found = opinion.reconcile(evidence(100_000, 0.2), evidence(300_000, 0.2, 0))
    assert found.grade is Grade.D
    assert found.gap == 20_000
    assert found.wide is not None
    assert found.wide.low_minor <= 100_000
    assert found.wide.high_minor >= 300_000


def test_one_alone_and_none() -> None:
    grid = opinion.reconcile(evidence(100_000, 0.3), None)
    assert (grid.approach, grid.value_minor, grid.grade, grid.gap) == (Approach.GRID, 100_000, Grade.A, None)
    model = opinion.reconcile(None, evidence(100_000, count=0))
    assert (model.approach, model.value_minor, model.grade) == (Approach.MODEL, None, Grade.E)
    assert model.wide is not None
    none = opinion.reconcile(None, None)
    assert (none.approach, none.grade, none.wide) == (Approach.NONE, Grade.E, None)


@pytest.mark.parametrize(
    ("ratio", "count", "gap", "grade"),
    [
        (3, 5, 0, Grade.A),
        (6, 5, None, Grade.B),
        (12, 5, 4_000, Grade.C),
        (13, 9, None, Grade.D),
        (2, 4, None, Grade.D),
        (2, 9, 4_001, Grade.D),
        (2, 2, None, Grade.E),
    ],
)
def test_grades(ratio: int, count: int, gap: int | None, grade: Grade) -> None:
    assert opinion.grade_of(Range(1_000, 1_000 * ratio), count, gap) is grade


def test_the_grid_as_evidence_by_hand() -> None:
    """Five equal weights at a ratio of e up and down: t with 4 degrees of freedom."""
    prices = [round(100_000 * math.exp(step)) for step in (-1, -0.5, 0, 0.5, 1)]
    found = opinion.grid_evidence(prices, [1] * 5, 100_000)
    assert found is not None
    spread = math.sqrt(2.5 / 4 * (1 + math.pi / 2 / 5))
    assert found.spread == pytest.approx(spread, abs=1e-5)
    assert found.above_80 == pytest.approx(1.533 * spread, abs=1e-4)
    assert found.minor == 100_000


def test_equal_prices_are_no_certainty_and_two_are_no_evidence() -> None:
    found = opinion.grid_evidence([5_000] * 20, [3] * 20, 5_000)
    assert found is not None
    assert found.spread > opinion.SPREAD_LEAST
    assert opinion.grid_evidence([5_000] * 2, [1] * 2, 5_000) is None
    assert opinion.grid_evidence([0, 5_000, 5_000], [1] * 3, 5_000) is None


def test_a_models_ranges_become_evidence() -> None:
    found = opinion.model_evidence(100_000, Range(70_000, 140_000), Range(50_000, 200_000))
    assert found is not None
    assert found.below_80 == pytest.approx(math.log(2), abs=1e-9)
    assert found.spread == pytest.approx(math.log(2) / 1.2816, abs=1e-9)
    assert opinion.model_evidence(0, Range(0, 1), Range(0, 1)) is None


@given(
    some.lists(some.integers(1, 10**12), min_size=3, max_size=12),
    some.integers(1, 10**12),
    some.floats(0.05, 2),
)
def test_the_value_lies_between_its_two_estimates_and_inside_its_ranges(
    prices: list[int], other: int, spread: float
) -> None:
    grid = opinion.grid_evidence(prices, [1] * len(prices), sorted(prices)[len(prices) // 2])
    assert grid is not None
    found = opinion.reconcile(grid, evidence(other, spread, 0))
    assert found.value_minor is not None
    assert found.wide is not None
    assert found.middle is not None
    low, high = sorted((grid.minor, other))
    assert low - 1 <= found.value_minor <= high + 1
    assert found.wide.low_minor <= low
    assert found.wide.high_minor >= high
    assert found.middle.low_minor <= found.value_minor <= found.middle.high_minor
    assert found.grid_weight + found.model_weight == 10_000


def asked(**changes: Any) -> Asked:
    subject = Subject(
        asset_type=AssetType.INVENTION,
        technology_field=1,
        number_of_rights=1,
        remaining_life_months=changes.pop("life", 100),
        channel=Channel.AUCTION_ENGLISH,
        forced=False,
        on=date(2026, 3, 2),
        currency=changes.pop("currency", "CNY"),
    )
    values = {"kind": SubjectKind.ROW, "key": "row:1", "reference": "1", "title": "", "basis": Basis.MARKET}
    return Asked(subject=subject, **(values | changes))


def noted(what: Asked, found: Opinion, **changes: Any) -> set[Note]:
    given = {"comparables": 7, "offered": 7, "sold": 7, "income_minor": None, "curve": True} | changes
    return set(notes.notes_of(what, found, **given))


BOTH_AGREE = opinion.reconcile(evidence(100_000), evidence(121_000, count=0))


def test_nothing_to_note() -> None:
    assert noted(asked(), BOTH_AGREE) == set()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"life": None}, {Note.LIFE_UNKNOWN}),
        ({"life": 0}, {Note.EXPIRED}),
        ({"life": 20}, {Note.SHORT_LIFE}),
        ({"basis": Basis.FORCED_LIQUIDATION}, {Note.LIQUIDATION_TOGETHER}),
        ({"claim_minor": 10_000_000_01}, {Note.APPRAISAL_EXPECTED}),
        ({"claim_minor": 10_000_000_00}, set()),
        ({"claim_minor": 10_000_000_01, "currency": "USD"}, set()),
    ],
)
def test_notes_of_the_subject(changes: dict[str, Any], expected: set[Note]) -> None:
    assert noted(asked(**changes), BOTH_AGREE) == expected


def test_notes_of_the_evidence() -> None:
    assert noted(asked(), opinion.reconcile(None, None)) == {Note.INSUFFICIENT, Note.NO_MODEL}
    assert noted(asked(), opinion.reconcile(None, evidence(5))) == {Note.NO_GRID}
    assert noted(asked(), opinion.reconcile(evidence(5), None), comparables=4, sold=3, curve=False) == {
        Note.NO_MODEL, Note.FEW_COMPARABLES, Note.SOLD_ONLY, Note.NO_CURVE,
    }  # fmt: skip
    assert noted(asked(), opinion.reconcile(evidence(100), evidence(500))) == {Note.GAP}


def test_notes_of_the_income() -> None:
    what = asked(income=ROYALTY)
    assert noted(what, BOTH_AGREE, income_minor=110_000) == {Note.NO_AMORTISATION, Note.BEFORE_TAX}
    taxed = asked(income=replace(ROYALTY, tax=2_500))
    assert noted(taxed, BOTH_AGREE, income_minor=9) == {Note.NO_AMORTISATION, Note.INCOME_BELOW_RANGE}
    assert Note.INCOME_ABOVE_RANGE in noted(taxed, BOTH_AGREE, income_minor=10**9)
    assert noted(what, opinion.reconcile(None, None), income_minor=9) >= {Note.NO_AMORTISATION}


def test_the_basis_where_none_is_chosen() -> None:
    assert basis_for(secured=False, by_court=False) is Basis.MARKET
    assert basis_for(secured=True, by_court=False) is Basis.ORDERLY_LIQUIDATION
    assert basis_for(secured=True, by_court=True) is Basis.FORCED_LIQUIDATION
    assert [is_forced(basis) for basis in Basis] == [False, True, True]


def test_a_weighted_mean_in_logarithms() -> None:
    assert opinion.weighted([(100, 1), (10_000, 1)]) == 1_000
    assert opinion.weighted([(0, 5), (7, 0)]) is None
    with pytest.raises(ValueError, match="nothing"):
        opinion._alone(None, None)
