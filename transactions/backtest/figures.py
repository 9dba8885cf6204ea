"""The figures of a backtest. Pure: estimates and what was paid in, numbers out."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import fmean, median

from transactions import ratio_studies

PLACES = 4
_CLOSE, _HALF = 0.2, 0.5

# Segments of fewer sold lots are not shown: they would say more of chance than of the method.
LEAST_OF_A_SEGMENT = 10


@dataclass(frozen=True, slots=True)
class Scored:
    """A lot that was estimated before, and what came of it. Logarithms of one unit.

    Attributes:
        log_estimate: of the price if sold. log_price: None where it was not sold.
        low_80, high_80, low_50, high_50: logarithms of the bounds.
        chance: of a sale at the start price, made with it known; base_rate: the share of the lots known
            until then that were sold. None where there was no start price.
        class_median, asking, challenger: logarithms of the other estimates, None where there is none.
        segments: by what and in which; month: of the sale, "" where it has no date.
    """

    log_estimate: float
    log_price: float | None
    low_80: float
    high_80: float
    low_50: float
    high_50: float
    sold: bool
    chance: float | None
    base_rate: float
    class_median: float | None
    asking: float | None
    challenger: float | None
    segments: dict[str, str]
    month: str


@dataclass(frozen=True, slots=True)
class Errors:
    """How far estimates lay from prices.

    Attributes:
        lots: how many. mdape: the median of |estimate - price| / price. ppe20, within_50: the shares within
            20 and 50 %. median_ratio: of estimate to price. cod, prd, prb: of the IAAO, outliers beyond
            three interquartile ranges left out. slope: of log ratio on log estimate; 0 without price bias.
    """

    lots: int
    mdape: float
    ppe20: float
    within_50: float
    median_ratio: float
    cod: float
    prd: float
    prb: float
    slope: float


@dataclass(frozen=True, slots=True)
class Ranges:
    """How often prices lay in their ranges, and how wide these are: the median of high to low."""

    coverage_80: float
    width_80: float
    coverage_50: float
    width_50: float


@dataclass(frozen=True, slots=True)
class Tenth:
    """A tenth of the offered lots: how many, their mean chance of sale, and how many of them were sold."""

    offered: int
    chance: float
    sold: int


@dataclass(frozen=True, slots=True)
class Chances:
    """How good the chances of sale were.

    Attributes:
        offered: lots with a start price. brier: mean squared error. skill: what of the base rate's error is
            gone. reliability: mean distance between chance and share sold over tenths of the lots.
        tenths: of the lots in order of their chance.
    """

    offered: int
    brier: float
    skill: float
    reliability: float
    tenths: tuple[Tenth, ...]


def errors_of(logs: Sequence[tuple[float, float]]) -> Errors | None:
    """Errors of pairs of log estimate and log price; None of fewer than two pairs."""
    if len(logs) < ratio_studies.LEAST:
        return None
    ratios = [math.exp(estimate - price) for estimate, price in logs]
    off = [abs(ratio - 1) for ratio in ratios]
    middle = median(price for _, price in logs)
    study = ratio_studies.study(
        [math.exp(estimate - middle) for estimate, _ in logs], [math.exp(price - middle) for _, price in logs]
    )
    return Errors(
        lots=len(logs),
        mdape=round(median(off), PLACES),
        ppe20=round(fmean(one <= _CLOSE for one in off), PLACES),
        within_50=round(fmean(one <= _HALF for one in off), PLACES),
        median_ratio=round(median(ratios), PLACES),
        cod=round(study.cod, 2),
        prd=round(study.prd, PLACES),
        prb=round(study.prb, PLACES),
        slope=round(study.slope, PLACES),
    )


def ranges_of(scored: Sequence[Scored]) -> Ranges | None:
    """Of the sold lots; None of none."""
    sold = [(one, one.log_price) for one in scored if one.log_price is not None]
    if not sold:
        return None
    return Ranges(
        coverage_80=round(fmean(one.low_80 <= price <= one.high_80 for one, price in sold), PLACES),
        width_80=round(median(math.exp(one.high_80 - one.low_80) for one, _ in sold), 2),
        coverage_50=round(fmean(one.low_50 <= price <= one.high_50 for one, price in sold), PLACES),
        width_50=round(median(math.exp(one.high_50 - one.low_50) for one, _ in sold), 2),
    )


def chances_of(scored: Sequence[Scored]) -> Chances | None:
    """Of the lots with a start price; None where there are none or the base rate makes no error."""
    offered = [(one.chance, one.base_rate, one.sold) for one in scored if one.chance is not None]
    base = fmean((rate - sold) ** 2 for _, rate, sold in offered) if offered else 0.0
    if base == 0:
        return None
    brier = fmean((chance - sold) ** 2 for chance, _, sold in offered)
    tenths = _tenths([(chance, sold) for chance, _, sold in offered])
    return Chances(
        offered=len(offered),
        brier=round(brier, PLACES),
        skill=round(1 - brier / base, PLACES),
        reliability=round(fmean(abs(one.chance - one.sold / one.offered) for one in tenths), PLACES),
        tenths=tenths,
    )


def _tenths(pairs: list[tuple[float, bool]]) -> tuple[Tenth, ...]:
    ordered = sorted(pairs)
    parts = (ordered[len(ordered) * part // 10 : len(ordered) * (part + 1) // 10] for part in range(10))
    return tuple(
        Tenth(len(part), round(fmean(chance for chance, _ in part), PLACES), sum(sold for _, sold in part))
        for part in parts
        if part
    )


def figures_of(scored: Sequence[Scored]) -> dict[str, object]:
    """All figures as plain data: those of the estimate flat, those of each other estimate under its name."""
    found: dict[str, object] = {"estimated": len(scored)}
    for part in (errors_of(_pairs(scored, lambda one: one.log_estimate)), ranges_of(scored)):
        found |= asdict(part) if part else {}
    chances = chances_of(scored)
    found["sale_chance"] = asdict(chances) if chances else None
    others: dict[str, Callable[[Scored], float | None]] = {
        "class_median": lambda one: one.class_median,
        "asking": lambda one: one.asking,
        "challenger": lambda one: one.challenger,
    }
    for name, estimate in others.items():
        errors = errors_of(_pairs(scored, estimate))
        found[name] = asdict(errors) if errors else None
    return found


def _pairs(scored: Sequence[Scored], estimate: Callable[[Scored], float | None]) -> list[tuple[float, float]]:
    made = ((estimate(one), one.log_price) for one in scored)
    return [(log, price) for log, price in made if log is not None and price is not None]


def segments_of(scored: Sequence[Scored]) -> list[dict[str, object]]:
    """Errors and ranges of each segment with enough sold lots."""
    found: list[dict[str, object]] = []
    for by in sorted({by for one in scored for by in one.segments}):
        for name in sorted({one.segments.get(by, "") for one in scored} - {""}):
            own = [one for one in scored if one.segments.get(by) == name]
            errors, ranges = errors_of(_pairs(own, lambda one: one.log_estimate)), ranges_of(own)
            if errors and ranges and errors.lots >= LEAST_OF_A_SEGMENT:
                found.append({"by": by, "segment": name, **asdict(errors), **asdict(ranges)})
    return found


def lots_of(scored: Sequence[Scored], limit: int = 5000) -> list[dict[str, object]]:
    """Each sold lot's error for a chart: no price, and nothing that names the lot. The latest at most."""
    sold = sorted((one for one in scored if one.log_price is not None), key=lambda one: one.month)
    return [
        {
            "month": one.month,
            "asset_type": one.segments.get("asset_type", ""),
            "ratio": round(math.exp(one.log_estimate - (one.log_price or 0.0)), 3),
            "low": round(math.exp(one.low_80 - (one.log_price or 0.0)), 3),
            "high": round(math.exp(one.high_80 - (one.log_price or 0.0)), 3),
        }
        for one in sold[-limit:]
    ]
