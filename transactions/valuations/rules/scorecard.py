"""The scorecard: legal, technical, market and economic factors, each scored 1 to 5 by a person.

The factors follow the levels of common practice in China (legal, technical, economic value, with the market
set apart); the weights are this project's defaults, not those of any standard, and a bank that holds another
table states its own scores there. How stable the right is multiplies the legal part, as a veto: claims that
would fall in an invalidation protect nothing.

The multiplier is shown beside an estimate and never goes into it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from marketplace.errors import Refused
from marketplace.money import half_up
from transactions.valuations.rules.words import ValuationReason

LEAST, MOST = 1, 5
WHOLE = 10_000


class Part(StrEnum):
    LEGAL = "legal"
    TECHNICAL = "technical"
    MARKET = "market"
    ECONOMIC = "economic"


class Factor(StrEnum):
    STABILITY = "stability"
    SCOPE = "scope"
    DETECTABILITY = "detectability"
    INDEPENDENCE_OF_RIGHTS = "independence_of_rights"
    ADVANCE = "advance"
    SUBSTITUTES = "substitutes"
    MATURITY = "maturity"
    RANGE_OF_USE = "range_of_use"
    DEMAND = "demand"
    COMPETITION = "competition"
    BUYERS = "buyers"
    TREND = "trend"
    REMAINING_LIFE = "remaining_life"
    EARNINGS = "earnings"
    LICENCES = "licences"
    COST_OF_USE = "cost_of_use"


@dataclass(frozen=True, slots=True)
class Line:
    """A factor with its part and its weight within the whole, in hundredths."""

    factor: Factor
    part: Part
    weight: int


# Project defaults; they add up to 100.
LINES: tuple[Line, ...] = (
    Line(Factor.STABILITY, Part.LEGAL, 10),
    Line(Factor.SCOPE, Part.LEGAL, 10),
    Line(Factor.DETECTABILITY, Part.LEGAL, 5),
    Line(Factor.INDEPENDENCE_OF_RIGHTS, Part.LEGAL, 5),
    Line(Factor.ADVANCE, Part.TECHNICAL, 7),
    Line(Factor.SUBSTITUTES, Part.TECHNICAL, 7),
    Line(Factor.MATURITY, Part.TECHNICAL, 6),
    Line(Factor.RANGE_OF_USE, Part.TECHNICAL, 5),
    Line(Factor.DEMAND, Part.MARKET, 8),
    Line(Factor.COMPETITION, Part.MARKET, 5),
    Line(Factor.BUYERS, Part.MARKET, 7),
    Line(Factor.TREND, Part.MARKET, 5),
    Line(Factor.REMAINING_LIFE, Part.ECONOMIC, 6),
    Line(Factor.EARNINGS, Part.ECONOMIC, 6),
    Line(Factor.LICENCES, Part.ECONOMIC, 4),
    Line(Factor.COST_OF_USE, Part.ECONOMIC, 4),
)

# What the whole score multiplies by, in hundredths: the worst and the best.
MULTIPLIER_LEAST, MULTIPLIER_MOST = 70, 130


@dataclass(frozen=True, slots=True)
class PartScore:
    """Of one part: basis points of the best possible, and the share of its weight that was scored."""

    part: Part
    score: int
    answered: int


@dataclass(frozen=True, slots=True)
class Score:
    """Of the whole, in basis points of the best possible.

    Attributes:
        answered: the share of all weight that was scored, basis points.
        veto: what the stability of the right left of the legal part, basis points; `WHOLE` without a score.
        multiplier: hundredths; shown beside an estimate, never mixed in.
    """

    score: int
    answered: int
    veto: int
    multiplier: int
    parts: tuple[PartScore, ...]


def check_scores(scores: Mapping[str, int]) -> dict[Factor, int]:
    """The scores by factor; raises Refused, naming the factor, for an unknown one or one outside 1 to 5."""
    known = {factor.value: factor for factor in Factor}
    checked = {}
    for name, points in scores.items():
        if name not in known:
            raise Refused(ValuationReason.UNKNOWN_FACTOR, field=name)
        if not LEAST <= points <= MOST:
            raise Refused(ValuationReason.SCORE_OUT_OF_RANGE, field=name, least=LEAST, most=MOST)
        checked[known[name]] = points
    return checked


def score(scores: Mapping[Factor, int]) -> Score | None:
    """The weighted score of what was answered; None where nothing was."""
    if not scores:
        return None
    veto = _share(scores[Factor.STABILITY]) if Factor.STABILITY in scores else Fraction(1)
    parts = [_part(part, scores, veto if part is Part.LEGAL else Fraction(1)) for part in Part]
    answered = sum(weight for _, weight, _ in parts)
    whole = sum((mean * weight for mean, weight, _ in parts), Fraction()) / answered
    spread = MULTIPLIER_MOST - MULTIPLIER_LEAST
    return Score(
        score=half_up(whole * WHOLE),
        answered=half_up(Fraction(answered * WHOLE, 100)),
        veto=half_up(veto * WHOLE),
        multiplier=MULTIPLIER_LEAST + half_up(whole * spread),
        parts=tuple(
            PartScore(part, half_up(mean * WHOLE), half_up(Fraction(weight * WHOLE, total)))
            for part, (mean, weight, total) in zip(Part, parts, strict=True)
        ),
    )


def _part(part: Part, scores: Mapping[Factor, int], veto: Fraction) -> tuple[Fraction, int, int]:
    """The part's mean share, the weight that was scored, and all of its weight."""
    lines = [line for line in LINES if line.part is part]
    scored = [line for line in lines if line.factor in scores]
    weight = sum(line.weight for line in scored)
    points = sum((line.weight * _share(scores[line.factor]) for line in scored), Fraction())
    return (points / weight * veto if weight else Fraction()), weight, sum(line.weight for line in lines)


def _share(points: int) -> Fraction:
    """1 of 5 is nothing of it, 5 all of it."""
    return Fraction(points - LEAST, MOST - LEAST)


def rate_from_score(low: int, high: int, whole: Score) -> int:
    """A rate between an industry's low and high by the score, k = m + (n − m)·s; basis points.

    Shown beside as a suggestion for the income approach; the user states the rate.
    """
    return low + half_up(Fraction((high - low) * whole.score, WHOLE))
