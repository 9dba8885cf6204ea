"""How far the estimates were from the prices: the stored runs of the backtest as their page shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import inf, log
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import charts
from transactions.backtest.models import BacktestRun
from transactions.backtest.targets import TARGETS, Target, misses
from transactions.market.explorer import noon
from transactions.market.rules.series import median_range, quantile, rate_range
from transactions.ratio_studies import noise_only

RUNS_LIMIT = 60
ONE_BY_ONE = 30
# Below this the page says before anything else how few there are.
FEW: Final = 100
LEAST_PERIOD: Final = 5

TARGET_COVERAGE: Final = (0.77, 0.83)

# Estimate to price; the middle bin is within a fifth.
EDGES: Final = (0.0, 0.25, 0.5, 0.67, 0.83, 1.2, 1.5, 2.0, 4.0, inf)
_MIDDLE: Final = 4


@dataclass(frozen=True, slots=True)
class Bin:
    """How many estimates were between so many times the price and so many."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Span:
    """The estimates of a year: how many, the middle error and where the true middle lies."""

    name: str
    middle: date
    count: int
    error: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a run with the range in which its true coverage lies."""

    by: str
    name: str
    lots: int
    figures: Mapping[str, Any]
    low: float
    high: float


def runs(session: Session) -> Sequence[BacktestRun]:
    """The runs, the latest first, at most `RUNS_LIMIT`."""
    return session.scalars(select(BacktestRun).order_by(BacktestRun.number.desc()).limit(RUNS_LIMIT)).all()


def bins(lots: Sequence[Mapping[str, Any]]) -> list[Bin]:
    """How the ratios of estimate to price are spread."""
    counts = charts.histogram([lot["ratio"] for lot in lots], EDGES)
    return [Bin(low, high, count) for (low, high), count in zip(pairwise(EDGES), counts, strict=True)]


def error_chart(found: Sequence[Bin], labels: Sequence[str]) -> charts.ColumnChart | None:
    """A bar for each bin; the one within a fifth of the price stands out."""
    bars = [
        charts.Column(label, one.count, tone="own" if index == _MIDDLE else "plain")
        for index, (one, label) in enumerate(zip(found, labels, strict=True))
    ]
    return charts.columns(bars) if any(one.count for one in found) else None


def over_time(lots: Sequence[Mapping[str, Any]]) -> list[Span]:
    """The middle error of each half-year, in order; none where there are fewer than five lots."""
    grouped: dict[date, list[float]] = defaultdict(list)
    for lot in lots:
        if not lot["month"]:
            continue
        year, month = int(lot["month"][:4]), int(lot["month"][5:7])
        grouped[date(year, 1 if month <= 6 else 7, 1)].append(abs(lot["ratio"] - 1))
    return [_span(first, sorted(grouped[first])) for first in sorted(grouped)]


def _span(first: date, errors: Sequence[float]) -> Span:
    name = f"{first.year}-H{1 if first.month == 1 else 2}"
    middle = first.replace(month=first.month + 3)
    if len(errors) < LEAST_PERIOD:
        return Span(name, middle, len(errors), None)
    return Span(name, middle, len(errors), quantile(errors, 0.5), *median_range(errors))


def time_chart(spans: Sequence[Span]) -> charts.TrendChart | None:
    """The middle error over time with its band."""
    readings = [charts.Reading(noon(one.middle), one.error, one.low, one.high, one.name) for one in spans]
    return charts.trend(readings, zero=True)


def run_chart(found: Sequence[BacktestRun]) -> charts.TrendChart | None:
    """The middle error of every run, in order of time; one run alone is no line."""
    readings = [
        charts.Reading(run.run_at, run.figures.get("mdape"), label=str(run.number)) for run in reversed(found)
    ]
    return charts.trend(readings, zero=True) if len(readings) > 1 else None


def segments(run: BacktestRun) -> list[Segment]:
    """The segments of a run, each with the range in which its coverage lies nine times in ten."""
    found = []
    for one in run.segments:
        lots, coverage = int(one["lots"]), one.get("coverage_80")
        low, high = rate_range(round(lots * coverage), lots) if coverage is not None else (0.0, 1.0)
        found.append(Segment(str(one["by"]), str(one["segment"]), lots, one, low, high))
    return found


def coverage_chart(found: Sequence[Segment], names: Sequence[str]) -> charts.SpreadChart | None:
    """How many of ten prices fell into the range for eight of ten, by segment, beside the target."""
    rows = [
        charts.Spread(name, one.figures["coverage_80"], low=one.low, high=one.high, note=f"n = {one.lots:,}")
        for one, name in zip(found, names, strict=True)
        if one.figures.get("coverage_80") is not None
    ]
    return charts.spreads(rows, target=TARGET_COVERAGE)


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of the lots by chance of sale: its mean chance, the share sold, where the true share lies."""

    offered: int
    chance: float
    sold: float
    low: float
    high: float


