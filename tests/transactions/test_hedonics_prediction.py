"""A fitted model as plain numbers: what it predicts, and what other start prices would do."""

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from soak import examples

from transactions.comparables.values import Subject
from transactions.hedonics import attributes, features
from transactions.hedonics.attributes import LotAttributes, of_facts, of_subject
from transactions.hedonics.chance import sale_chance
from transactions.hedonics.model import Chance, HedonicModel, Terms, from_json
from transactions.hedonics.observations import TooFew
from transactions.hedonics.prediction import (
    amount,
    between,
    contributions,
    difficulty,
    log_of,
    log_units,
    median,
    predict,
)
from transactions.hedonics.reserve import BadPlan, SalePlan, reserve_curve
from transactions.rules.words import AssetType, Channel

from .sale_builders import a_sale_of

SCORES = tuple(round(-0.98 + 0.02 * place, 2) for place in range(99))

# Top bids around 1,000 with a standard deviation of 0.9, as the reference's table of reserves has them.
MODEL = HedonicModel(
    method="by hand",
    currency="CNY",
    cut_off=date(2025, 12, 31),
    data_digest="0" * 64,
    priced=99,
    unsold=40,
    price=Terms(
        constant=math.log(1000),
        measures={"log_rights": 0.7, "log_claims": 0.1},
        unknown={"log_claims": -0.2},
        marks={"type:invention": 0.3, "round:second": -0.2, "forced": -0.25},
        groups={"section:A": 0.05, "subclass:A61B": 0.1},
        levels={"2024-Q1": 0.0, "2024-Q3": 0.08},
    ),
    start=Terms(constant=math.log(900), measures={"log_rights": 0.7, "log_claims": 0.1}),
    signal=0.0,
    start_spread=0.0,
    sigma=0.9,
    means={"log_rights": 0.0, "log_claims": 2.0},
    spreads={"log_rights": 1.0, "log_claims": 0.5},
    lots={"section:A": 60, "subclass:A61B": 30},
    errors={},
    scores={"": SCORES, "invention": tuple(score / 2 for score in SCORES)},
    penalties={"terms": 1.0, "groups": 20.0, "steps": 30.0},
    chance=Chance(),
)
PLAIN = LotAttributes("utility_model", number_of_rights=1, claims=6)


def test_a_model_goes_through_json_and_keeps_its_version() -> None:
    again = from_json(MODEL.to_json())
    assert (again, again.version) == (MODEL, MODEL.version)
    assert len(MODEL.version) == 64
    with pytest.raises(TypeError):
        from_json({**MODEL.to_json(), "more": 1})


def test_each_term_adds_its_part() -> None:
    lot = LotAttributes(
        "invention",
        number_of_rights=5,
        classes=("A61B 5/00",),
        round=2,
        forced=True,
        on=date(2024, 8, 1),
    )
    parts = contributions(MODEL.price, MODEL, lot)
    assert parts == {
        "constant": math.log(1000),
        "measure:log_rights": pytest.approx(0.7 * math.log(5)),
        "unknown:log_claims": -0.2,
        "mark:forced": -0.25,
        "mark:round:second": -0.2,
        "mark:type:invention": 0.3,
        "group:section:A": 0.05,
        "group:subclass:A61B": 0.1,
        "level": 0.08,
    }
    assert log_of(MODEL.price, MODEL, lot) == pytest.approx(sum(parts.values()))


@pytest.mark.parametrize(
    ("day", "level"),
    [(None, 0.0), (date(2020, 1, 1), 0.0), (date(2024, 5, 1), 0.0), (date(2030, 1, 1), 0.08)],
)
def test_the_price_level_before_and_after_the_index(day: date | None, level: float) -> None:
    assert contributions(MODEL.price, MODEL, replace(PLAIN, on=day))["level"] == level


