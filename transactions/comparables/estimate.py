"""From candidates to a figure with a range, or to an honest no.

Selection: whatever is not rejected, nearest first, up to ten whose adjustments stay within the limits.
Figure: the weighted median of the adjusted prices, from five comparables on; with three or four the list is
shown without a figure, with fewer nothing is claimed.
Range: from the lowest to the highest adjusted comparable. If the next sale is of the same kind as the n
comparables, it falls between them with probability (n − 1)/(n + 1), whatever the distribution: each of the
n + 1 places in the order is as likely as any other. That is 67 % for five and 82 % for ten.
Stability: the lowest and highest figure when any one comparable is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from marketplace.money import half_up
from transactions.comparables import similarity, trend
from transactions.comparables.adjustment import Adjusted, adjust
from transactions.comparables.values import DEFAULT, Candidate, Rejection, Settings, Subject

LEAST_SHOWN = 3


class Verdict(StrEnum):
    RANGE = "range"
    TOO_FEW_FOR_A_RANGE = "too_few_for_a_range"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Rejected:
    candidate: Candidate
    reason: Rejection


@dataclass(frozen=True, slots=True)
class Figure:
    """Minor units of the subject's currency.

    Attributes:
        low_minor, high_minor: lowest and highest adjusted comparable.
        coverage: the probability that a next sale of the same kind falls between them.
        without_one_low_minor, without_one_high_minor: the figure when any one comparable is left out.
    """

    median_minor: int
    low_minor: int
    high_minor: int
    coverage: Fraction
    without_one_low_minor: int
    without_one_high_minor: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a reader needs to follow the figure, or to see why there is none.

    Attributes:
        offered, sold: how many lots of the family within reach were offered and sold; prices of sold lots
            alone overstate what a typical lot fetches where few sell.
    """

    subject: Subject
    verdict: Verdict
    comparables: tuple[Adjusted, ...]
    rejected: tuple[Rejected, ...]
    figure: Figure | None
    offered: int
    sold: int


def compare(subject: Subject, candidates: Iterable[Candidate], settings: Settings = DEFAULT) -> Comparison:
    """Compare the subject with earlier sales; the order of the candidates makes no difference."""
    usable: list[Candidate] = []
    rejected: list[Rejected] = []
    for candidate in sorted(candidates, key=lambda one: one.identity):
        reason = similarity.rejection(subject, candidate, settings)
        if reason is None:
            usable.append(candidate)
        else:
            rejected.append(Rejected(candidate, reason))
    used, left = _nearest(subject, usable, settings)
    verdict = _verdict(len(used), settings)
    unsold = sum(_offered_in_vain(subject, item.candidate, settings) for item in rejected)
    return Comparison(
        subject=subject,
        verdict=verdict,
        comparables=tuple(used),
        rejected=(*rejected, *left),
        figure=_figure(used) if verdict is Verdict.RANGE else None,
        offered=len(usable) + unsold,
        sold=len(usable),
    )


def _nearest(
    subject: Subject, usable: list[Candidate], settings: Settings
) -> tuple[list[Adjusted], list[Rejected]]:
    measured = trend.measure(subject, usable, settings)
    by_distance = sorted((similarity.distance(subject, one), one.identity, one) for one in usable)
    used: list[Adjusted] = []
    left: list[Rejected] = []
    for distance, _identity, candidate in by_distance:
        if len(used) == settings.most:
            left.append(Rejected(candidate, Rejection.NEARER_ONES_USED))
        elif distance > settings.distance_limit:
            left.append(Rejected(candidate, Rejection.TOO_DIFFERENT))
        else:
            adjusted = adjust(subject, candidate, distance, measured, settings)
            if adjusted.gross_basis_points > settings.gross_limit:
                left.append(Rejected(candidate, Rejection.ADJUSTED_TOO_MUCH))
            else:
                used.append(adjusted)
    return used, left


def _verdict(count: int, settings: Settings) -> Verdict:
    if count >= settings.least:
        return Verdict.RANGE
    return Verdict.TOO_FEW_FOR_A_RANGE if count >= LEAST_SHOWN else Verdict.INSUFFICIENT


def _offered_in_vain(subject: Subject, candidate: Candidate, settings: Settings) -> bool:
    return (
        candidate.outcome.value == "unsold"
        and candidate.family is subject.family
        and candidate.sold_on is not None
        and 0 <= similarity.age_months(candidate.sold_on, subject.on) <= settings.oldest_months
    )


def _figure(used: Sequence[Adjusted]) -> Figure:
    prices = [one.adjusted_minor for one in used]
    without_one = [weighted_median([*used[:place], *used[place + 1 :]]) for place in range(len(used))]
    return Figure(
        median_minor=weighted_median(used),
        low_minor=min(prices),
        high_minor=max(prices),
        coverage=Fraction(len(used) - 1, len(used) + 1),
        without_one_low_minor=min(without_one),
        without_one_high_minor=max(without_one),
    )


def weighted_median(used: Sequence[Adjusted]) -> int:
    """The price at which half of the weight is reached; the middle of two where it is reached exactly."""
    ordered = sorted(used, key=lambda one: one.adjusted_minor)
    half = Fraction(sum(one.weight for one in ordered), 2)
    reached = 0
    for place, one in enumerate(ordered):
        reached += one.weight
        if reached > half:
            return one.adjusted_minor
        if reached == half:
            return half_up(Fraction(one.adjusted_minor + ordered[place + 1].adjusted_minor, 2))
    raise ValueError("a median of nothing")
