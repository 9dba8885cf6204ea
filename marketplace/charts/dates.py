"""The dates of a lot on one line of time: moments and spans, one row each, and where today is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.charts.axes import WIDTH, Tick, TimeAxis

ROW = 38
_EDGE = 8
_AXIS = 26


@dataclass(frozen=True, slots=True)
class Span:
    """A moment, or a span of time when it has an end.

    `tone`: plain, next (what is due) or limit (a right or a security ends).
    """

    label: str
    start: datetime
    end: datetime | None = None
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class SpanMark:
    """A span with its place; its label stands above it, towards the half of the sheet that has room."""

    across: int
    width: int
    down: int
    text_across: int
    anchor: str
    span: Span


@dataclass(frozen=True, slots=True)
class Dates:
    """What `charts.html` needs to draw dates.

    Attributes:
        today: position of the present moment, or None when it is outside.
    """

    width: int
    height: int
    bottom: int
    today: int | None
    marks: tuple[SpanMark, ...]
    ticks: tuple[Tick[datetime], ...]


def dates(spans: Sequence[Span], now: datetime) -> Dates:
    """Place spans in their given order, one row each; at most forty are drawn, the table has them all."""
    shown = spans[:40]
    ends = [moment for span in shown for moment in (span.start, span.end) if moment is not None]
    first, last = min([now, *ends]), max([now, *ends])
    axis = TimeAxis(first, last, _EDGE, WIDTH - _EDGE)
    bottom = ROW * len(shown) + 4
    marks = tuple(_mark(span, axis, index) for index, span in enumerate(shown))
    return Dates(WIDTH, bottom + _AXIS, bottom, axis.place(now) if ends else None, marks, axis.ticks())


def _mark(span: Span, axis: TimeAxis, index: int) -> SpanMark:
    start = axis.place(span.start)
    width = max(axis.place(span.end) - start, 2) if span.end else 0
    if start > WIDTH // 2:
        return SpanMark(start, width, index * ROW, start + width, "end", span)
    return SpanMark(start, width, index * ROW, start, "start", span)
