"""The chance that a lot sells at a start price. Pure.

It is logistic in how far the expected top bid lies above the start price, with terms for the round and the
type of right, all learned from lots outside the fold they were estimated from. It answers for a start price
that its setter chose as such setters do. What another start price would do to the same lot is asked of
`reserve`.
"""

import math

from transactions.hedonics import features
from transactions.hedonics.attributes import FIRST_ROUND, LotAttributes
from transactions.hedonics.model import HedonicModel
from transactions.hedonics.prediction import log_of, log_units, total_spread


def sale_chance(model: HedonicModel, lot: LotAttributes, start_price_minor: int) -> float:
    """The chance that somebody bids the start price.

    Raises:
        ValueError: when the start price is not above nothing.
    """
    if start_price_minor <= 0:
        raise ValueError("a start price is above nothing")
    return chance_at(model, lot, log_units(start_price_minor, model.currency))


def chance_at(model: HedonicModel, lot: LotAttributes, log_start: float) -> float:
    """The same, of the logarithm of a start price in whole units."""
    chance = model.chance
    marks = math.fsum(chance.marks.get(mark, 0.0) for mark in sorted(chance_marks(lot)))
    return logistic(chance.constant + chance.slope * standing(model, lot, log_start) + marks)


def standing(model: HedonicModel, lot: LotAttributes, log_start: float) -> float:
    """By how many standard deviations the expected top bid lies above the start price."""
    return (log_of(model.price, model, lot) - log_start) / total_spread(model)


def chance_marks(lot: LotAttributes) -> frozenset[str]:
    """The marks that the chance of sale knows: round, type of right, forced."""
    known = {f"type:{lot.asset_type}"}
    if lot.round_word != FIRST_ROUND:
        known.add(f"round:{lot.round_word}")
    return (features.marks(lot) & known) | ({"forced"} if lot.forced else frozenset())


def logistic(value: float) -> float:
    """1 / (1 + exp(−value)), without overflow."""
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))
