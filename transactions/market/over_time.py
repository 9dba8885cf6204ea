"""Prices over time and what sells: figures for the page, from sales that are seen one by one."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp
from typing import Any, Final

from marketplace import charts
from transactions.market.explorer import noon
from transactions.market.prices import Priced
from transactions.market.rules.bands import size_name
from transactions.market.rules.series import (
    LEAST_INDEX_SALES,
    Period,
    Quartiles,
    medians,
    quantile,
    rate_range,
    spread_by,
)
from transactions.rules.words import SaleOutcome

# A group is told of from so many offers, and its price from so many sales.
LEAST_OFFERS: Final = 10
LEAST_SALES: Final = 5
SPREADS_LIMIT: Final = 15
# The normal deviate of a range at 90 %.
_SURE: Final = 1.6449


@dataclass(frozen=True, slots=True)
class Year:
    """How many lots ended in a year, and how many of them were sold; the rate's range at 90 %."""

    year: int
    offered: int
    sold: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        return self.sold / self.offered


@dataclass(frozen=True, slots=True)
class Group:
    """What sells: one kind of offer with its sale rate and the middle price per right.

    Attributes:
        median: minor units per right; None where too few were sold.
    """

    key: str
    offered: int
    sold: int
    low: float
    high: float
    median: float | None

    @property
    def rate(self) -> float:
        return self.sold / self.offered


@dataclass(frozen=True, slots=True)
class OverTime:
    """The figures of one kind of right in one currency."""

    periods: Sequence[Period]
    years: Sequence[Year]
    spreads: Mapping[int, Quartiles]
    sizes: Sequence[Group]
    channels: Sequence[Group]
    forced: Sequence[Group]
    kinds: Sequence[Group]
    sales: int
    offers: int


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """A quarter of the model's index, as 2025-Q2; without a value where fewer than ten sales are known."""

    name: str
    count: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def middle(self) -> date:
        return date(int(self.name[:4]), int(self.name[-1]) * 3 - 1, 15)


def over_time(rows: Sequence[Priced]) -> OverTime:
    """Everything the page tells, from the rows of one question."""
    paid = [(row, price) for row in rows if _sold(row) and (price := row.per_right) is not None]
    return OverTime(
        periods=medians((row.sold_on, price) for row, price in paid if row.sold_on),
        years=_years(rows),
        spreads=_some(
            spread_by((row.technology_field, price) for row, price in paid if row.technology_field)
        ),
        sizes=groups(rows, lambda row: size_name(row.number_of_rights)),
        channels=groups(rows, lambda row: row.channel.value),
        forced=groups(rows, lambda row: "yes" if row.forced else "no"),
        kinds=groups(rows, lambda row: row.asset_type.value),
        sales=len(paid),
        offers=len(rows),
    )


def _sold(row: Priced) -> bool:
    return row.outcome is SaleOutcome.SOLD


def _some(spreads: Mapping[int, Quartiles]) -> Mapping[int, Quartiles]:
    return dict(list(spreads.items())[:SPREADS_LIMIT])


def _years(rows: Iterable[Priced]) -> list[Year]:
    offered, sold = Counter[int](), Counter[int]()
    for row in rows:
        if row.sold_on:
            offered[row.sold_on.year] += 1
            sold[row.sold_on.year] += _sold(row)
    return [
        Year(year, count, sold[year], *rate_range(sold[year], count))
        for year, count in sorted(offered.items())
    ]


def groups(rows: Iterable[Priced], key: Callable[[Priced], str]) -> list[Group]:
    """The groups with enough offers, the one that sells best first."""
    by_key: dict[str, list[Priced]] = defaultdict(list)
    for row in rows:
        by_key[key(row)].append(row)
    found = [
        _group(name, members) for name, members in by_key.items() if name and len(members) >= LEAST_OFFERS
    ]
    return sorted(found, key=lambda group: (-group.rate, group.key))


def _group(name: str, members: Sequence[Priced]) -> Group:
    sold = [row for row in members if _sold(row)]
    prices = sorted(price for row in sold if (price := row.per_right) is not None)
    median = quantile(prices, 0.5) if len(prices) >= LEAST_SALES else None
    return Group(name, len(members), len(sold), *rate_range(len(sold), len(members)), median)


def index_chart(periods: Sequence[Period]) -> charts.TrendChart | None:
    """The medians with the band in which the true median lies nine times in ten, by ratio."""
    readings = [
        charts.Reading(noon(period.middle), period.median, period.low, period.high, period.name)
        for period in periods
    ]
    return charts.trend(readings, ratio=_spans(readings))


def _spans(readings: Iterable[charts.Reading]) -> bool:
    told = [value for one in readings for value in (one.low, one.high, one.value) if value]
    return bool(told) and max(told) > 20 * min(told)


def rate_chart(years: Sequence[Year]) -> charts.ColumnChart | None:
    """What was offered each year, and the part of it that was sold."""
    return charts.columns([charts.Column(str(one.year), one.offered, one.sold) for one in years])


def spread_chart(spreads: Mapping[int, Quartiles], names: Mapping[int, str]) -> charts.SpreadChart | None:
    """Prices per right in each field: the middle, the middle half, and all but the outer tenths."""
    rows = [
        charts.Spread(
            label=names.get(number, str(number)),
            middle=one.median,
            low=one.tenth,
            high=one.nine_tenths,
            box_low=one.quarter,
            box_high=one.three_quarters,
            note=f"n = {one.count:,}",
        )
        for number, one in spreads.items()
    ]
    return charts.spreads(rows, ratio=True)


def last_told(periods: Sequence[Period]) -> Period | None:
    """The latest period with a figure."""
    return next((period for period in reversed(periods) if period.median is not None), None)


def quarters(rows: Iterable[Priced]) -> dict[str, int]:
    """How many sales with a price per right each quarter has, as 2025-Q2."""
    return dict(
        Counter(
            f"{row.sold_on.year}-Q{(row.sold_on.month + 2) // 3}"
            for row in rows
            if row.sold_on and _sold(row) and row.per_right is not None
        )
    )


def index_of(document: Mapping[str, Any], sales: Mapping[str, int]) -> list[IndexPoint]:
    """The levels of a fitted model as an index, 100 in its first quarter that may be told.

    Args:
        document: of `FittedModel`: its levels are logarithms against the first quarter, errors stand beside.
        sales: how many sales each quarter has; fewer than ten are a gap (reference: confidentiality, rule 2).
    """
    levels, errors = document["price"]["levels"], document["errors"]
    told = [name for name in sorted(levels) if sales.get(name, 0) >= LEAST_INDEX_SALES]
    points = []
    for name in sorted(levels) if told else []:
        if name not in told:
            points.append(IndexPoint(name, sales.get(name, 0)))
            continue
        level, doubt = levels[name] - levels[told[0]], _SURE * errors.get(f"level:{name}", 0.0)
        bounds = (100 * exp(level + side * doubt) for side in (0, -1, 1))
        points.append(IndexPoint(name, sales[name], *bounds))
    return points


def like_for_like_chart(points: Sequence[IndexPoint]) -> charts.TrendChart | None:
    """The model's index with the band of its standard error."""
    readings = [charts.Reading(noon(one.middle), one.value, one.low, one.high, one.name) for one in points]
    return charts.trend(readings, level=100.0)
