"""Rows of one scale: the spread of prices in each field, the coverage of each segment beside its target."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.charts.axes import WIDTH, Tick
from marketplace.charts.numbers import number_axis

ROW = 40
_LEFT, _RIGHT, _TOP = 10, WIDTH - 10, 4


@dataclass(frozen=True, slots=True)
class Spread:
    """One row: the middle, a box around it and a line to its ends; each of the four may be left out."""

    label: str
    middle: float
    low: float | None = None
    high: float | None = None
    box_low: float | None = None
    box_high: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class SpreadMark:
    """A row with its places; pairs are (left, right), None where the row does not have them."""

    down: int
    middle: int
    line: tuple[int, int] | None
    box: tuple[int, int] | None
    spread: Spread


@dataclass(frozen=True, slots=True)
class SpreadChart:
    """What `charts.html` needs to draw spreads; `target` is the (left, right) of a band through all rows."""

    width: int
    height: int
    bottom: int
    marks: tuple[SpreadMark, ...]
    target: tuple[int, int] | None
    ticks: tuple[Tick[float], ...]


def spreads(
    rows: Sequence[Spread], *, ratio: bool = False, target: tuple[float, float] | None = None
) -> SpreadChart | None:
    """Rows in their order on one scale, at most forty; None without any."""
    shown = rows[:40]
    if not shown:
        return None
    values = [
        value
        for row in shown
        for value in (row.middle, row.low, row.high, row.box_low, row.box_high)
        if value is not None
    ]
    axis = number_axis([*values, *(target or ())], _LEFT, _RIGHT, ratio=ratio)

    def between(low: float | None, high: float | None) -> tuple[int, int] | None:
        return None if low is None or high is None else (axis.place(low), axis.place(high))

    marks = tuple(
        SpreadMark(
            down=_TOP + index * ROW,
            middle=axis.place(row.middle),
            line=between(row.low, row.high),
            box=between(row.box_low, row.box_high),
            spread=row,
        )
        for index, row in enumerate(shown)
    )
    bottom = _TOP + ROW * len(shown)
    return SpreadChart(WIDTH, bottom + 26, bottom, marks, between(*target) if target else None, axis.ticks())
