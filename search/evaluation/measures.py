"""Measures of a ranking against judgements, as trec_eval has them. Pure."""

import math
from collections.abc import Mapping, Sequence

Grades = Mapping[str, int]
"""How relevant documents are to one query; zero, less, or missing is not at all."""


def gain(ranked: Sequence[str], grades: Grades, depth: int) -> float:
    """nDCG: the gain of the first `depth` documents, 0 to 1, beside that of the best possible order.

    A document's gain is its grade; the one at place n counts by 1 / log2(n + 1).
    """
    best = _discounted(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:depth])
    return _discounted([max(grades.get(one, 0), 0) for one in ranked[:depth]]) / best if best else 0.0


def recall(ranked: Sequence[str], grades: Grades, depth: int) -> float:
    """Which share of the relevant documents is among the first `depth`."""
    relevant = {one for one, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Grades, depth: int) -> float:
    """One over the place of the first relevant document, 0 when none is among the first `depth`."""
    places = (place for place, one in enumerate(ranked[:depth], 1) if grades.get(one, 0) > 0)
    return next((1 / place for place in places), 0.0)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0 of nothing."""
    return math.fsum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that at least `share` (0 to 1) of the values do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(one / math.log2(place + 1) for place, one in enumerate(gains, 1))
