"""A chance and an amount against a price that can be chosen: the curve of start prices."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.charts.axes import WIDTH, PriceAxis, Tick, price_axis

HEIGHT = 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, WIDTH - 46, 16, HEIGHT - 32
_WHOLE = 10_000
_SHARES = (0, 2_500, 5_000, 7_500, _WHOLE)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """At a price of `minor` the chance is `share` (basis points) and the amount to be expected `expected`."""

    minor: int
    share: int
    expected: int


@dataclass(frozen=True, slots=True)
class CurveMark:
    """A price that is pointed out: suggested, the floor, the one chosen."""

    name: str
    minor: int
    across: int = 0


@dataclass(frozen=True, slots=True)
class CurveChart:
    """What `charts.html` needs to draw the curve.

    Attributes:
        shares, amounts: the `d` of the two lines; the amounts are read at the left, the shares at the right.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    shares: str
    amounts: str
    marks: tuple[CurveMark, ...]
    price_ticks: tuple[Tick[int], ...]
    amount_ticks: tuple[Tick[int], ...]
    share_ticks: tuple[Tick[int], ...]


def curve(points: Sequence[CurvePoint], marks: Sequence[CurveMark] = ()) -> CurveChart:
    """Place the points, which are in order of price; raises ValueError for fewer than two."""
    if len(points) < 2:
        raise ValueError("a curve of fewer than two points")
    # An axis counts up the page; across it is the same axis laid on its side.
    prices = PriceAxis(points[0].minor, max(points[-1].minor, points[0].minor + 1), -_RIGHT, -_LEFT)
    amounts = price_axis([point.expected for point in points], _TOP, _BOTTOM)
    shares = PriceAxis(0, _WHOLE, _TOP, _BOTTOM)
    across = [-prices.place(point.minor) for point in points]
    return CurveChart(
        width=WIDTH,
        height=HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        shares=_path(across, [shares.place(point.share) for point in points]),
        amounts=_path(across, [amounts.place(point.expected) for point in points]),
        marks=tuple(CurveMark(mark.name, mark.minor, _mirrored(prices, mark.minor)) for mark in marks),
        price_ticks=tuple(Tick(-tick.position, tick.value) for tick in prices.ticks(4)),
        amount_ticks=amounts.ticks(),
        share_ticks=tuple(Tick(shares.place(share), share) for share in _SHARES),
    )


def _mirrored(prices: PriceAxis, minor: int) -> int:
    return -prices.place(minor)


def _path(across: Sequence[int], down: Sequence[int]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in zip(across, down, strict=True))
