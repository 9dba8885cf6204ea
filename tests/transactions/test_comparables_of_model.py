"""What a fitted model teaches the grid and the distance."""

import math
from dataclasses import replace
from datetime import date

import pytest

from transactions.comparables.adjustment import adjust
from transactions.comparables.estimate import compare
from transactions.comparables.factors import Line
from transactions.comparables.of_model import of_model, weights_of
from transactions.comparables.similarity import WEIGHTS
from transactions.comparables.trend import Trend
from transactions.comparables.values import DEFAULT
from transactions.hedonics.attributes import of_lot, of_subject
from transactions.hedonics.model import Chance, HedonicModel, Terms
from transactions.hedonics.prediction import log_of
from transactions.rules.words import AssetType, ProofGrade

from .test_comparables import ON, SUBJECT, a_sale

PRICE = Terms(
    constant=10.0,
    measures={
        "log_rights": 0.6,
        "log_claims": 0.1,
        "life_decades": 0.2,
        "log_life": 0.1,
        "evidence_of_use": 0.05,
    },
    unknown={"log_claims": -0.1},
    marks={
        "type:invention": 0.3,
        "forced": -0.2,
        "round:second": -0.1,
        "way:auction": 0.1,
        "seller:bank": -0.1,
    },
    groups={"field:13": 0.2, "sector:1": 0.1, "section:H": 0.1, "class:H02": 0.05},
    levels={"2024-Q1": 0.0, "2026-Q1": 0.15},
)
MODEL = HedonicModel(
    method="test",
    currency="CNY",
    cut_off=date(2026, 1, 31),
    data_digest="",
    priced=100,
    unsold=50,
    price=PRICE,
    start=Terms(constant=9.0),
    signal=0.0,
    start_spread=0.5,
    sigma=0.5,
    means=dict.fromkeys(PRICE.measures, 1.0),
    spreads=dict.fromkeys(PRICE.measures, 0.8),
    lots={},
    errors={},
    scores={"": (0.0,)},
    penalties={},
    chance=Chance(),
)
SALE = a_sale(
    1,
    asset_type=AssetType.DESIGN,
    number_of_rights=2,
    technology_field=9,
    claims=8,
    remaining_life_months=60,
    forced=True,
    attempt=2,
    sold_on=ON.replace(year=2025),
    seller_kind="bank",
    grade=ProofGrade.D,
)


def test_the_lines_are_the_differences_of_the_models_terms() -> None:
    subject = replace(SUBJECT, claims=4, classes=("H02K",))
    lines = dict(of_model(MODEL).lines(subject, SALE, 99.0))
    assert lines[Line.SIZE] == pytest.approx((0.6 / 0.8 - 1) * math.log(1 / 2))
    assert lines[Line.KIND] == pytest.approx(0.3)
    assert lines[Line.TECHNOLOGY] == pytest.approx(0.2 + 0.1 + 0.05)
    assert (lines[Line.FORCED], lines[Line.ROUND], lines[Line.CHANNEL]) == pytest.approx((0.2, 0.1, 0.1))
    assert (lines[Line.TIME], lines[Line.EVIDENCE]) == pytest.approx((0.15, 0))
    # Together they are the difference of the two estimates, but for the scale and the lack of proof.
    difference = log_of(PRICE, MODEL, of_subject(subject)) - log_of(
        PRICE, MODEL, of_lot(SALE, on=SALE.sold_on, attempt=2)
    )
    told = lines.pop(Line.PROOF)
    assert told == pytest.approx(-math.log(2.8))
    assert sum(lines.values()) + math.log(1 / 2) == pytest.approx(difference)


def test_the_grid_is_made_of_them() -> None:
    taught = of_model(MODEL)
    sale = a_sale(2, claims=8)
    found = adjust(replace(SUBJECT, claims=8), sale, 0.0, Trend({}), settings=DEFAULT, learned=taught)
    assert found.adjusted_minor == found.scaled_minor
    answer = compare(SUBJECT, [a_sale(number) for number in range(5)], DEFAULT, taught)
    assert answer.learned.version == MODEL.version
    assert answer.figure is not None


def test_weights_are_how_far_a_feature_spreads_prices() -> None:
    weights = weights_of(MODEL)
    assert set(weights) == set(WEIGHTS)
    assert sum(weights.values()) == pytest.approx(sum(WEIGHTS.values()), rel=0.03)
    # What the model says nothing of keeps its share; what it finds large weighs more than the small.
    assert weights["office"] == WEIGHTS["office"]
    assert weights["size"] > weights["life"] > weights["claims"]


def test_a_feature_without_effect_keeps_a_tenth() -> None:
    flat = replace(MODEL, price=replace(PRICE, measures={**PRICE.measures, "log_claims": 0.0}))
    assert weights_of(flat)["claims"] == pytest.approx(WEIGHTS["claims"] / 10)


def test_a_model_that_says_nothing_teaches_nothing() -> None:
    empty = replace(MODEL, price=Terms(constant=1.0))
    assert weights_of(empty) == WEIGHTS
