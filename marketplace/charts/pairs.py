"""Two figures of the same thing against each other: estimate and price, chance forecast and seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.charts.axes import WIDTH, Tick
from marketplace.charts.numbers import NumberAxis, number_axis

HEIGHT = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, WIDTH - 14, 14, HEIGHT - 46


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing: `across` what was said, `up` what came of it; `low` and `high` the doubt about `up`."""

    across: float
    up: float
    label: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class PairMark:
    """A pair with its place; `top` and `foot` are the ends of its doubt, or None."""

    across: int
    down: int
    top: int | None
    foot: int | None
    pair: Pair


@dataclass(frozen=True, slots=True)
class PairChart:
    """What `charts.html` needs to draw pairs.

    Attributes:
        same: the ends (x1, y1, x2, y2) of the line on which both are equal.
        apart: the ends of lines on which one is so many times the other, outward from the first.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    marks: tuple[PairMark, ...]
    same: tuple[int, int, int, int]
    apart: tuple[tuple[int, int, int, int], ...]
    across_ticks: tuple[Tick[float], ...]
    up_ticks: tuple[Tick[float], ...]


def pairs(points: Sequence[Pair], *, factor: float = 2.0) -> PairChart | None:
    """Amounts above zero against each other, both by ratio on one scale; None without any."""
    shown = [point for point in points if point.across > 0 and point.up > 0]
    if not shown:
        return None
    values = [value for point in shown for value in (point.across, point.up)]
    across = number_axis(values, _LEFT, _RIGHT, ratio=True)
    up = number_axis(values, _BOTTOM, _TOP, ratio=True)
    apart = tuple(
        _line(across, up, times) for times in (factor, 1 / factor) if across.high / across.low > factor
    )
    return _chart(shown, across, up, apart)


def shares(points: Sequence[Pair]) -> PairChart | None:
    """Shares from 0 to 1 against each other, as chances forecast and seen; None without any."""
    if not points:
        return None
    across, up = NumberAxis(0, 1, _LEFT, _RIGHT), NumberAxis(0, 1, _BOTTOM, _TOP)
    return _chart(points, across, up, ())


def _chart(
    points: Sequence[Pair],
    across: NumberAxis,
    up: NumberAxis,
    apart: tuple[tuple[int, int, int, int], ...],
) -> PairChart:
    return PairChart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        marks=tuple(_mark(point, across, up) for point in points),
        same=_line(across, up, 1.0),
        apart=apart,
        across_ticks=across.ticks(),
        up_ticks=up.ticks(),
    )


def _mark(point: Pair, across: NumberAxis, up: NumberAxis) -> PairMark:
    return PairMark(
        across=across.place(point.across),
        down=up.place(point.up),
        top=None if point.high is None else up.place(point.high),
        foot=None if point.low is None else up.place(point.low),
        pair=point,
    )


def _line(across: NumberAxis, up: NumberAxis, times: float) -> tuple[int, int, int, int]:
    """Where the height is `times` the distance, within both axes (which have the same ends)."""
    first = max(across.low, up.low / times)
    last = min(across.high, up.high / times)
    return across.place(first), up.place(first * times), across.place(last), up.place(last * times)
