"""From candidates to a figure with a range, or to an honest no.

Two figures, from five comparables on; with three or four the list is shown without, with fewer nothing is
claimed. *If it is sold*: the weighted median of the adjusted comparables. *When it is offered*, sold or
not: the median of these and of the unsold lots as near as they, which lies lower because only those lots
sell whose best bid reaches the start price (`medians`). With a fitted model the first answers to its price
if sold, the second to its top bid.
Range: from the lowest to the highest adjusted comparable. If the next sale is of the same kind as the n
comparables, it falls between them with probability (n − 1)/(n + 1), whatever the distribution: each of the
n + 1 places in the order is as likely as any other. That is 67 % for five and 82 % for ten.
Stability: the lowest and highest figure when any one comparable is left out. No comparable has more than a
quarter of the weight.
"""

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from transactions.comparables.adjustment import Adjusted, Observed
from transactions.comparables.learning import NOTHING_LEARNED, Learned
from transactions.comparables.medians import Median, Point, capped, weighted_median
from transactions.comparables.selection import Rejected, select
from transactions.comparables.values import DEFAULT, Candidate, Settings, Subject

LEAST_SHOWN = 3


class Verdict(StrEnum):
    RANGE = "range"
    TOO_FEW_FOR_A_RANGE = "too_few_for_a_range"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Figure:
    """Minor units of the subject's currency.

    Attributes:
        median_minor: what such a lot fetches if it is sold.
        low_minor, high_minor: lowest and highest adjusted comparable.
        coverage: the probability that a next sale of the same kind falls between them.
        without_one_low_minor, without_one_high_minor: the median when any one comparable is left out.
        offered_minor: what the middle one of such lots fetches when it is offered, sold or not.
        offered_at_most: that lies below everything observed, and `offered_minor` is only its upper bound.
        log_error: standard error of the logarithm of `median_minor`, from the scatter of the comparables.
    """

    median_minor: int
    low_minor: int
    high_minor: int
    coverage: Fraction
    without_one_low_minor: int
    without_one_high_minor: int
    offered_minor: int
    offered_at_most: bool
    log_error: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a reader needs to follow the figure, or to see why there is none.

    Attributes:
        comparables: the sold lots used. attempts: the unsold ones. Every other candidate is in `rejected`.
        offered, sold: how many lots that might have served were offered and sold.
        learned: the weights and factors used.
    """

    subject: Subject
    verdict: Verdict
    comparables: tuple[Adjusted, ...]
    attempts: tuple[Adjusted, ...]
    rejected: tuple[Rejected, ...]
    figure: Figure | None
    offered: int
    sold: int
    learned: Learned = NOTHING_LEARNED


def compare(
    subject: Subject,
    candidates: Iterable[Candidate],
    settings: Settings = DEFAULT,
    learned: Learned = NOTHING_LEARNED,
) -> Comparison:
    """Compare the subject with earlier sales; the order of the candidates makes no difference.

    Args:
        subject: the lot whose price is asked for.
        candidates: earlier sales and attempts, amounts in the subject's currency.
        settings: the numbers of the method.
        learned: weights of the distance and factors of the lines, of a fitted model or the defaults.
    """
    selection = select(subject, candidates, settings, learned)
    used = _capped(selection.used, settings)
    verdict = _verdict(len(used), settings)
    return Comparison(
        subject=subject,
        verdict=verdict,
        comparables=used,
        attempts=selection.attempts,
        rejected=selection.rejected,
        figure=figure_of(used, selection.attempts, settings) if verdict is Verdict.RANGE else None,
        offered=selection.offered,
        sold=selection.sold,
        learned=learned,
    )


def _capped(chosen: Sequence[Adjusted], settings: Settings) -> tuple[Adjusted, ...]:
    weights = capped([one.weight for one in chosen], settings.influence_limit)
    return tuple(replace(one, weight=weight) for one, weight in zip(chosen, weights, strict=True))


def _verdict(count: int, settings: Settings) -> Verdict:
    if count >= settings.least:
        return Verdict.RANGE
    return Verdict.TOO_FEW_FOR_A_RANGE if count >= LEAST_SHOWN else Verdict.INSUFFICIENT


def figure_of(used: Sequence[Adjusted], attempts: Sequence[Adjusted], settings: Settings) -> Figure:
    """The figure of comparables and of unsold lots; raises ValueError without any comparable."""
    prices = [one.adjusted_minor for one in used]
    offered = median_of(_capped((*used, *attempts), settings))
    others = [(*used[:place], *used[place + 1 :]) for place in range(len(used))]
    # Of a single one nothing is left to be without it: the figure cannot move.
    without_one = [median_of(rest or used).minor for rest in others]
    return Figure(
        median_minor=median_of(used).minor,
        low_minor=min(prices),
        high_minor=max(prices),
        coverage=Fraction(len(used) - 1, len(used) + 1),
        without_one_low_minor=min(without_one),
        without_one_high_minor=max(without_one),
        offered_minor=offered.minor,
        offered_at_most=offered.at_most,
        log_error=_log_error(used),
    )


def median_of(chosen: Iterable[Adjusted]) -> Median:
    """The weighted median of adjusted amounts, those of BELOW_START as bounds; ValueError of nothing."""
    return weighted_median(
        Point(one.adjusted_minor, one.weight, one.observed is Observed.BELOW_START) for one in chosen
    )


# The standard error of a median of normal values is that of their mean times this.
_OF_A_MEDIAN = math.sqrt(math.pi / 2)


def _log_error(used: Iterable[Adjusted]) -> float:
    priced = [one for one in used if one.adjusted_minor > 0]
    if not priced:
        return math.inf
    logs = [math.log(one.adjusted_minor) for one in priced]
    middle = statistics.median(logs)
    # 1.4826 times the median deviation is the standard deviation of normal values.
    scatter = 1.4826 * statistics.median(abs(value - middle) for value in logs)
    weights = [one.weight for one in priced]
    worth = sum(weights) ** 2 / sum(weight**2 for weight in weights)
    return _OF_A_MEDIAN * scatter / math.sqrt(worth)
