"""Upright bars side by side: what was offered and sold each year, how often an error was how large."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from marketplace.charts.axes import WIDTH, Tick
from marketplace.charts.numbers import number_axis

HEIGHT = 230
LABELS = 8
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, WIDTH - 8, 16, HEIGHT - 32


@dataclass(frozen=True, slots=True)
class Column:
    """A bar: its whole, and the part of it that is filled (what was sold of what was offered).

    `tone`: plain, or own for the bar that the reader should find.
    """

    label: str
    whole: float
    part: float | None = None
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class ColumnMark:
    """A bar with its place; `written` says whether its label has room below it."""

    across: int
    width: int
    down: int
    height: int
    part_down: int
    part_height: int
    written: bool
    column: Column


@dataclass(frozen=True, slots=True)
class ColumnChart:
    """What `charts.html` needs to draw columns."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    marks: tuple[ColumnMark, ...]
    ticks: tuple[Tick[float], ...]


def columns(bars: Sequence[Column]) -> ColumnChart | None:
    """Bars of equal width from the left to the right, at most sixty; None without any."""
    shown = bars[:60]
    if not shown:
        return None
    axis = number_axis([bar.whole for bar in shown], _BOTTOM, _TOP, zero=True)
    each = ceil(len(shown) / LABELS)
    marks = []
    for index, bar in enumerate(shown):
        start, end = (_LEFT + (_RIGHT - _LEFT) * step // len(shown) for step in (index, index + 1))
        gap = max((end - start) // 8, 1)
        top, part_top = axis.place(bar.whole), axis.place(bar.part or 0)
        marks.append(
            ColumnMark(
                across=start + gap,
                width=max(end - start - 2 * gap, 1),
                down=top,
                height=_BOTTOM - top,
                part_down=part_top,
                part_height=_BOTTOM - part_top,
                written=index % each == 0,
                column=bar,
            )
        )
    return ColumnChart(WIDTH, HEIGHT, _LEFT, _RIGHT, _BOTTOM, tuple(marks), axis.ticks(4))


def histogram(values: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    """How many values fall between each two neighbouring edges; those outside count in the outermost.

    Raises:
        ValueError: when there are fewer than two edges or they do not rise.
    """
    if len(edges) < 2 or any(left >= right for left, right in pairwise(edges)):
        raise ValueError("a histogram needs rising edges")
    counts = [0] * (len(edges) - 1)
    inner = edges[1:-1]
    for value in values:
        counts[sum(1 for edge in inner if value >= edge)] += 1
    return tuple(counts)
