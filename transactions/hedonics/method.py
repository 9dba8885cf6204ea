"""The numbers of the method. They are settings, tried in backtests, not measured facts."""

from dataclasses import dataclass

METHOD = "censored-ridge-1"

# Fewer priced records than this are too few for any model.
LEAST_PRICED = 30


@dataclass(frozen=True, slots=True)
class Penalties:
    """How strongly terms are drawn to nothing; each in units of one over the variance of a term.

    Attributes:
        terms: measures and marks. groups: every level of the classes. steps: the change of the price level
            from one quarter to the next, which makes the time index a random walk.
    """

    terms: float = 1.0
    groups: float = 20.0
    steps: float = 30.0


@dataclass(frozen=True, slots=True)
class Method:
    """Settings of a fit.

    Attributes:
        candidates: the penalties to choose from by cross-validation inside the data.
        least_group: lots a group needs for a term of its own.
        pull: a record pulls no stronger than one that lies this many standard deviations off.
        folds: of the cross-conformal ranges, by seller and family. least_bin: priced lots a type of right
            needs for ranges of its own.
        least_starts: lots with a start price that the chance of sale is learned from, of either outcome.
        scores: at most this many residuals are kept.
    """

    candidates: tuple[Penalties, ...] = tuple(
        Penalties(groups=groups, steps=steps) for groups in (5.0, 20.0, 50.0) for steps in (20.0, 60.0)
    )
    least_group: int = 10
    pull: float = 2.5
    folds: int = 5
    least_bin: int = 50
    least_starts: int = 30
    scores: int = 499


DEFAULT_METHOD = Method()
