"""Pictures drawn on the server: pure functions place things on a sheet, `charts.html` draws them as SVG.

A sheet is `WIDTH` units wide and every position is a whole number. Labels are written by the template in the
reader's language; every picture stands beside a table with the same numbers.
"""

from marketplace.charts.axes import WIDTH, Tick
from marketplace.charts.bars import Bar, Bars, waterfall
from marketplace.charts.dates import Dates, Span, SpanMark, dates
from marketplace.charts.prices import Dot, DotMark, Level, PriceChart, price_steps, scatter

__all__ = [
    "WIDTH",
    "Bar",
    "Bars",
    "Dates",
    "Dot",
    "DotMark",
    "Level",
    "PriceChart",
    "Span",
    "SpanMark",
    "Tick",
    "dates",
    "price_steps",
    "scatter",
    "waterfall",
]
