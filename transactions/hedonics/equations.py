"""The two equations of the model, for one set of rows: the usual start price, and the top bid. Uses NumPy.

Whoever sets a start price knows the lot. Where it is above what is usual for such a lot, the bids are higher
too, and a fit that takes the start price for blind sees few sales at high start prices as low bids. So what
the start price is above the usual is a term of its own (the control function of Smith and Blundell,
Econometrica 1986); its coefficient is the `signal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import Ridge

from transactions.hedonics import features, likelihood
from transactions.hedonics.attributes import quarter_text
from transactions.hedonics.design import Design, Table, design_of
from transactions.hedonics.method import Method, Penalties
from transactions.hedonics.model import PLACES, Terms

Array = Any

# A start price farther than this from the usual one tells no more: in standard deviations.
SIGNAL_LIMIT = 3.0

_MEASURES = tuple(features.MEASURES)


@dataclass(frozen=True, slots=True)
class Equations:
    """Both equations, fitted.

    Attributes:
        start: coefficients of the usual log start price; start_spread: standard deviation around it.
        price: of the log top bid, whose last one is the signal's.
    """

    design: Design
    start: Array
    start_spread: float
    price: likelihood.Solution

    @property
    def signal(self) -> float:
        return float(self.price.coefficients[-1])

    def signals(self, table: Table, rows: Array) -> Array:
        """What each start price is above the usual one; 0 where there is none."""
        usual = self.design.matrix(table, rows) @ self.start
        limit = SIGNAL_LIMIT * self.start_spread
        return np.nan_to_num(np.clip(table.starts[rows] - usual, -limit, limit), nan=0.0)

    def top_bids(self, table: Table, rows: Array) -> Array:
        """The expected log top bid from the attributes alone."""
        top: Array = self.design.matrix(table, rows) @ self.price.coefficients[:-1]
        return top

    def held_out_cost(self, table: Table, rows: Array, pull: float) -> float:
        """What the rows cost that the fit has not seen."""
        terms = np.column_stack([self.design.matrix(table, rows), self.signals(table, rows)])
        logs, priced = outcomes(table, rows)
        return likelihood.held_out_cost(terms, logs, priced=priced, solution=self.price, pull=pull)


def outcomes(table: Table, rows: Array) -> tuple[Array, Array]:
    """The best bid or the start price that nobody bid, and which of them it is."""
    bids = table.bids[rows]
    priced = ~np.isnan(bids)
    return np.where(priced, bids, table.starts[rows]), priced


def fit_equations(table: Table, rows: Array, penalties: Penalties, method: Method) -> Equations:
    """Fit both equations to the rows, each of which has a bid or a start price; one at least has a bid."""
    design = design_of(table, rows, method)
    matrix = design.matrix(table, rows)
    drawn = design.penalties(penalties)
    start, spread = _fit_start(matrix, table.starts[rows], drawn)
    first = Equations(design, start, spread, likelihood.NOTHING)
    logs, priced = outcomes(table, rows)
    price = likelihood.solve(
        np.column_stack([matrix, first.signals(table, rows)]),
        logs,
        priced=priced,
        penalties=np.append(drawn, penalties.terms if spread else likelihood.FORBIDDEN),
        pull=method.pull,
    )
    return Equations(design, start, spread, price)


def _fit_start(matrix: Array, starts: Array, drawn: Array) -> tuple[Array, float]:
    known = ~np.isnan(starts)
    if known.sum() < matrix.shape[0] / 10 or known.sum() < 2:
        return np.zeros(matrix.shape[1]), 0.0
    starts, roots = likelihood.cut_off(starts, known), np.sqrt(drawn)
    middle = starts[known].mean()
    fitted = Ridge(alpha=1.0, fit_intercept=False).fit(matrix[known] / roots, starts[known] - middle)
    coefficients = fitted.coef_ / roots
    coefficients[0] += middle
    return coefficients, float(np.std(starts[known] - matrix[known] @ coefficients))


def terms_of(design: Design, coefficients: Array, table: Table) -> Terms:
    """The coefficients by name, rounded, as they are kept."""
    values = iter(round(float(value), PLACES) for value in coefficients)
    constant = next(values)
    found: dict[str, Mapping[str, float]] = {
        "measures": {_MEASURES[place]: next(values) for place in design.measures},
        "unknown": {_MEASURES[place]: next(values) for place in design.unknown},
        "marks": {table.mark_names[place]: next(values) for place in design.marks},
        "groups": {table.group_names[place]: next(values) for place in design.groups},
    }
    levels, level = {quarter_text(design.first): 0.0}, 0.0
    for number in range(design.first + 1, design.last + 1):
        level += next(values)
        levels[quarter_text(number)] = round(level, PLACES)
    return Terms(constant=constant, levels=levels if design.last else {}, **found)


def errors_of(equations: Equations, table: Table) -> dict[str, float]:
    """Standard errors of the terms of the price, by `kind:name`; of a level against the first quarter."""
    design, covariance = equations.design, equations.price.covariance
    names = [
        "constant",
        *(f"measure:{_MEASURES[place]}" for place in design.measures),
        *(f"unknown:{_MEASURES[place]}" for place in design.unknown),
        *(f"mark:{table.mark_names[place]}" for place in design.marks),
        *(f"group:{table.group_names[place]}" for place in design.groups),
    ]
    found = dict(zip(names, np.sqrt(np.diag(covariance)), strict=False))
    for number in range(design.first + 1, design.last + 1):
        block = covariance[len(names) :, len(names) :][: number - design.first, : number - design.first]
        found[f"level:{quarter_text(number)}"] = np.sqrt(block.sum())
    found["signal"] = np.sqrt(covariance[-1, -1])
    return {name: round(float(value), PLACES) for name, value in found.items()}
