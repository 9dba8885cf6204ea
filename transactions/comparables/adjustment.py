"""One comparable, adjusted line by line until it answers for the subject.

The unit of comparison is the price per right: the price is first scaled to the subject's number of rights,
and then each line changes it by whole basis points. Every amount is rounded half up as it appears, so that
the lines of the grid add up to its last one.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from marketplace.money import half_up
from transactions.comparables.factors import Line
from transactions.comparables.learning import NOTHING_LEARNED, Learned
from transactions.comparables.similarity import age_months, amount_of
from transactions.comparables.trend import Trend
from transactions.comparables.values import Candidate, Settings, Subject
from transactions.rules.words import ProofGrade, SaleOutcome


class Observed(StrEnum):
    """What the amount of a lot tells of its value."""

    PRICE = "price"
    TOP_BID = "top_bid"
    BELOW_START = "below_start"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One line: what it changes, in basis points and in minor units. `cut`: the limit of one line was met."""

    line: Line
    basis_points: int
    minor: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A comparable in the grid.

    Attributes:
        observed: what `adjusted_minor` comes from; for BELOW_START the value is less than that.
        scaled_minor: its amount per right times the subject's number of rights.
        adjusted_minor: after all lines.
        gross_basis_points: the sum of the lines regardless of sign.
        weight: whole number; nearness × proof × youth, in millionths.
    """

    candidate: Candidate
    distance: float
    scaled_minor: int
    lines: tuple[Adjustment, ...]
    adjusted_minor: int
    gross_basis_points: int
    weight: int
    observed: Observed = Observed.PRICE


def adjust(
    subject: Subject,
    candidate: Candidate,
    distance: float,
    trend: Trend,
    *,
    settings: Settings,
    learned: Learned = NOTHING_LEARNED,
) -> Adjusted:
    """The comparable's line of the grid. The candidate must have passed `similarity.rejection`."""
    amount = amount_of(candidate)
    if amount is None or candidate.number_of_rights is None or candidate.sold_on is None:
        raise ValueError("a candidate without amount, size or date was to be rejected before")
    scaled = running = half_up(Fraction(amount * subject.number_of_rights, candidate.number_of_rights))
    age = age_months(candidate.sold_on, subject.on)
    lines = []
    for line, change in learned.lines(subject, candidate, math.log(trend.factor(age))).items():
        adjustment = _line(line, change, running, settings)
        lines.append(adjustment)
        running += adjustment.minor
    return Adjusted(
        candidate=candidate,
        distance=distance,
        scaled_minor=scaled,
        lines=tuple(lines),
        adjusted_minor=running,
        gross_basis_points=sum(abs(line.basis_points) for line in lines),
        weight=_weight(distance, candidate.grade, age, settings),
        observed=_observed(candidate),
    )


def _line(line: Line, change: float, running: int, settings: Settings) -> Adjustment:
    exact = round(math.expm1(change) * 10_000)
    points = max(-settings.line_limit, min(settings.line_limit, exact))
    return Adjustment(line, points, half_up(Fraction(running * points, 10_000)), points != exact)


def _observed(candidate: Candidate) -> Observed:
    if candidate.outcome is SaleOutcome.SOLD:
        return Observed.PRICE
    return Observed.TOP_BID if candidate.top_bid_minor else Observed.BELOW_START


# Reference: weights of source grades.
_GRADE_WEIGHTS = {ProofGrade.A: 1.0, ProofGrade.B: 0.9, ProofGrade.C: 0.6, ProofGrade.D: 0.3}


def _weight(distance: float, grade: ProofGrade, age: float, settings: Settings) -> int:
    youth = math.exp2(-age / settings.half_life_months)
    return max(1, round(1_000_000 * (1 - distance) * _GRADE_WEIGHTS[grade] * youth))
