"""The fit against a process that is known: bias, influence, wash trades, coverage, reproducibility."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from crepes import ConformalRegressor
from soak import examples

from transactions.hedonics.conformal import scores_of
from transactions.hedonics.fitting import cross_fit, fit
from transactions.hedonics.method import DEFAULT_METHOD, Method, Penalties
from transactions.hedonics.model import HedonicModel, from_json
from transactions.hedonics.observations import Observation, TooFew, digest_of, fold_of
from transactions.hedonics.prediction import between, log_of, predict

from .offered_lots import QUICK, Market, bias, lots, repriced, truth

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def market() -> Market:
    return Market()


@pytest.fixture(scope="module")
def offered(market: Market) -> list[Observation]:
    return lots(500, market)


@pytest.fixture(scope="module")
def model(offered: list[Observation]) -> HedonicModel:
    return fit(offered, "CNY", QUICK)


def recovers(model: HedonicModel, market: Market, offered: list[Observation]) -> bool:
    """Whether the model found the middle of what bidding reaches, lots without a bid included."""
    return abs(bias(model, market, offered)) < 0.1


def test_lots_without_a_bid_take_the_bias_out(
    model: HedonicModel, market: Market, offered: list[Observation]
) -> None:
    assert 0.3 < sum(one.sold for one in offered) / len(offered) < 0.6
    assert recovers(model, market, offered)
    assert model.sigma == pytest.approx(market.sigma, abs=0.08)
    per_log = model.price.measures["log_rights"] / model.spreads["log_rights"]
    assert per_log == pytest.approx(market.rights, abs=0.12)
    marks = model.price.marks
    inventions = marks.get("type:invention", 0) - marks.get("type:utility_model", 0)
    assert inventions == pytest.approx(market.invention, abs=0.15)


def test_sold_lots_alone_say_too_much_and_the_test_above_would_see_it(
    market: Market, offered: list[Observation]
) -> None:
    sold_only = fit([one for one in offered if one.sold], "CNY", QUICK)
    assert not recovers(sold_only, market, offered)
    assert bias(sold_only, market, offered) > 0.25


def test_a_start_price_set_by_somebody_who_knows_is_no_censoring_at_random() -> None:
    market = Market(known=0.8, start_noise=0.3)
    offered = lots(600, market, seed=3)
    learned = fit(offered, "CNY", QUICK)
    assert abs(bias(learned, market, offered)) < 0.12
    assert learned.signal > 0.4


def test_the_order_of_trades_does_not_matter_and_a_version_is_reproducible(
    model: HedonicModel, offered: list[Observation]
) -> None:
    shuffled = random.Random(5).sample(offered, len(offered))
    assert digest_of(shuffled) == digest_of(offered)
    again = fit(shuffled, "CNY", QUICK)
    assert again == model
    assert again.version == model.version
    assert from_json(model.to_json()).version == model.version
    assert replace(model, sigma=model.sigma + 0.001).version != model.version


def moved(model: HedonicModel, other: HedonicModel, offered: list[Observation]) -> float:
    """By how much the estimates moved, at the most: the largest difference of their logarithms."""
    return max(
        abs(log_of(model.price, model, one.lot) - log_of(other.price, other, one.lot)) for one in offered
    )


# One sale among 500 lots may move no estimate by more than a fifth.
INFLUENCE_CAP = math.log(1.2)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_one_trade_cannot_move_an_estimate_beyond_its_cap(
    model: HedonicModel, offered: list[Observation], factor: float
) -> None:
    place = [place for place, one in enumerate(offered) if one.sold][4]
    bent = [*offered[:place], repriced(offered[place], factor), *offered[place + 1 :]]
    assert moved(model, fit(bent, "CNY", QUICK), offered) < INFLUENCE_CAP


def test_without_the_bound_one_trade_would_move_them() -> None:
    offered = lots(500)
    place = [place for place, one in enumerate(offered) if one.sold][4]
    bent = [*offered[:place], repriced(offered[place], 1e-6), *offered[place + 1 :]]
    boundless = replace(QUICK, pull=1e3)
    assert moved(fit(offered, "CNY", boundless), fit(bent, "CNY", boundless), offered) > INFLUENCE_CAP


@pytest.mark.parametrize("share", [0.1, 0.2])
def test_wash_trades_move_the_middle_by_a_bounded_amount(
    model: HedonicModel, offered: list[Observation], share: float
) -> None:
    sold = [place for place, one in enumerate(offered) if one.sold]
    washed = set(random.Random(9).sample(sold, int(share * len(sold))))
    bent = [repriced(one, 10.0) if place in washed else one for place, one in enumerate(offered)]
    other = fit(bent, "CNY", QUICK)
    shifts = sorted(
        log_of(other.price, other, one.lot) - log_of(model.price, model, one.lot) for one in offered
    )
    # Ten times the price in a fifth of the trades would move a mean of logs by 0.2 x ln 10 = 0.46.
    assert abs(shifts[len(shifts) // 2]) < 0.1 + share
    sold_for = sorted(
        predict(other, one.lot).log_point - predict(model, one.lot).log_point for one in offered
    )
    assert abs(sold_for[len(sold_for) // 2]) < {0.1: 0.06, 0.2: 0.23}[share]


def test_ranges_cover_what_they_say() -> None:
    inside, total = 0, 0
    market = Market(start_noise=0.7)
    for seed in range(examples(2)):
        learned = fit(lots(300, market, seed=seed), "CNY", QUICK)
        for one in lots(400, market, seed=1000 + seed):
            if one.log_bid is not None:
                span = predict(learned, one.lot).range_80
                inside += span.low_minor <= math.exp(one.log_bid) * 100 <= span.high_minor
                total += 1
    assert total > 250
    assert inside / total == pytest.approx(0.8, abs=0.07)


def test_a_median_of_sold_lots_is_unbiased_among_sold_lots(model: HedonicModel, market: Market) -> None:
    fresh = [one for one in lots(600, market, seed=77) if one.log_bid is not None]
    above = sum(predict(model, one.lot).log_point > (one.log_bid or 0) for one in fresh)
    assert above / len(fresh) == pytest.approx(0.5, abs=0.1)
    top = sum(truth(market, one.lot) for one in fresh) / len(fresh)
    assert sum(predict(model, one.lot).log_point for one in fresh) / len(fresh) > top


def test_the_chance_of_sale_is_learned(model: HedonicModel) -> None:
    assert model.chance.learned
    assert model.chance.slope > 0.5
    few = fit([one for one in lots(500) if one.sold][:60], "CNY", QUICK)
    assert not few.chance.learned


def test_too_few_lots_are_refused() -> None:
    with pytest.raises(TooFew) as caught:
        fit([one for one in lots(200) if one.sold][:29], "CNY")
    assert (caught.value.priced, caught.value.least) == (29, 30)


def test_no_model_of_a_fold_has_seen_its_sellers_or_families() -> None:
    offered = [replace(one, family=f"family-{place // 2}") for place, one in enumerate(lots(200))]
    folds = cross_fit(offered, "CNY", QUICK)
    for number, learned in folds.models.items():
        own = [one for one in offered if fold_of(one, QUICK.folds) == number]
        families = {one.family for one in own}
        allowed = [one for one in offered if one not in own and one.family not in families]
        assert learned.data_digest == digest_of(allowed)
    assert len({one.data_digest for one in folds.models.values()}) == len(folds.models) > 1


def test_penalties_are_chosen_from_the_candidates() -> None:
    method = Method(candidates=(Penalties(terms=1e6, groups=1e6), Penalties()))
    assert fit(lots(200), "CNY", method).penalties["terms"] == Penalties().terms


def test_the_kept_scores_give_the_ranges_that_the_library_gives() -> None:
    chance = np.random.default_rng(3)
    residuals, difficulties = chance.normal(0, 0.5, 99), chance.uniform(0.8, 1.4, 99)
    scores = scores_of(residuals, difficulties, ["invention"] * 99, DEFAULT_METHOD)
    assert list(scores) == [""]
    symmetric = ConformalRegressor().fit(np.abs(residuals), sigmas=difficulties)
    (low, high), *_ = symmetric.predict_int(np.zeros(1), sigmas=np.ones(1), confidence=0.75)
    absolute = sorted(abs(score) for score in scores[""])
    assert high == pytest.approx(absolute[75 - 1], abs=1e-4)
    assert low == pytest.approx(-high)
    assert between(scores[""], 0.8) == (scores[""][9], scores[""][89])


def test_a_type_with_enough_sales_has_ranges_of_its_own_and_many_scores_are_thinned() -> None:
    residuals = np.linspace(-1, 1, 999)
    kinds = ["invention"] * 60 + ["utility_model"] * 939
    scores = scores_of(residuals, np.ones(999), kinds, DEFAULT_METHOD)
    assert set(scores) == {"", "invention", "utility_model"}
    assert len(scores[""]) == DEFAULT_METHOD.scores
    assert scores[""][249] == pytest.approx(0.0, abs=1e-3)
    assert between(scores[""], 0.8) == pytest.approx((-0.8, 0.8), abs=0.01)