def tenths(run: BacktestRun) -> list[Tenth]:
    """How the chances of sale held; empty where none were given, and for runs from before this was kept."""
    kept = (run.figures.get("sale_chance") or {}).get("tenths", ())
    return [
        Tenth(
            one["offered"], one["chance"], one["sold"] / one["offered"],
            *rate_range(one["sold"], one["offered"]),
        )
        for one in kept
    ]  # fmt: skip


def chance_chart(found: Sequence[Tenth]) -> charts.PairChart | None:
    """The chance that was given against the share that was sold; on the line both are equal."""
    return charts.shares(
        [charts.Pair(one.chance, one.sold, f"n = {one.offered:,}:", one.low, one.high) for one in found]
    )


def ratio_chart(lots: Sequence[Mapping[str, Any]]) -> charts.SpreadChart | None:
    """The latest estimates one by one, as times the price, each with its range; 1 is the price itself."""
    rows = [
        charts.Spread(lot["month"] or "–", lot["ratio"], low=lot["low"], high=lot["high"])
        for lot in sorted(lots, key=lambda lot: str(lot["month"]), reverse=True)[:ONE_BY_ONE]
    ]
    return charts.spreads(rows, ratio=True, target=(1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with what it has to be and what the other estimates scored.

    Attributes:
        value: None where it was not measured. missed: it does not reach its target.
        others: of the class median, the asking price and the challenger, None where they have none.
        noise: what an unbiased estimate scores when prices scatter as widely; None where that says nothing.
    """

    name: str
    value: float | None
    target: Target | None
    missed: bool
    others: tuple[float | None, ...]
    noise: float | None = None


# In the order of the page. The last ones are of the estimate alone.
_MEASURES: Final = ("mdape", "ppe20", "within_50", "median_ratio", "slope", "cod", "prd", "prb")
_RANGES: Final = ("coverage_80", "width_80", "coverage_50", "width_50")
OTHERS: Final = ("class_median", "asking", "challenger")
# The share of a normal spread that lies within so many deviations of the middle: 80 % within 1.2816.
_EIGHTY: Final = 1.2816


def measures(figures: Mapping[str, Any]) -> list[Measure]:
    """The figures of a run, each beside its target and the other estimates."""
    targets = {target.figure: target for target in TARGETS}
    missed = {miss.target.figure for miss in misses(figures)}
    noise = _noise(figures)
    return [
        Measure(
            name,
            figures.get(name),
            targets.get(name),
            name in missed,
            tuple((figures.get(other) or {}).get(name) for other in OTHERS),
            noise.get(name),
        )
        for name in (*_MEASURES, *_RANGES)
        if name in figures
    ]


def _noise(figures: Mapping[str, Any]) -> dict[str, float]:
    """What noise alone scores at the width of the ranges that were given."""
    width = figures.get("width_80")
    if not width or width <= 1:
        return {}
    alone = noise_only(log(width) / (2 * _EIGHTY))
    return {"mdape": alone.median_error, "cod": alone.cod, "prd": alone.prd}
