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
from transactions.comparables.similarity import age_months
from transactions.comparables.trend import Trend
from transactions.comparables.values import Candidate, Settings, Subject
from transactions.rules.words import AssetFamily, ProofGrade


class Line(StrEnum):
    """The lines of the grid, in their order."""

    SIZE = "size"
    TIME = "time"
    LIFE = "life"
    FORCED = "forced"
    PROOF = "proof"


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
        scaled_minor: its price per right times the subject's number of rights.
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


def adjust(
    subject: Subject, candidate: Candidate, distance: float, trend: Trend, settings: Settings
) -> Adjusted:
    """The comparable's line of the grid. The candidate must have passed `similarity.rejection`."""
    if candidate.price_minor is None or candidate.number_of_rights is None or candidate.sold_on is None:
        raise ValueError("a candidate without price, size or date was to be rejected before")
    share = Fraction(subject.number_of_rights, candidate.number_of_rights)
    scaled = running = half_up(candidate.price_minor * share)
    age = age_months(candidate.sold_on, subject.on)
    lines = []
    for line, factor in _factors(subject, candidate, trend.factor(age), settings).items():
        exact = round((factor - 1) * 10_000)
        points = max(-settings.line_limit, min(settings.line_limit, exact))
        change = half_up(Fraction(running * points, 10_000))
        lines.append(Adjustment(line, points, change, points != exact))
        running += change
    return Adjusted(
        candidate=candidate,
        distance=distance,
        scaled_minor=scaled,
        lines=tuple(lines),
        adjusted_minor=running,
        gross_basis_points=sum(abs(line.basis_points) for line in lines),
        weight=_weight(distance, candidate.grade, age, settings),
    )


def _factors(subject: Subject, candidate: Candidate, trend: float, settings: Settings) -> dict[Line, float]:
    sizes = subject.number_of_rights / (candidate.number_of_rights or 1)
    return {
        Line.SIZE: sizes ** (settings.size_elasticity - 1),
        Line.TIME: trend,
        Line.LIFE: _life(subject, candidate, settings.discount_rate),
        Line.FORCED: settings.forced_factor ** (int(subject.forced) - int(candidate.forced)),
        Line.PROOF: settings.headline_factor if candidate.grade is ProofGrade.D else 1.0,
    }


def _life(subject: Subject, candidate: Candidate, rate: float) -> float:
    """The worth of a level income until one expiry over that until the other; a trademark is renewed."""
    one, other = subject.remaining_life_months, candidate.remaining_life_months
    if one is None or other is None or subject.family is AssetFamily.TRADEMARK:
        return 1.0
    # A right in its last months is still worth its last year: the formula would leave nothing of it.
    years = (max(one, 12) / 12, max(other, 12) / 12)
    return _annuity(years[0], rate) / _annuity(years[1], rate)


def _annuity(years: float, rate: float) -> float:
    return 1 - math.exp(-years * math.log1p(rate))


# Reference: weights of source grades.
_GRADE_WEIGHTS = {ProofGrade.A: 1.0, ProofGrade.B: 0.9, ProofGrade.C: 0.6, ProofGrade.D: 0.3}


def _weight(distance: float, grade: ProofGrade, age: float, settings: Settings) -> int:
    youth = math.exp2(-age / settings.half_life_months)
    return max(1, round(1_000_000 * (1 - distance) * _GRADE_WEIGHTS[grade] * youth))
