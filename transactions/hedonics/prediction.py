"""What a lot fetches by a fitted model: the price if it sells, in a range, and the top bid. Pure.

Two figures that differ. The *top bid* is what bidding would reach with no start price in its way; lots that
nobody bid for have taught the model how low it may be. The *price if sold* is what the lots that sold were
sold for; it lies higher, because only those sell whose top bid reaches the start price. Both are medians. The
range is cross-conformal: of sold lots that the model had not seen, 80 in 100 lay in the range of 80 %.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from marketplace.money import MINOR_LIMIT, exponent, half_up
from transactions.hedonics import features
from transactions.hedonics.attributes import LotAttributes, quarter, quarter_text
from transactions.hedonics.model import HedonicModel, Terms

# No prediction leaves what a column can hold.
_LOG_LIMIT = math.log(10**14)


@dataclass(frozen=True, slots=True)
class Range:
    """Minor units."""

    low_minor: int
    high_minor: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """Amounts are minor units of `currency`, logarithms are of whole units.

    Attributes:
        log_point: the logarithm of the price if sold, median_minor; log_spread is the standard deviation
            that the range of 80 % would have if it were normal, for weighing it against other estimates.
        mean_minor: the mean of the price if sold, by smearing: what many such lots fetch on average.
        top_bid_log, top_bid_spread: mean and standard deviation of the log top bid.
        difficulty: 1 for a lot of which all is known among many like it; ranges widen by it.
        bin: the type of right whose residuals made the range; "" for those of all types.
    """

    currency: str
    model_version: str
    log_point: float
    log_spread: float
    median_minor: int
    mean_minor: int
    range_50: Range
    range_80: Range
    top_bid_log: float
    top_bid_spread: float
    top_bid_minor: int
    difficulty: float
    bin: str


def predict(model: HedonicModel, lot: LotAttributes) -> Prediction:
    """Estimate a lot from its attributes alone: no price, no start price, no bid."""
    point, hardness = log_of(model.price, model, lot), difficulty(model, lot)
    name = lot.asset_type if lot.asset_type in model.scores else ""
    scores = model.scores[name]
    low, high = between(scores, 0.8)
    middle = point + hardness * median(scores)
    return Prediction(
        currency=model.currency,
        model_version=model.version,
        log_point=middle,
        log_spread=hardness * (high - low) / (2 * 1.2815516),
        median_minor=amount(middle, model.currency),
        mean_minor=amount(
            point + math.log(math.fsum(math.exp(hardness * one) for one in scores) / len(scores)),
            model.currency,
        ),
        range_50=_range(point, hardness, between(scores, 0.5), model.currency),
        range_80=_range(point, hardness, (low, high), model.currency),
        top_bid_log=point,
        top_bid_spread=total_spread(model) * hardness,
        top_bid_minor=amount(point, model.currency),
        difficulty=hardness,
        bin=name,
    )


def contributions(terms: Terms, model: HedonicModel, lot: LotAttributes) -> dict[str, float]:
    """What each term adds to the logarithm, by `kind:name`; their sum is `log_of`."""
    found = {"constant": terms.constant}
    for name, value in features.measures(lot).items():
        if name not in terms.measures:
            continue
        if value is None:
            found[f"unknown:{name}"] = terms.unknown.get(name, 0.0)
        else:
            found[f"measure:{name}"] = (
                terms.measures[name] * (value - model.means[name]) / model.spreads[name]
            )
    found |= {
        f"mark:{name}": terms.marks[name] for name in sorted(features.marks(lot)) if name in terms.marks
    }
    found |= {
        f"group:{name}": terms.groups[name] * share
        for name, share in sorted(features.groups(lot).items())
        if name in terms.groups
    }
    return found | {"level": _level(terms, lot)}


def log_of(terms: Terms, model: HedonicModel, lot: LotAttributes) -> float:
    """The sum of the terms."""
    return math.fsum(contributions(terms, model, lot).values())


def _level(terms: Terms, lot: LotAttributes) -> float:
    """The price level of the lot's quarter: before the first it is that one's, after the last the last's."""
    if lot.on is None or not terms.levels:
        return 0.0
    text = quarter_text(quarter(lot.on))
    known = [name for name in terms.levels if name <= text]
    return terms.levels[max(known)] if known else 0.0


def difficulty(model: HedonicModel, lot: LotAttributes) -> float:
    """How much wider than the ordinary range this lot's is: few lots of its class, or much unknown.

    An effect that rests on n lots under a penalty p still has the variance 1 / (p + n), and an unknown
    measure leaves what it usually makes.
    """
    own = model.lots.get(features.own_group(lot), 0)
    extra = 1 / (model.penalties["groups"] + own)
    for name, value in features.measures(lot).items():
        if value is None:
            extra += (model.price.measures.get(name, 0.0) / model.sigma) ** 2
    return math.sqrt(1 + extra)


def total_spread(model: HedonicModel) -> float:
    """Standard deviation of the log top bid while the start price is not known."""
    return math.hypot(model.sigma, model.signal * model.start_spread)


def between(scores: Sequence[float], share: float) -> tuple[float, float]:
    """The scores between which the next one falls with at least this probability, as far as there are any.

    Of n sorted scores the next one is as likely to fall into any of the n + 1 gaps.
    """
    count = len(scores)
    tail = (1 - share) / 2
    below = math.floor(tail * (count + 1) + 1e-9)
    above = math.ceil((1 - tail) * (count + 1) - 1e-9)
    return scores[max(below, 1) - 1], scores[min(above, count) - 1]


def median(scores: Sequence[float]) -> float:
    """The middle of sorted scores, or the mean of the two in the middle."""
    count = len(scores)
    return (scores[(count - 1) // 2] + scores[count // 2]) / 2


def amount(log: float, currency: str) -> int:
    """The amount whose logarithm this is, in minor units, between 1 and what a column can hold."""
    units = Fraction(math.exp(min(max(log, -_LOG_LIMIT), _LOG_LIMIT)))
    return min(max(half_up(units * 10 ** exponent(currency)), 1), MINOR_LIMIT - 1)


def log_units(minor: int, currency: str) -> float:
    """The logarithm of an amount in whole units; the amount has to be more than nothing."""
    return math.log(minor) - exponent(currency) * math.log(10)


def _range(point: float, hardness: float, scores: tuple[float, float], currency: str) -> Range:
    low, high = scores
    return Range(amount(point + hardness * low, currency), amount(point + hardness * high, currency))
