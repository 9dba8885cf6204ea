"""The weighted median, also where only an upper bound is known of some values; and how much one may weigh.

Prices of sold lots alone overstate what a lot fetches when it is offered: those that would have fetched less
stay unsold. So unsold lots are counted as well, by the product-limit estimate of Kaplan and Meier turned
round for bounds from above: a best bid is the value itself, a start price that nobody bid says that the
value is less. The weight of such a bound is shared among what was observed below it. Nothing is assumed
about the distribution. Where so much lies below everything observed that the median does too, a bound is
told instead.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from marketplace.money import half_up

_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its weight, a whole number above 0; `below`: the value is less than that."""

    minor: int
    weight: int
    below: bool = False


@dataclass(frozen=True, slots=True)
class Median:
    """`at_most`: half of the weight or more lies below everything observed, so only a bound can be told."""

    minor: int
    at_most: bool = False


def weighted_median(points: Iterable[Point]) -> Median:
    """The value at or below which half of the weight lies; the middle of two where it lies between them.

    Raises:
        ValueError: without any observed point.
    """
    ordered = sorted(points, key=lambda point: point.minor)
    reached, beneath = _distribution(ordered)
    if not reached:
        raise ValueError("a median of nothing")
    if beneath >= _HALF:
        return Median(_bound(ordered, reached[0][0], beneath), at_most=True)
    place = next(place for place, (_, share) in enumerate(reached) if share >= _HALF)
    minor, share = reached[place]
    if share == _HALF:
        return Median(half_up(Fraction(minor + reached[place + 1][0], 2)))
    return Median(minor)


def _distribution(ordered: Sequence[Point]) -> tuple[list[tuple[int, Fraction]], Fraction]:
    """Each observed value with the share at or below it, upwards; and the share below the lowest of them."""
    observed: Counter[int] = Counter()
    for point in ordered:
        if not point.below:
            observed[point.minor] += point.weight
    # The bounds at a value are below it, so they count among what may lie at or below it.
    at_most = dict(
        zip(
            (point.minor for point in ordered),
            accumulate(point.weight for point in ordered),
            strict=True,
        )
    )
    share = Fraction(1)
    downwards = []
    for minor in sorted(observed, reverse=True):
        downwards.append((minor, share))
        share *= 1 - Fraction(observed[minor], at_most[minor])
    return downwards[::-1], share


def _bound(ordered: Sequence[Point], lowest: int, beneath: Fraction) -> int:
    """The median if all that lies below the lowest observed value stood at its bounds."""
    bounds = [point for point in ordered if point.below and point.minor <= lowest]
    needed = _HALF / beneath * sum(point.weight for point in bounds)
    reached = accumulate(point.weight for point in bounds)
    return next(point.minor for point, weight in zip(bounds, reached, strict=True) if weight >= needed)


def capped(weights: Sequence[int], limit: int) -> list[int]:
    """The weights, the largest of them cut so that none has more than `limit` basis points of the whole.

    Where there are too few for that, they are left as they are.
    """
    share = Fraction(limit, 10_000)
    ordered = sorted(weights, reverse=True)
    rest = sum(ordered)
    for cut, largest in enumerate(ordered):
        # With `cut` of them at the ceiling c: c = share × (cut × c + rest).
        ceiling = share * rest / (1 - share * cut)
        if largest <= ceiling:
            return [max(1, min(weight, int(ceiling))) if cut else weight for weight in weights]
        rest -= largest
    return list(weights)
