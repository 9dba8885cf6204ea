"""By how much a difference in one feature changes a price, where no model has been fitted that says so.

With a fitted model the lines of the grid come from that (`of_model`), so that the grid's percentages and the
regression agree by construction. Without one only those differences are adjusted for which there is a
figure to rely on; the others count in the distance alone.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from transactions.comparables.values import Candidate, Subject
from transactions.rules.words import AssetFamily, ProofGrade


class Line(StrEnum):
    """The lines of the grid, in their order."""

    SIZE = "size"
    TIME = "time"
    TECHNOLOGY = "technology"
    KIND = "kind"
    LIFE = "life"
    CLAIMS = "claims"
    CITATIONS = "citations"
    FAMILY_SIZE = "family_size"
    EVIDENCE = "evidence"
    FORCED = "forced"
    ROUND = "round"
    CHANNEL = "channel"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Factors:
    """Coefficients of log price.

    Attributes:
        size: elasticity of the total price in the number of rights. 1 would make the price per right the same
            in every lot; 35 published portfolio deals give 1.08 ± 0.08, studies of auctioned lots find that
            more rights in a lot lower the price of each, and 0.85 stands between.
        discount_rate: a year, for the worth of the remaining life as a level income until expiry.
        forced: what a forced sale fetches of a voluntary one, in logs: the floor of a first court auction
            is 70 % of the assessed price (法释〔2016〕18号, article 10).
        later_round: for each earlier failed round: the next may start at most 20 % lower.
        headline: what an ordinary lot fetches of a sale that made the news: published deals averaged 2.8
            times the asking price of ordinary packages of the same years.
    """

    size: float = 0.85
    discount_rate: float = 0.15
    forced: float = math.log(0.7)
    later_round: float = math.log(0.8)
    headline: float = -math.log(2.8)


DEFAULT_FACTORS = Factors()


def logs(
    subject: Subject, candidate: Candidate, trend: float, factors: Factors = DEFAULT_FACTORS
) -> dict[Line, float]:
    """What the candidate's price per right is to be changed by, in logs, line by line, before any limit.

    Args:
        subject: the lot whose price is asked for.
        candidate: a sale with its number of rights.
        trend: the log of how prices moved from the sale to the day asked about.
        factors: the coefficients.
    """
    sizes = subject.number_of_rights / (candidate.number_of_rights or 1)
    return {
        Line.SIZE: (factors.size - 1) * math.log(sizes),
        Line.TIME: trend,
        Line.LIFE: _life(subject, candidate, factors.discount_rate),
        Line.FORCED: factors.forced * (int(subject.forced) - int(candidate.forced)),
        Line.ROUND: factors.later_round * (subject.rounds_before - candidate.rounds_before),
        Line.PROOF: headline(candidate, factors),
    }


def headline(candidate: Candidate, factors: Factors = DEFAULT_FACTORS) -> float:
    """What a price is to be changed by that was only told of."""
    return factors.headline if candidate.grade is ProofGrade.D else 0.0


def _life(subject: Subject, candidate: Candidate, rate: float) -> float:
    """The worth of a level income until one expiry over that until the other; a trademark is renewed."""
    one, other = subject.remaining_life_months, candidate.remaining_life_months
    if one is None or other is None or subject.family is AssetFamily.TRADEMARK:
        return 0.0
    # A right in its last months is still worth its last year: the formula would leave nothing of it.
    years = (max(one, 12) / 12, max(other, 12) / 12)
    return math.log(_annuity(years[0], rate) / _annuity(years[1], rate))


def _annuity(years: float, rate: float) -> float:
    return 1 - math.exp(-years * math.log1p(rate))
