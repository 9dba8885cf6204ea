"""How a sum is divided: a bar for the whole, then one for each part, beginning where the last ended."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.charts.axes import WIDTH

ROW = 42
_BAR_TOP = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the whole with its place; `tone` is plain, whole or rest."""

    label: str
    minor: int
    across: int
    width: int
    down: int
    tone: str


@dataclass(frozen=True, slots=True)
class Bars:
    width: int
    height: int
    bar_top: int
    bars: tuple[Bar, ...]


def waterfall(whole: tuple[str, int], parts: Sequence[tuple[str, int]], rest: str | None = None) -> Bars:
    """Bars for `whole` (label, minor units) and its parts in their order.

    `rest` is the label for what the parts leave over; without it nothing may be left over.

    Raises:
        ValueError: when an amount is negative or the parts are more than the whole (or less, without `rest`).
    """
    label, total = whole
    left_over = total - sum(minor for _, minor in parts)
    if min([left_over, *(minor for _, minor in parts)]) < 0 or (left_over and rest is None):
        raise ValueError("the parts of a waterfall must add up to the whole")
    rows = [(label, total, 0, "whole")]
    passed = 0
    for name, minor in parts:
        rows.append((name, minor, passed, "plain"))
        passed += minor
    if rest is not None:
        rows.append((rest, left_over, passed, "rest"))
    return Bars(
        WIDTH, ROW * len(rows), _BAR_TOP, tuple(_bar(row, total, index) for index, row in enumerate(rows))
    )


def _bar(row: tuple[str, int, int, str], total: int, index: int) -> Bar:
    label, minor, passed, tone = row
    across = passed * WIDTH // total if total else 0
    end = (passed + minor) * WIDTH // total if total else 0
    return Bar(label, minor, across, max(end - across, 1 if minor else 0), index * ROW, tone)