def test_a_prediction_in_minor_units() -> None:
    found = predict(MODEL, PLAIN)
    assert (found.currency, found.bin, found.model_version) == ("CNY", "", MODEL.version)
    assert found.top_bid_minor == amount(found.top_bid_log, "CNY")
    assert found.range_80.low_minor < found.range_50.low_minor < found.median_minor
    assert found.median_minor < found.range_50.high_minor < found.range_80.high_minor
    assert found.median_minor == pytest.approx(found.top_bid_minor, abs=1)  # the scores' middle is nothing
    assert found.mean_minor > found.median_minor
    assert predict(MODEL, replace(PLAIN, asset_type="invention")).bin == "invention"


def test_what_is_unknown_or_rare_widens_the_range() -> None:
    known = replace(PLAIN, classes=("A61B",))
    assert 1 < difficulty(MODEL, known) < difficulty(MODEL, PLAIN)
    assert difficulty(MODEL, PLAIN) < difficulty(MODEL, replace(PLAIN, claims=None))


def test_scores_between() -> None:
    assert between(SCORES, 0.8) == (SCORES[9], SCORES[89])
    assert between(SCORES[:3], 0.8) == (SCORES[0], SCORES[2])
    assert (median((1.0, 2.0)), median((1.0, 2.0, 9.0))) == (1.5, 2.0)


@pytest.mark.parametrize(("log", "minor"), [(math.log(12.34), 1234), (-99.0, 1), (99.0, 10**16)])
def test_amounts_stay_in_what_a_column_holds(log: float, minor: int) -> None:
    assert amount(log, "CNY") == pytest.approx(minor)
    assert amount(log_units(500, "JPY"), "JPY") == 500


def test_one_shape_for_records_subjects_and_files() -> None:
    facts = a_sale_of(1, classes=("A61B",), attempt=3)
    subject = Subject(
        asset_type=AssetType.INVENTION,
        technology_field=1,
        number_of_rights=1,
        remaining_life_months=140,
        channel=Channel.AUCTION_ENGLISH,
        forced=False,
        on=date(2025, 6, 1),
        currency="CNY",
    )
    one, other = of_facts(facts), of_subject(subject)
    assert (one.way, one.round_word, other.round_word) == ("auction", "later", "first")
    assert replace(one, classes=(), round=None) == replace(other, classes=(), round=None)
    assert attributes.way_of("judicial_online_auction") == "court"
    assert attributes.way_of("brokered") == "brokered"
    assert attributes.quarter_text(attributes.quarter(date(2024, 12, 31))) == "2024-Q4"
    assert features.groups(of_facts(facts)) == {
        "section:A": 1.0,
        "class:A61": 1.0,
        "subclass:A61B": 1.0,
        "field:1": 1.0,
        "sector:0": 1.0,
    }
    assert features.finest_first(of_facts(facts))[0] == "subclass:A61B"
    assert features.groups(replace(PLAIN, classes=("25", "A61B")))["class:25"] == 0.5
    assert (features.own_group(PLAIN), features.own_group(one)) == ("", "subclass:A61B")


def test_the_chance_falls_with_the_start_price() -> None:
    chances = [sale_chance(MODEL, PLAIN, start) for start in (10_000, 100_000, 1_000_000)]
    assert chances == sorted(chances, reverse=True)
    assert chances[1] == pytest.approx(0.5, abs=0.01)
    learned = replace(MODEL, chance=Chance(0.1, 1.2, {"round:second": -0.5, "forced": 0.5}, learned=True))
    second = sale_chance(learned, replace(PLAIN, round=2), 100_000)
    assert (
        second
        < sale_chance(learned, PLAIN, 100_000)
        < sale_chance(learned, replace(PLAIN, forced=True), 100_000)
    )
    with pytest.raises(ValueError, match="above nothing"):
        sale_chance(MODEL, PLAIN, 0)


# Reference: reserve and expected recovery, sigma 0.9, one round, the winner pays the top bid.
TABLE = [(0.5, 0.78, 1.43), (0.7, 0.65, 1.35), (1.0, 0.50, 1.22), (1.5, 0.33, 1.01), (3.0, 0.11, 0.56)]


