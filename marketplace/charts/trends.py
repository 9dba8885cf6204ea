"""A figure over time with its band of uncertainty: a price index, an error, a rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.charts.axes import WIDTH, Tick, TimeAxis
from marketplace.charts.numbers import NumberAxis, number_axis

HEIGHT = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, WIDTH - 14, 16, HEIGHT - 32


@dataclass(frozen=True, slots=True)
class Reading:
    """The figure of one period.

    Attributes:
        moment: the middle of the period.
        value: None where it may not or cannot be told: the line is broken there.
        low, high: the band; None where there is none.
    """

    moment: datetime
    value: float | None
    low: float | None = None
    high: float | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class ReadingMark:
    across: int
    down: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class TrendChart:
    """What `charts.html` needs to draw a trend.

    Attributes:
        lines: the `d` of each unbroken stretch of the line; `bands` of each stretch of its band.
        level: the position of a line to compare with (100 of an index, a target), or None.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    marks: tuple[ReadingMark, ...]
    level: int | None
    time_ticks: tuple[Tick[datetime], ...]
    value_ticks: tuple[Tick[float], ...]


def trend(
    readings: Sequence[Reading], *, level: float | None = None, ratio: bool = False, zero: bool = False
) -> TrendChart | None:
    """Readings in order of time as a line with its band; None when no reading has a value."""
    told = [one for one in readings if one.value is not None]
    if not told:
        return None
    values = [value for one in told for value in (one.value, one.low, one.high) if value is not None]
    axis = number_axis(
        [*values, *([level] if level is not None else [])], _BOTTOM, _TOP, ratio=ratio, zero=zero
    )
    first, last = readings[0].moment, readings[-1].moment
    slack = (last - first) / 24
    time = TimeAxis(first - slack, last + slack, _LEFT, _RIGHT)
    stretches = _stretches(readings, time, axis)
    return TrendChart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        lines=tuple(_line(stretch) for stretch in stretches if len(stretch) > 1),
        bands=tuple(band for stretch in stretches if (band := _band(stretch, axis))),
        marks=tuple(mark for stretch in stretches for mark in stretch),
        level=None if level is None else axis.place(level),
        time_ticks=time.ticks(),
        value_ticks=axis.ticks(),
    )


def _stretches(readings: Sequence[Reading], time: TimeAxis, axis: NumberAxis) -> list[list[ReadingMark]]:
    stretches: list[list[ReadingMark]] = [[]]
    for one in readings:
        if one.value is None:
            stretches.append([])
        else:
            stretches[-1].append(ReadingMark(time.place(one.moment), axis.place(one.value), one))
    return [stretch for stretch in stretches if stretch]


def _line(marks: Sequence[ReadingMark]) -> str:
    return "M" + "L".join(f"{mark.across} {mark.down}" for mark in marks)


def _band(marks: Sequence[ReadingMark], axis: NumberAxis) -> str:
    """The outline of the band: there along its upper edge, back along the lower one."""
    banded = [
        (mark.across, axis.place(mark.reading.low), axis.place(mark.reading.high))
        for mark in marks
        if mark.reading.low is not None and mark.reading.high is not None
    ]
    if not banded:
        return ""
    if len(banded) == 1:
        across, low, high = banded[0]
        banded = [(across - 4, low, high), (across + 4, low, high)]
    there = [f"{across} {high}" for across, _, high in banded]
    back = [f"{across} {low}" for across, low, _ in reversed(banded)]
    return "M" + "L".join((*there, *back)) + "Z"
