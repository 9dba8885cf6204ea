"""Scales and their ticks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from typing import Generic, TypeVar

from marketplace.clock import LOCAL_ZONE

WIDTH = 480

Value = TypeVar("Value", int, float, datetime)

# Steps of a time axis: name of the label's shape, months, seconds. The first with few enough ticks is taken.
_STEPS: tuple[tuple[str, int, int], ...] = (
    *(("second", 0, seconds) for seconds in (5, 15, 30)),
    *(("minute", 0, minutes * 60) for minutes in (1, 5, 15, 30, 60, 180, 360, 720)),
    *(("day", 0, days * 86400) for days in (1, 2, 7, 14)),
    *(("month", months, 0) for months in (1, 2, 3, 6)),
    *(("year", years * 12, 0) for years in (1, 2, 5, 10, 25)),
)


@dataclass(frozen=True, slots=True)
class Tick(Generic[Value]):
    """A mark on an axis.

    Attributes:
        position: units from the left or from the top.
        shape: how the template writes a moment: second, minute, day, month or year; "amount" for prices.
    """

    position: int
    value: Value
    shape: str = "amount"


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Moments from `start` to `end` across the units from `left` to `right`."""

    start: datetime
    end: datetime
    left: int
    right: int

    def place(self, moment: datetime) -> int:
        """The position of a moment; one outside the axis lands on its nearer end."""
        length = _microseconds(self.end - self.start)
        passed = min(max(_microseconds(moment - self.start), 0), length)
        return self.left + (passed * (self.right - self.left) // length if length else 0)

    def ticks(self, most: int = 5) -> tuple[Tick[datetime], ...]:
        """At most `most` round local times within the axis; none where the axis is longer than centuries."""
        for shape, months, seconds in _STEPS:
            moments = list(_take(_round_times(self.start, self.end, months, seconds), most + 1))
            if len(moments) <= most:
                return tuple(Tick(self.place(moment), moment, shape) for moment in moments)
        return ()


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)


def _take(moments: Iterator[datetime], count: int) -> Iterator[datetime]:
    for _, moment in zip(range(count), moments, strict=False):
        yield moment


def _round_times(start: datetime, end: datetime, months: int, seconds: int) -> Iterator[datetime]:
    local = start.astimezone(LOCAL_ZONE)
    moment = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if months:
        whole = (moment.year * 12 + moment.month - 1) // months * months
        moment = moment.replace(year=whole // 12, month=whole % 12 + 1, day=1)
    elif seconds:
        moment += (local - moment) // timedelta(seconds=seconds) * timedelta(seconds=seconds)
    while moment <= end:
        if moment >= start:
            yield moment
        moment = _months_later(moment, months) if months else moment + timedelta(seconds=seconds)


def _months_later(moment: datetime, months: int) -> datetime:
    whole = moment.year * 12 + moment.month - 1 + months
    return moment.replace(year=whole // 12, month=whole % 12 + 1)


@dataclass(frozen=True, slots=True)
class PriceAxis:
    """Amounts from `low` at `bottom` up to `high` at `top`; `ratio` scales by ratio, not by difference."""

    low: int
    high: int
    top: int
    bottom: int
    ratio: bool = False

    def place(self, minor: int) -> int:
        """The position of an amount; one outside the axis lands on its nearer end."""
        inside = min(max(minor, self.low), self.high)
        height = self.bottom - self.top
        if self.ratio:
            return self.bottom - round(height * log(inside / self.low) / log(self.high / self.low))
        return self.bottom - height * (inside - self.low) // (self.high - self.low)

    def ticks(self, most: int = 5) -> tuple[Tick[int], ...]:
        """Round amounts within the axis."""
        values = _powers(self.low, self.high, most) if self.ratio else _multiples(self.low, self.high, most)
        return tuple(Tick(self.place(value), value) for value in values)


def price_axis(amounts: list[int], top: int, bottom: int, *, ratio_allowed: bool = False) -> PriceAxis:
    """An axis that shows all `amounts` (not negative).

    It begins at zero unless the lowest is above 60 % of the highest, and scales by ratio, where that is
    allowed, when the highest is more than twenty times the lowest.
    """
    lowest, highest = min(amounts, default=0), max(amounts, default=1)
    if ratio_allowed and 0 < lowest * 20 < highest:
        return PriceAxis(_power_below(lowest), _power_below(highest) * 10, top, bottom, ratio=True)
    if lowest * 5 > highest * 3:
        slack = max((highest - lowest) // 4, lowest // 50, 1)
        return PriceAxis(max(lowest - slack, 0), highest + slack, top, bottom)
    return PriceAxis(0, max(highest + highest // 12, 1), top, bottom)


def _power_below(value: int) -> int:
    return int(10 ** (len(str(value)) - 1))


def _multiples(low: int, high: int, most: int) -> list[int]:
    step = _round_step(max(-(-(high - low) // most), 1))
    return list(range(-(-low // step) * step, high + 1, step))


def _round_step(least: int) -> int:
    power = _power_below(least)
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)


def _powers(low: int, high: int, most: int) -> list[int]:
    powers = [low * 10**index for index in range(len(str(high)) - len(str(low)) + 1)]
    return powers[:: -(-len(powers) // most)]
