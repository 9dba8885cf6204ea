"""What a fitted model teaches the comparison: the weights of the distance and the lines of the grid."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from transactions.comparables.factors import Line, logs
from transactions.comparables.similarity import WEIGHTS
from transactions.comparables.values import Candidate, Subject

# What the price per right is to be changed by, in logs; the number is the trend read from the sales.
Lines = Callable[[Subject, Candidate, float], Mapping[Line, float]]


@dataclass(frozen=True, slots=True)
class Learned:
    """Without a model the documented defaults.

    Attributes:
        weights: of the distance, by feature.
        lines: of the grid.
        version: of the fitted model; empty for the defaults.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: WEIGHTS)
    lines: Lines = logs
    version: str = ""


NOTHING_LEARNED = Learned()
