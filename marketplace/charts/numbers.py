"""Scales of plain numbers: percentages, index points, counts, and prices whose differences are ratios."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log, log10

from marketplace.charts.axes import Tick

_ROUND = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """Numbers from `low` at `start` to `high` at `end`; `ratio` scales by ratio, not by difference.

    `start` is above `end` in number for an axis that goes up, as positions count from the top of the sheet.
    """

    low: float
    high: float
    start: int
    end: int
    ratio: bool = False

    def place(self, value: float) -> int:
        """The position of a number; one outside the axis lands on its nearer end."""
        inside = min(max(value, self.low), self.high)
        if self.ratio:
            share = log(inside / self.low) / log(self.high / self.low)
        else:
            share = (inside - self.low) / (self.high - self.low)
        return self.start + round(share * (self.end - self.start))

    def ticks(self, most: int = 5) -> tuple[Tick[float], ...]:
        """Round numbers within the axis, at most `most` and one."""
        values = _round_ratios(self.low, self.high, most) if self.ratio else _steps(self.low, self.high, most)
        return tuple(Tick(self.place(value), value, "number") for value in values)


def number_axis(
    values: Iterable[float], start: int, end: int, *, ratio: bool = False, zero: bool = False
) -> NumberAxis:
    """An axis that shows all `values`.

    With `zero` it holds zero too. By ratio only what is above zero is shown, and the ends are round numbers.
    """
    shown = [value for value in values if value > 0] if ratio else [*values, *([0.0] if zero else [])]
    low, high = min(shown, default=1.0), max(shown, default=1.0)
    if ratio:
        low, high = _round_below(low), _round_above(high)
        return NumberAxis(low, high if high > low else low * 10, start, end, ratio=True)
    slack = (high - low) / 12 or abs(high) / 10 or 1.0
    return NumberAxis(low if zero and low >= 0 else low - slack, high + slack, start, end)


def _power(value: float) -> int:
    return floor(log10(value) + 1e-9)


def _round_below(value: float) -> float:
    power = _power(value)
    return max(_times(factor, power) for factor in _ROUND if _times(factor, power) <= value * (1 + 1e-9))


def _round_above(value: float) -> float:
    power = _power(value)
    steps = (_times(factor, power) for factor in (*_ROUND, 10))
    return next(step for step in steps if step >= value * (1 - 1e-9))


def _times(factor: int, power: int) -> float:
    return float(factor * 10**power) if power >= 0 else factor / 10**-power


def _steps(low: float, high: float, most: int) -> list[float]:
    step = _round_above((high - low) / most)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def _round_ratios(low: float, high: float, most: int) -> list[float]:
    powers = range(_power(low), _power(high) + 1)
    for factors in (_ROUND, (1, 3), (1,)):
        values = [_times(factor, power) for power in powers for factor in factors]
        inside = [value for value in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
        if 0 < len(inside) <= most:
            return inside
    return inside[:: ceil(len(inside) / most)]
