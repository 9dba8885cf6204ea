"""Ratio studies: how well estimates met the prices that were paid, in the terms of the IAAO.

Pure. A ratio is estimate / price. The measures are those of the Standard on Ratio Studies (International
Association of Assessing Officers, 2013): median ratio, coefficient of dispersion (COD), price-related
differential (PRD), coefficient of price-related bias (PRB), outliers beyond three times the interquartile
range. The IAAO's bands are made for houses. Prices of rights scatter so much that even a perfect model falls
outside all three of them; `noise_only` says what a perfect model would score, and the slope of the log ratio
on the log estimate, which stays at 0 for every unbiased model, is the measure of price bias to judge by.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 2


@dataclass(frozen=True, slots=True)
class RatioStudy:
    """The measures of one set of estimates and prices.

    Attributes:
        count: pairs studied, after trimming. trimmed: pairs left out as outliers.
        median, mean, weighted_mean: of the ratios; weighted is the sum of estimates over that of prices.
        cod: mean absolute deviation from the median ratio, in per cent of it.
        prd: mean over weighted mean; above 1 the dear ones are estimated too low.
        prb: by what share ratios change when values double; below 0 the dear ones are estimated too low.
            0 where all values are equal.
        slope: of ln(ratio) on ln(estimate); 0 for an unbiased model however much it scatters.
        median_error: the median of |estimate − price| / price (MdAPE).
    """

    count: int
    trimmed: int
    median: float
    mean: float
    weighted_mean: float
    cod: float
    prd: float
    prb: float
    slope: float
    median_error: float


@dataclass(frozen=True, slots=True)
class NoiseOnly:
    """What an unbiased model scores when log prices scatter around it by `sigma`, normally."""

    sigma: float
    median_error: float
    cod: float
    prd: float


def study(
    estimates: Sequence[float], prices: Sequence[float], *, iqr_limit: float | None = 3.0
) -> RatioStudy:
    """Study estimates beside the prices paid.

    Args:
        estimates: above 0, one for each lot.
        prices: above 0, of the same lots in the same order and unit.
        iqr_limit: ratios so many interquartile ranges outside the quartiles are left out; None keeps all.

    Raises:
        ValueError: when the two differ in length, hold fewer than two pairs, or an amount is not above 0.
    """
    pairs = _checked(estimates, prices)
    kept = pairs if iqr_limit is None else _trimmed(pairs, iqr_limit)
    ratios = [estimate / price for estimate, price in kept]
    median, mean = statistics.median(ratios), statistics.fmean(ratios)
    weighted = math.fsum(estimate for estimate, _ in kept) / math.fsum(price for _, price in kept)
    return RatioStudy(
        count=len(kept),
        trimmed=len(pairs) - len(kept),
        median=median,
        mean=mean,
        weighted_mean=weighted,
        cod=100 * statistics.fmean(abs(ratio - median) for ratio in ratios) / median,
        prd=mean / weighted,
        prb=_price_related_bias(kept, median),
        slope=_slope(
            [math.log(estimate) for estimate, _ in kept],
            [math.log(estimate / price) for estimate, price in kept],
        ),
        median_error=statistics.median(abs(ratio - 1) for ratio in ratios),
    )


def _checked(estimates: Sequence[float], prices: Sequence[float]) -> list[tuple[float, float]]:
    pairs = list(zip(estimates, prices, strict=True))
    if len(pairs) < LEAST:
        raise ValueError(f"a ratio study needs at least {LEAST} pairs, not {len(pairs)}")
    if any(estimate <= 0 or price <= 0 for estimate, price in pairs):
        raise ValueError("estimates and prices must be above 0")
    return pairs


def _trimmed(pairs: list[tuple[float, float]], limit: float) -> list[tuple[float, float]]:
    ratios = [estimate / price for estimate, price in pairs]
    first, _, third = statistics.quantiles(ratios, n=4, method="inclusive")
    reach = limit * (third - first)
    return [
        pair for pair, ratio in zip(pairs, ratios, strict=True) if first - reach <= ratio <= third + reach
    ]


def _price_related_bias(pairs: list[tuple[float, float]], median: float) -> float:
    """Relative deviations of the ratios regressed on the binary log of the value.

    The value stands half on the price and half on the estimate at the common level, so that neither's error
    makes a slope of its own.
    """
    values = [math.log2((estimate / median + price) / 2) for estimate, price in pairs]
    return _slope(values, [(estimate / price - median) / median for estimate, price in pairs])


def _slope(across: Sequence[float], up: Sequence[float]) -> float:
    """Of the least-squares line; 0 where all of `across` are equal, because nothing can be seen there."""
    if min(across) == max(across):
        return 0.0
    return statistics.linear_regression(across, up).slope


_HALVINGS = 60


def noise_only(sigma: float) -> NoiseOnly:
    """The scores of a perfect model whose residual log noise is normal with standard deviation `sigma`.

    COD = exp(σ²/2)·(2Φ(σ) − 1) and PRD = exp(σ²) follow from the log-normal distribution; the median error is
    the e for which half of the ratios lie within 1 ± e.

    Raises:
        ValueError: when sigma is not above 0.
    """
    if sigma <= 0:
        raise ValueError("sigma must be above 0")
    normal = statistics.NormalDist()
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        within = normal.cdf(math.log1p(middle) / sigma) - normal.cdf(math.log1p(-middle) / sigma)
        low, high = (middle, high) if within < 1 / 2 else (low, middle)
    return NoiseOnly(
        sigma=sigma,
        median_error=high,
        cod=100 * math.exp(sigma**2 / 2) * (2 * normal.cdf(sigma) - 1),
        prd=math.exp(sigma**2),
    )
