"""Fit the price model to observations. Deterministic: the same observations give the same version.

Imports numerical libraries: only the worker, commands, tests and benchmarks import this module.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from transactions.hedonics import chance as chances
from transactions.hedonics import features, prediction
from transactions.hedonics.conformal import scores_of
from transactions.hedonics.design import Table, table_of
from transactions.hedonics.equations import Equations, errors_of, fit_equations, terms_of
from transactions.hedonics.method import DEFAULT_METHOD, LEAST_PRICED, METHOD, Method, Penalties
from transactions.hedonics.model import PLACES, Chance, HedonicModel
from transactions.hedonics.observations import Observation, TooFew, digest_of, fold_of

Array = Any

_PENALTY_FOLDS = 3


@dataclass(frozen=True, slots=True)
class Folds:
    """The model of each fold, made without its lots, their sellers and families, and what they gave together.

    Attributes:
        models: by fold number; each carries the scores and the chance of sale learned from all folds.
    """

    models: dict[int, HedonicModel]
    penalties: Penalties


def fit(observations: Sequence[Observation], currency: str, method: Method = DEFAULT_METHOD) -> HedonicModel:
    """The model of these observations.

    Raises:
        TooFew: with fewer than `LEAST_PRICED` priced lots.
    """
    ordered = _checked(observations)
    table, rows = table_of(ordered), np.arange(len(ordered))
    folds = cross_fit(ordered, currency, method)
    # Threads of the linear algebra cost more than they bring at this size, and change the last digits.
    with threadpool_limits(limits=1):
        equations = fit_equations(table, rows, folds.penalties, method)
        bare = _bare(equations, table, ordered, currency, folds.penalties)
        learned = next(iter(folds.models.values()))
        errors = errors_of(equations, table)
    return replace(bare, scores=learned.scores, chance=learned.chance, errors=errors)


def cross_fit(
    observations: Sequence[Observation],
    currency: str,
    method: Method = DEFAULT_METHOD,
    *,
    penalties: Penalties | None = None,
    beside: Sequence[Observation] = (),
) -> Folds:
    """A model for each fold, with ranges and the chance of sale learned from what no model had seen.

    `beside` are lots that will be estimated: no model of their fold is made from lots of their families.

    Raises:
        TooFew: with fewer than `LEAST_PRICED` priced lots.
    """
    ordered = _checked(observations)
    table = table_of(ordered)
    with threadpool_limits(limits=1):
        chosen = penalties or choose_penalties(ordered, table, method)
        models = {}
        for fold, rows in _held(ordered, method.folds).items():
            families = {one.family for one in beside if fold_of(one, method.folds) == fold}
            train = _without(ordered, rows, families)
            equations = fit_equations(table, train, chosen, method)
            models[fold] = _bare(equations, table, [ordered[row] for row in train], currency, chosen)
        pairs = [(models[fold_of(one, method.folds)], one) for one in ordered]
        scores, chance = scores_from(pairs, method), fit_chance(pairs, method)
    return Folds(
        {fold: replace(model, scores=scores, chance=chance) for fold, model in models.items()}, chosen
    )


def choose_penalties(observations: Sequence[Observation], table: Table, method: Method) -> Penalties:
    """Those under which lots of sellers not seen cost least; the first of equal ones."""
    costs = dict.fromkeys(method.candidates, 0.0)
    for rows in _held(observations, _PENALTY_FOLDS).values():
        train = _without(observations, rows, set())
        for penalties in method.candidates:
            equations = fit_equations(table, train, penalties, method)
            costs[penalties] += equations.held_out_cost(table, np.array(rows), method.pull)
    return min(method.candidates, key=lambda one: round(costs[one], PLACES))


def _checked(observations: Sequence[Observation]) -> list[Observation]:
    priced = sum(one.log_bid is not None for one in observations)
    if priced < LEAST_PRICED:
        raise TooFew(priced)
    return sorted(observations, key=lambda one: (one.on, one.identity))


def _held(observations: Sequence[Observation], folds: int) -> dict[int, list[int]]:
    """The rows of each fold that has any."""
    held: dict[int, list[int]] = {}
    for row, one in enumerate(observations):
        held.setdefault(fold_of(one, folds), []).append(row)
    return dict(sorted(held.items()))


def _without(observations: Sequence[Observation], rows: Sequence[int], beside: set[str]) -> Array:
    """The rows of other folds, less those that share a family with these or with those beside them."""
    families = ({observations[row].family for row in rows} | beside) - {""}
    out = set(rows)
    return np.array(
        [row for row, one in enumerate(observations) if row not in out and one.family not in families]
    )


def _bare(
    equations: Equations,
    table: Table,
    observations: Sequence[Observation],
    currency: str,
    penalties: Penalties,
) -> HedonicModel:
    design = equations.design
    names = tuple(features.MEASURES)
    priced = sum(one.log_bid is not None for one in observations)
    return HedonicModel(
        method=METHOD,
        currency=currency,
        cut_off=max(one.on for one in observations),
        data_digest=digest_of(observations),
        priced=priced,
        unsold=len(observations) - priced,
        price=terms_of(design, equations.price.coefficients[:-1], table),
        start=terms_of(design, equations.start, table),
        signal=round(equations.signal, PLACES),
        start_spread=round(equations.start_spread, PLACES),
        sigma=round(equations.price.sigma, PLACES),
        means={names[place]: round(value, PLACES) for place, value in design.means.items()},
        spreads={names[place]: round(value, PLACES) for place, value in design.spreads.items()},
        lots={table.group_names[place]: count for place, count in design.lots.items()},
        errors={},
        scores={},
        penalties=asdict(penalties),
        chance=Chance(),
    )


def scores_from(
    pairs: Sequence[tuple[HedonicModel, Observation]], method: Method
) -> dict[str, tuple[float, ...]]:
    """The scores of the sold lots, each by the model that it was left out of."""
    sold = [(model, one.lot, one.log_bid) for model, one in pairs if one.sold and one.log_bid is not None]
    return scores_of(
        np.array([log - prediction.log_of(model.price, model, lot) for model, lot, log in sold]),
        np.array([prediction.difficulty(model, lot) for model, lot, _ in sold]),
        [lot.asset_type for _, lot, _ in sold],
        method,
    )


def fit_chance(pairs: Sequence[tuple[HedonicModel, Observation]], method: Method) -> Chance:
    """Learn the chance of sale from lots with a start price; the normal curve where too few tell."""
    offered = [(model, one) for model, one in pairs if one.log_start is not None]
    sold = np.array([one.sold for _, one in offered], dtype=bool)
    if min(sold.sum(), (~sold).sum()) < method.least_starts:
        return Chance()
    marked = [chances.chance_marks(one.lot) for _, one in offered]
    names = sorted(set().union(*marked))
    columns = [[chances.standing(model, one.lot, one.log_start or 0.0)] for model, one in offered]
    terms = np.array(
        [row + [float(name in own) for name in names] for row, own in zip(columns, marked, strict=True)]
    )
    fitted = LogisticRegression(C=1.0, tol=1e-8, max_iter=1000).fit(terms, sold)
    slope, *marks = (round(float(value), PLACES) for value in fitted.coef_[0])
    if slope <= 0:
        return Chance()
    constant = round(float(fitted.intercept_[0]), PLACES)
    return Chance(constant, slope, dict(zip(names, marks, strict=True)), learned=True)
