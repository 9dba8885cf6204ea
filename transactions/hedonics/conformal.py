"""Ranges by cross-conformal prediction: residuals of folds, by crepes. Uses NumPy."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from crepes import ConformalPredictiveSystem

from transactions.hedonics.method import Method

Array = Any

# As many places as a share of a price needs.
_PLACES = 5


def scores_of(
    residuals: Array, difficulties: Array, kinds: Sequence[str], method: Method
) -> dict[str, tuple[float, ...]]:
    """Sorted scores for all lots under "", and for each kind that has enough (Mondrian bins).

    Residuals are log price less estimate, of sold lots outside the fold they were estimated from.
    """
    found = {"": _scores(residuals, difficulties, method)}
    names = np.array(kinds)
    for kind in sorted(set(kinds)):
        own = names == kind
        if method.least_bin <= own.sum() < len(names):
            found[kind] = _scores(residuals[own], difficulties[own], method)
    return found


def _scores(residuals: Array, difficulties: Array, method: Method) -> tuple[float, ...]:
    system = ConformalPredictiveSystem().fit(residuals, sigmas=difficulties)
    scores = np.sort(np.asarray(system.alphas, dtype=float))
    if len(scores) > method.scores:
        # Evenly spaced order statistics: the gaps stay equally likely.
        places = np.arange(1, method.scores + 1) * (len(scores) + 1) / (method.scores + 1)
        scores = np.interp(places, np.arange(1, len(scores) + 1), scores)
    return tuple(round(float(score), _PLACES) for score in scores)
