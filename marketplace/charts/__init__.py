"""Pictures drawn on the server: pure functions place things on a sheet, `charts.html` draws them as SVG.

A sheet is `WIDTH` units wide and every position is a whole number. Labels are written by the template in the
reader's language; every picture stands beside a table with the same numbers.
"""

from marketplace.charts.axes import WIDTH, Tick
from marketplace.charts.bars import Bar, Bars, waterfall
from marketplace.charts.columns import Column, ColumnChart, columns, histogram
from marketplace.charts.curves import CurveChart, CurveMark, CurvePoint, curve
from marketplace.charts.dates import Dates, Span, SpanMark, dates
from marketplace.charts.pairs import Pair, PairChart, pairs, shares
from marketplace.charts.prices import Dot, DotMark, Level, PriceChart, price_steps, scatter
from marketplace.charts.spreads import Spread, SpreadChart, spreads
from marketplace.charts.tiles import Tile, TileMap, tile_map
from marketplace.charts.trends import Reading, TrendChart, trend

__all__ = [
    "WIDTH",
    "Bar",
    "Bars",
    "Column",
    "ColumnChart",
    "CurveChart",
    "CurveMark",
    "CurvePoint",
    "Dates",
    "Dot",
    "DotMark",
    "Level",
    "Pair",
    "PairChart",
    "PriceChart",
    "Reading",
    "Span",
    "SpanMark",
    "Spread",
    "SpreadChart",
    "Tick",
    "Tile",
    "TileMap",
    "TrendChart",
    "columns",
    "curve",
    "dates",
    "histogram",
    "pairs",
    "price_steps",
    "scatter",
    "shares",
    "spreads",
    "tile_map",
    "trend",
    "waterfall",
]
