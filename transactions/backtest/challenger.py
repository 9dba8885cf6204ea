"""Gradient boosting, shown beside the model and never reported: nobody can cross-examine a hundred trees."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from transactions.hedonics import features
from transactions.hedonics.attributes import LotAttributes
from transactions.hedonics.observations import Observation

# Boosting with fewer sold lots only learns their noise.
LEAST_SOLD = 30

# Below every value; a tree may part it from the others. A column of nothing but NaN is refused.
_UNKNOWN = -1.0


class Challenger:
    """Boosted trees on the sold lots, with the same attributes as the model."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        sold = [(one.lot, one.log_bid) for one in observations if one.sold and one.log_bid is not None]
        self._names = sorted(set().union(*(_words(lot) for lot, _ in sold), set()))
        self._trees: Any = None
        if len(sold) < LEAST_SOLD:
            return
        trees = HistGradientBoostingRegressor(
            max_iter=80, learning_rate=0.08, max_leaf_nodes=12, min_samples_leaf=15, random_state=0
        )
        with threadpool_limits(limits=1):
            self._trees = trees.fit(
                np.array([self._row(lot) for lot, _ in sold]), np.array([log for _, log in sold])
            )

    def logs_of(self, lots: Sequence[LotAttributes]) -> list[float | None]:
        """The logarithm of each estimate; None where there were too few sold lots."""
        if self._trees is None or not lots:
            return [None] * len(lots)
        with threadpool_limits(limits=1):
            logs = self._trees.predict(np.array([self._row(lot) for lot in lots]))
        return [float(log) for log in logs]

    def _row(self, lot: LotAttributes) -> list[float]:
        known = [_UNKNOWN if value is None else value for value in features.measures(lot).values()]
        words = _words(lot)
        day = float(lot.on.toordinal()) if lot.on else _UNKNOWN
        return [*known, day, *(float(name in words) for name in self._names)]


def _words(lot: LotAttributes) -> frozenset[str]:
    sections = (name for name in features.groups(lot) if name.startswith(("section:", "sector:")))
    return features.marks(lot) | frozenset(sections)
