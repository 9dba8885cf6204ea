"""The backtest itself: each lot estimated by a model that knew neither it nor its seller nor its family.

With enough lots the origin rolls: before each quarter the models are fitted anew to what was known by then.
With few, each lot is left out in turn, whatever its date, and the result is called that.

Imports numerical libraries: only commands, the worker, tests and benchmarks import this module.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from transactions.backtest.baselines import ClassMedian, asking
from transactions.backtest.challenger import Challenger
from transactions.backtest.figures import Scored
from transactions.backtest.reading import OfferedLot
from transactions.hedonics import fitting, prediction
from transactions.hedonics.attributes import quarter, quarter_text
from transactions.hedonics.chance import chance_at
from transactions.hedonics.method import DEFAULT_METHOD, Method, Penalties
from transactions.hedonics.model import HedonicModel
from transactions.hedonics.observations import Observation, fold_of

# So many folds that lots of different sellers hardly ever share one.
_OWN_FOLDS = 2**31


@dataclass(frozen=True, slots=True)
class Beside:
    """What a lot's estimate is held against: the other estimates, and the share of lots sold until then."""

    base_rate: float
    class_median: float | None
    challenger: float | None


def roll(
    lots: Sequence[OfferedLot],
    test_from: date,
    currency: str,
    method: Method = DEFAULT_METHOD,
    *,
    challenged: bool = True,
) -> list[Scored]:
    """Estimate every lot from `test_from` on, quarter by quarter.

    Penalties are chosen once, from what was known before the first quarter.

    Raises:
        TooFew: when before a quarter too few priced lots were known.
    """
    ordered = sorted(lots, key=lambda one: (one.observation.on, one.observation.identity))
    tested = [one for one in ordered if one.observation.on >= test_from]
    penalties: Penalties | None = None
    found: list[Scored] = []
    for number, group in groupby(tested, key=lambda one: quarter(one.observation.on)):
        own = list(group)
        start = max(test_from, date(number // 4, number % 4 * 3 + 1, 1))
        known = [one.observation for one in ordered if one.observation.on < start]
        beside = [one.observation for one in own]
        folds = fitting.cross_fit(known, currency, method, penalties=penalties, beside=beside)
        penalties = folds.penalties
        found += _score_folds(own, known, folds, method, challenged=challenged)
    return found


def _score_folds(
    lots: Sequence[OfferedLot],
    known: Sequence[Observation],
    folds: fitting.Folds,
    method: Method,
    *,
    challenged: bool,
) -> list[Scored]:
    found: list[Scored] = []
    for fold in sorted({fold_of(one.observation, method.folds) for one in lots}):
        own = [one for one in lots if fold_of(one.observation, method.folds) == fold]
        families = {one.observation.family for one in own} - {""}
        train = [one for one in known if fold_of(one, method.folds) != fold and one.family not in families]
        # A fold without a lot until now has no model of its own, and every model is without its sellers.
        model = folds.models.get(fold) or next(iter(folds.models.values()))
        found += _score(own, model, train, challenged=challenged)
    return found


def leave_one_out(
    lots: Sequence[OfferedLot], currency: str, method: Method = DEFAULT_METHOD, *, challenged: bool = True
) -> list[Scored]:
    """Estimate each sold lot from all the others but those of its seller and family.

    Raises:
        TooFew: when there are too few priced lots.
    """
    own_folds = replace(method, folds=_OWN_FOLDS)
    observations = [one.observation for one in lots]
    folds = fitting.cross_fit(observations, currency, own_folds)
    found: list[Scored] = []
    for one in lots:
        left_out = fold_of(one.observation, _OWN_FOLDS)
        others = [other for other in observations if fold_of(other, _OWN_FOLDS) != left_out]
        pairs = [(folds.models[fold_of(other, _OWN_FOLDS)], other) for other in others]
        model = replace(folds.models[left_out], scores=fitting.scores_from(pairs, method))
        found += _score([one], model, others, challenged=challenged)
    return found


def _score(
    lots: Sequence[OfferedLot], model: HedonicModel, known: Sequence[Observation], *, challenged: bool
) -> list[Scored]:
    base_rate = sum(one.sold for one in known) / len(known)
    medians = ClassMedian(known)
    trees: Sequence[float | None] = [None] * len(lots)
    if challenged:
        trees = Challenger(known).logs_of([one.observation.lot for one in lots])
    return [
        _scored(one, model, Beside(base_rate, medians.log_of(one.observation.lot), tree))
        for one, tree in zip(lots, trees, strict=True)
    ]


def _scored(one: OfferedLot, model: HedonicModel, beside: Beside) -> Scored:
    observation, lot = one.observation, one.observation.lot
    made, start = prediction.predict(model, lot), observation.log_start
    bounds = [
        math.log(minor) - math.log(made.median_minor) + made.log_point
        for span in (made.range_80, made.range_50)
        for minor in (span.low_minor, span.high_minor)
    ]
    return Scored(
        log_estimate=made.log_point,
        log_price=observation.log_bid if observation.sold else None,
        low_80=bounds[0],
        high_80=bounds[1],
        low_50=bounds[2],
        high_50=bounds[3],
        sold=observation.sold,
        chance=None if start is None else chance_at(model, lot, start),
        base_rate=beside.base_rate,
        class_median=beside.class_median,
        asking=asking(one.log_reference),
        challenger=beside.challenger,
        segments={
            "asset_type": lot.asset_type,
            "way": lot.way,
            "round": lot.round_word,
            "quarter": quarter_text(quarter(lot.on)) if lot.on else "",
        },
        month=lot.on.strftime("%Y-%m") if lot.on else "",
    )
