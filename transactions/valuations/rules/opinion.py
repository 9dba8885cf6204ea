"""From the grid and the model to one value with its ranges and its grade.

Both are estimates of one logarithm, so they are put together there: the precision-weighted mean, each
weighing by one over the square of its spread. Where there is a model its ranges are used, because they
were calibrated on lots it had not seen; else those of the grid, Student's t over its adjusted prices. The
80 % range always holds both. The thresholds (reference, steps 4, 6, 8, 9) are proposals, to be tuned in the
backtest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from marketplace.money import half_up
from transactions.valuations.rules.words import Approach, Grade

LEAST_FOR_VALUE = 3
LEAST_FOR_GRADE = 5
GAP_MOST = 4_000
WHOLE = 10_000

# The widest ratio of the 80 % range that a grade allows.
_RATIOS = ((3.0, Grade.A), (6.0, Grade.B), (12.0, Grade.C))

# Sales as alike as these still differ: five equal prices are luck, not certainty.
SPREAD_LEAST = 0.15

# Upper quartiles and upper tenths of Student's t by degrees of freedom; from nine on the last stays.
_QUARTILES = {2: 0.816, 3: 0.765, 4: 0.741, 5: 0.727, 6: 0.718, 7: 0.711, 8: 0.706, 9: 0.703}
_TENTHS = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440, 7: 1.415, 8: 1.397, 9: 1.383}

# The variance of a median over that of a mean, for normal values.
_MEDIAN = math.pi / 2
# Half the width of the middle 80 % of a normal distribution, in standard deviations.
_NORMAL_TENTH = 1.2816


@dataclass(frozen=True, slots=True)
class Range:
    """Minor units."""

    low_minor: int
    high_minor: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One estimate of the price. Floats are logarithms of minor units.

    Attributes:
        point: the estimate; spread: standard deviation of a next price around it.
        below_50, above_50, below_80, above_80: how far the ranges reach from the point, none negative.
        count: of the comparables it rests on; 0 for a model.
    """

    point: float
    spread: float
    below_50: float
    above_50: float
    below_80: float
    above_80: float
    count: int = 0

    @property
    def minor(self) -> int:
        """The estimate in minor units."""
        return round(math.exp(self.point))


@dataclass(frozen=True, slots=True)
class Opinion:
    """The value, or an honest none.

    Attributes:
        value_minor: None where fewer than three comparables are known: then only the model's range is told.
        grid_weight, model_weight: basis points; of the two estimates in the value.
        gap: how much the higher of the two is above the lower, basis points; None where there is one alone.
    """

    approach: Approach
    grade: Grade
    value_minor: int | None
    middle: Range | None
    wide: Range | None
    grid_weight: int
    model_weight: int
    gap: int | None


def grid_evidence(prices: Sequence[int], weights: Sequence[int], median_minor: int) -> Evidence | None:
    """What the adjusted prices say of a next one; None from fewer than three, or where one is not positive.

    The spread is that of the logarithms around the weighted median, with n - 1 degrees of freedom; the
    uncertainty of the median itself is added for as many sales as the weights leave.
    """
    count = len(prices)
    if count < LEAST_FOR_VALUE or min(prices) <= 0 or median_minor <= 0:
        return None
    point, total = math.log(median_minor), sum(weights)
    squares = sum(
        weight * (math.log(price) - point) ** 2 for price, weight in zip(prices, weights, strict=True)
    )
    spread = max(math.sqrt(squares / total * count / (count - 1)), SPREAD_LEAST)
    effective = total**2 / sum(weight**2 for weight in weights)
    spread *= math.sqrt(1 + _MEDIAN / effective)
    freedom = min(count - 1, max(_TENTHS))
    quarter, tenth = _QUARTILES[freedom] * spread, _TENTHS[freedom] * spread
    return Evidence(point, spread, quarter, quarter, tenth, tenth, count)


def model_evidence(point_minor: int, middle: Range, wide: Range) -> Evidence | None:
    """The model's median and ranges as evidence; None where an amount is not positive."""
    if min(point_minor, middle.low_minor, wide.low_minor) <= 0:
        return None
    point = math.log(point_minor)
    below, above = point - math.log(wide.low_minor), math.log(wide.high_minor) - point
    return Evidence(
        point=point,
        spread=max((below + above) / (2 * _NORMAL_TENTH), SPREAD_LEAST),
        below_50=max(point - math.log(middle.low_minor), 0.0),
        above_50=max(math.log(middle.high_minor) - point, 0.0),
        below_80=max(below, 0.0),
        above_80=max(above, 0.0),
    )


def reconcile(grid: Evidence | None, model: Evidence | None) -> Opinion:
    """Put the two together; either may be missing."""
    if grid is None and model is None:
        return Opinion(Approach.NONE, Grade.E, None, None, None, 0, 0, None)
    if grid is None or model is None:
        return _alone(grid, model)
    precisions = [Fraction(1 / one.spread**2) for one in (grid, model)]
    weight = precisions[0] / sum(precisions)
    point = float(weight) * grid.point + (1 - float(weight)) * model.point
    apart = abs(grid.point - model.point)
    gap = round((math.exp(apart) - 1) * WHOLE)
    middle, wide = _ranges(point, model, ())[0], _ranges(point, model, (grid.point, model.point))[1]
    share = half_up(weight * WHOLE)
    return Opinion(
        approach=Approach.GRID_AND_MODEL,
        grade=grade_of(wide, grid.count, gap),
        value_minor=round(math.exp(point)),
        middle=middle,
        wide=wide,
        grid_weight=share,
        model_weight=WHOLE - share,
        gap=gap,
    )


def _alone(grid: Evidence | None, model: Evidence | None) -> Opinion:
    if grid is not None:
        middle, wide = _ranges(grid.point, grid, ())
        grade = grade_of(wide, grid.count, None)
        return Opinion(Approach.GRID, grade, grid.minor, middle, wide, WHOLE, 0, None)
    if model is None:
        raise ValueError("an opinion from nothing")
    middle, wide = _ranges(model.point, model, ())
    return Opinion(Approach.MODEL, Grade.E, None, middle, wide, 0, WHOLE, None)


def _ranges(point: float, widths: Evidence, held: Sequence[float]) -> tuple[Range, Range]:
    middle = Range(round(math.exp(point - widths.below_50)), round(math.exp(point + widths.above_50)))
    low = min(point - widths.below_80, *held, point)
    high = max(point + widths.above_80, *held, point)
    return middle, Range(round(math.exp(low)), round(math.exp(high)))


def grade_of(wide: Range, count: int, gap: int | None) -> Grade:
    """By the ratio of the 80 % range, the number of comparables, and how far grid and model agree."""
    if count < LEAST_FOR_VALUE:
        return Grade.E
    if count < LEAST_FOR_GRADE or (gap is not None and gap > GAP_MOST):
        return Grade.D
    ratio = wide.high_minor / max(wide.low_minor, 1)
    return next((grade for most, grade in _RATIOS if ratio <= most), Grade.D)


def weighted(amounts: Sequence[tuple[int, int]]) -> int | None:
    """The mean of amounts in logarithms by their weights, but for those that are nothing; None for none."""
    known = [(minor, weight) for minor, weight in amounts if minor > 0 and weight > 0]
    total = sum(weight for _, weight in known)
    if not known:
        return None
    return round(math.exp(math.fsum(math.log(minor) * weight / total for minor, weight in known)))