@pytest.mark.parametrize(("share", "chance", "proceeds"), TABLE)
def test_the_table_of_the_reference(share: float, chance: float, proceeds: float) -> None:
    middle = predict(MODEL, PLAIN).top_bid_minor
    point = reserve_curve(MODEL, PLAIN, SalePlan(floors=(0,)), [round(share * middle)]).recommended
    assert point.sale_chance == pytest.approx(chance, abs=0.006)
    assert point.expected_minor / middle == pytest.approx(proceeds, abs=0.006)
    assert point.unsold_in[0] == pytest.approx(1 - chance, abs=0.006)


def test_rounds_fall_by_the_cut_and_keep_to_their_floors() -> None:
    plan = SalePlan(floors=(70_000, 56_000, 60_000), cut_basis_points=2000, sale_off=True)
    curve = reserve_curve(MODEL, PLAIN, plan, [10_000, 100_000])
    assert [point.start_prices for point in curve.points] == [
        (70_000, 56_000, 60_000),
        (100_000, 80_000, 80_000),
    ]
    assert all(list(point.unsold_in) == sorted(point.unsold_in, reverse=True) for point in curve.points)
    assert (curve.learned, curve.currency) == (False, "CNY")
    dear = reserve_curve(MODEL, PLAIN, replace(plan, floors=(9_000_000,), sale_off=False))
    assert dear.floor_binds
    assert dear.recommended.start_prices == (9_000_000,)


def test_costs_and_quantiles() -> None:
    plan = SalePlan(floors=(0,), cost_minor=5_000, fee_basis_points=1000)
    point = reserve_curve(MODEL, PLAIN, plan, [1]).recommended
    middle = predict(MODEL, PLAIN).top_bid_minor
    assert point.p50_minor == pytest.approx(middle * 0.9 - 5_000, rel=0.01)
    assert point.p10_minor == pytest.approx(middle * math.exp(-0.9 * 1.2816) * 0.9 - 5_000, rel=0.01)
    assert point.p90_minor == pytest.approx(middle * math.exp(0.9 * 1.2816) * 0.9 - 5_000, rel=0.01)
    never = reserve_curve(MODEL, PLAIN, replace(plan, floors=(0, 0)), [10**9]).recommended
    assert (never.p10_minor, never.p90_minor) == (-10_000, -10_000)


@settings(max_examples=examples(40))
@given(
    st.integers(1_000, 1_000_000),
    st.integers(1, 3),
    st.integers(0, 5_000),
    st.sampled_from([None, 30_000, 90_000, 400_000]),
)
def test_what_always_holds_of_a_curve(start: int, rounds: int, costs: int, usual: int | None) -> None:
    model = replace(MODEL, signal=0.6, start_spread=0.5, sigma=0.5)
    plan = SalePlan(floors=(0,) * rounds, cost_minor=costs, usual_start_minor=usual)
    point, dearer = reserve_curve(model, PLAIN, plan, [start, start * 2]).points
    assert point.sale_chance >= dearer.sale_chance
    assert point.unsold_in[-1] <= dearer.unsold_in[-1]
    assert point.p10_minor <= point.p50_minor <= point.p90_minor
    assert -costs * rounds <= point.p10_minor
    if usual is not None:
        told = reserve_curve(model, PLAIN, plan, [usual]).recommended.sale_chance
        assert told == pytest.approx(sale_chance(model, PLAIN, usual), abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"floors": ()}, "floors"),
        ({"floors": (0,) * 6}, "floors"),
        ({"floors": (-1,)}, "floors"),
        ({"cost_minor": -1}, "cost_minor"),
        ({"cut_basis_points": 10_000}, "cut_basis_points"),
        ({"fee_basis_points": -1}, "fee_basis_points"),
        ({"usual_start_minor": 0}, "usual_start_minor"),
    ],
)
def test_a_plan_out_of_range_is_named(changes: dict[str, object], name: str) -> None:
    with pytest.raises(BadPlan, match=name):
        reserve_curve(MODEL, PLAIN, replace(SalePlan(), **changes))  # type: ignore[arg-type]


def test_too_few_says_how_many_there_are_and_are_needed() -> None:
    few = TooFew(12, 30)
    assert (few.priced, few.least, str(few)) == (12, 30, "12 priced lots, at least 30 are needed")
