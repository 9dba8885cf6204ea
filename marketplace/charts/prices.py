"""Prices over time: the steps of one sale, and earlier sales as dots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.charts.axes import WIDTH, PriceAxis, Tick, TimeAxis, price_axis

HEIGHT = 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, WIDTH - 12, 14, HEIGHT - 30


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line with a name: a reserve, an appraisal, an estimate."""

    name: str
    minor: int
    position: int = 0


@dataclass(frozen=True, slots=True)
class Dot:
    """One sale or bid to be placed.

    Attributes:
        label: what the reader is told about it, translated.
        tone: plain, own (this reader's or this lot's) or open (a price asked, nothing sold).
    """

    moment: datetime
    minor: int
    label: str = ""
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class DotMark:
    """A dot with its place."""

    across: int
    down: int
    dot: Dot


@dataclass(frozen=True, slots=True)
class PriceChart:
    """What `charts.html` needs to draw prices over time.

    Attributes:
        path: the `d` of the line of a sale's price; empty for a scatter.
        band: top and bottom of the range of an estimate, or None.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    path: str
    marks: tuple[DotMark, ...]
    levels: tuple[Level, ...]
    band: tuple[int, int] | None
    time_ticks: tuple[Tick[datetime], ...]
    price_ticks: tuple[Tick[int], ...]


def price_steps(
    bids: Sequence[Dot], *, start: datetime, end: datetime, levels: Sequence[Level] = ()
) -> PriceChart:
    """The price of one sale from `start` to `end`: it stays where it is until the next bid, then jumps.

    `bids` are in order of time; `levels` are (name, minor) lines such as the reserve.
    """
    amounts = [*(bid.minor for bid in bids), *(level.minor for level in levels)]
    axis = TimeAxis(start, max(end, start), _LEFT, _RIGHT)
    prices = price_axis(amounts, _TOP, _BOTTOM)
    marks = tuple(DotMark(axis.place(bid.moment), prices.place(bid.minor), bid) for bid in bids)
    return _chart(axis, prices, marks, levels, path=_step_path(marks))


def scatter(
    sales: Sequence[Dot],
    *,
    levels: Sequence[Level] = (),
    band: tuple[int, int] | None = None,
) -> PriceChart:
    """Earlier sales by date and price; `band` is the (low, high) of an estimate drawn behind them.

    Prices are scaled by ratio when they span more than a factor of twenty.
    """
    amounts = [*(sale.minor for sale in sales), *(level.minor for level in levels), *(band or ())]
    moments = [sale.moment for sale in sales]
    axis = _roomy(min(moments), max(moments)) if moments else None
    prices = price_axis(amounts, _TOP, _BOTTOM, ratio_allowed=True)
    marks = tuple(DotMark(axis.place(sale.moment), prices.place(sale.minor), sale) for sale in sales if axis)
    return _chart(axis, prices, marks, levels, band=band)


def _roomy(first: datetime, last: datetime) -> TimeAxis:
    slack = (last - first) / 20
    return TimeAxis(first - slack, last + slack, _LEFT, _RIGHT)


def _chart(
    axis: TimeAxis | None,
    prices: PriceAxis,
    marks: tuple[DotMark, ...],
    levels: Sequence[Level],
    *,
    path: str = "",
    band: tuple[int, int] | None = None,
) -> PriceChart:
    return PriceChart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        path=path,
        marks=marks,
        levels=tuple(Level(level.name, level.minor, prices.place(level.minor)) for level in levels),
        band=(prices.place(band[1]), prices.place(band[0])) if band else None,
        time_ticks=axis.ticks() if axis else (),
        price_ticks=prices.ticks(),
    )


def _step_path(marks: Sequence[DotMark]) -> str:
    if not marks:
        return ""
    jumps = "".join(f"H{mark.across}V{mark.down}" for mark in marks[1:])
    return f"M{marks[0].across} {marks[0].down}{jumps}H{_RIGHT}"
