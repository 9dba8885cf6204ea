"""How alike two lots are, and which earlier sales may serve at all.

The distance is Gower's: each feature gives a difference between 0 and 1, and their weighted mean is taken. An
unknown feature counts half. The weights say how much a feature tells about a price.
"""

import math
from datetime import date

from transactions.comparables.values import Candidate, Rejection, Settings, Subject, sector_of
from transactions.rules.words import AUCTIONS, AssetType, Channel, RightSold, SaleOutcome

WEIGHTS = {
    "technology": 3.0,
    "type": 2.0,
    "size": 2.0,
    "life": 1.5,
    "channel": 1.0,
    "forced": 1.0,
    "age": 1.5,
}

UNKNOWN = 0.5

# Ten times as many rights, ten years more to live and ten years between the sales are as far as it gets.
_FARTHEST_SIZE = math.log(10)
_FARTHEST_LIFE_MONTHS = 120
_FARTHEST_AGE_MONTHS = 120

DAYS_A_MONTH = 365.25 / 12


def age_months(sold_on: date, on: date) -> float:
    """Months from the sale to the day asked about."""
    return (on - sold_on).days / DAYS_A_MONTH


def rejection(subject: Subject, candidate: Candidate, settings: Settings) -> Rejection | None:
    """The first reason why the candidate cannot serve, or None. It does not look at the price."""
    if candidate.family is not subject.family:
        return Rejection.OTHER_TYPE
    if candidate.outcome is not SaleOutcome.SOLD or candidate.price_minor is None:
        return Rejection.NOT_SOLD
    return (
        _excluded(candidate)
        or _out_of_time(subject, candidate, settings)
        or _other(subject, candidate, settings)
    )


def _excluded(candidate: Candidate) -> Rejection | None:
    if not candidate.usable:
        return Rejection.EXCLUDED
    if candidate.right_sold is RightSold.LICENCE:
        return Rejection.LICENCE
    if not candidate.arms_length:
        return Rejection.NOT_ARMS_LENGTH
    return None


def _out_of_time(subject: Subject, candidate: Candidate, settings: Settings) -> Rejection | None:
    if candidate.sold_on is None:
        return Rejection.NO_DATE
    if candidate.sold_on > subject.on:
        return Rejection.LATER
    if age_months(candidate.sold_on, subject.on) > settings.oldest_months:
        return Rejection.TOO_OLD
    return None


def _other(subject: Subject, candidate: Candidate, settings: Settings) -> Rejection | None:
    if candidate.number_of_rights is None:
        return Rejection.NO_SIZE
    sizes = sorted((subject.number_of_rights, candidate.number_of_rights))
    if sizes[1] > sizes[0] * settings.size_ratio:
        return Rejection.OTHER_SIZE
    if not candidate.convertible:
        return Rejection.OTHER_CURRENCY
    return None


def differences(subject: Subject, candidate: Candidate) -> dict[str, float]:
    """The difference in each feature, 0 to 1, for a candidate that was not rejected."""
    return {
        "technology": _technology(subject.technology_field, candidate.technology_field),
        "type": _type(subject.asset_type, candidate.asset_type),
        "size": _size(subject.number_of_rights, candidate.number_of_rights),
        "life": _life(subject.remaining_life_months, candidate.remaining_life_months),
        "channel": _channel(subject.channel, candidate.channel),
        "forced": float(subject.forced is not candidate.forced),
        "age": _age(candidate.sold_on, subject.on),
    }


def distance(subject: Subject, candidate: Candidate) -> float:
    """0 for alike in everything, 1 for alike in nothing."""
    parts = differences(subject, candidate)
    return sum(WEIGHTS[name] * part for name, part in parts.items()) / sum(WEIGHTS.values())


def _technology(one: int | None, other: int | None) -> float:
    if one is None or other is None:
        return UNKNOWN
    if one == other:
        return 0.0
    return 0.5 if sector_of(one) == sector_of(other) else 1.0


def _type(one: AssetType, other: AssetType) -> float:
    if one is other:
        return 0.0
    return UNKNOWN if AssetType.PATENT in {one, other} else 1.0


def _size(one: int, other: int | None) -> float:
    return UNKNOWN if other is None else min(1.0, abs(math.log(one / other)) / _FARTHEST_SIZE)


def _life(one: int | None, other: int | None) -> float:
    return UNKNOWN if one is None or other is None else min(1.0, abs(one - other) / _FARTHEST_LIFE_MONTHS)


def _channel(one: Channel, other: Channel) -> float:
    if one is other:
        return 0.0
    return 0.5 if (one in AUCTIONS) == (other in AUCTIONS) else 1.0


def _age(sold_on: date | None, on: date) -> float:
    return UNKNOWN if sold_on is None else min(1.0, age_months(sold_on, on) / _FARTHEST_AGE_MONTHS)
