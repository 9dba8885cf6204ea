"""How alike two lots are, and which earlier sales may serve at all.

The distance is Gower's: each feature gives a difference between 0 and 1, and their weighted mean is taken.
What is not known of the subject tells nothing and is left out; what is not known of a candidate counts
half. The weights say how much a feature tells about a price: learned from the fitted model where there is one
(`learning`), else these.
"""

import math
from collections.abc import Mapping
from datetime import date

from transactions.comparables.technology import UNKNOWN, technology_difference
from transactions.comparables.values import Candidate, Rejection, SaleContext, Settings, Subject
from transactions.rules.words import AUCTIONS, AssetFamily, AssetType, Channel, RightSold, SaleOutcome

WEIGHTS: Mapping[str, float] = {
    "technology": 3.0,
    "type": 2.0,
    "size": 2.0,
    "life": 1.5,
    "age": 1.5,
    "context": 1.0,
    "channel": 1.0,
    "office": 1.0,
    "evidence": 0.5,
    "citations": 0.5,
    "family_size": 0.5,
    "claims": 0.5,
}

# Ten times as many rights, claims, family members or citations, ten years more to live and ten years
# between the sales are as far as it gets.
_TENFOLD = math.log(10)
_FARTHEST_LIFE_MONTHS = 120
_FARTHEST_AGE_MONTHS = 120

DAYS_A_MONTH = 365.25 / 12

# Where a right holds and what it costs to keep depends on its office; a work is protected without one.
REGISTERED = frozenset({AssetFamily.PATENT, AssetFamily.TRADEMARK})

_UNDONE = frozenset({SaleOutcome.REVERSED, SaleOutcome.REAUCTIONED})


def age_months(sold_on: date, on: date) -> float:
    """Months from the sale to the day asked about."""
    return (on - sold_on).days / DAYS_A_MONTH


def rejection(subject: Subject, candidate: Candidate, settings: Settings) -> Rejection | None:
    """The first reason why the candidate cannot serve, or None. It does not look at the price.

    An unsold lot may serve if its best bid, or its start price without any bid, is known: the one is what it
    would have fetched, the other is more than that.
    """
    return (
        _of_another_kind(subject, candidate)
        or _undone(candidate)
        or _excluded(candidate, settings)
        or _out_of_time(subject, candidate, settings)
        or _other(subject, candidate, settings)
    )


def _of_another_kind(subject: Subject, candidate: Candidate) -> Rejection | None:
    if candidate.family is not subject.family:
        return Rejection.OTHER_TYPE
    offices = {subject.office, candidate.office} - {""}
    if subject.family in REGISTERED and len(offices) > 1:
        return Rejection.OTHER_OFFICE
    return None


def _undone(candidate: Candidate) -> Rejection | None:
    if candidate.outcome is SaleOutcome.WITHDRAWN:
        return Rejection.WITHDRAWN
    return Rejection.UNDONE if candidate.outcome in _UNDONE else None


def _excluded(candidate: Candidate, settings: Settings) -> Rejection | None:
    if not candidate.usable:
        return Rejection.EXCLUDED
    if candidate.right_sold is RightSold.LICENCE:
        return Rejection.LICENCE
    if not candidate.arms_length:
        return Rejection.NOT_ARMS_LENGTH
    if candidate.grade.value > settings.worst_grade.value:
        return Rejection.POORLY_PROVED
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
    return Rejection.NOT_SOLD if amount_of(candidate) is None else None


def amount_of(candidate: Candidate) -> int | None:
    """The amount that tells of the value: the price; for an unsold lot its best bid, else its start price.

    None where there is none, and for an unsold lot whose bids were sealed: then the start price was met,
    and by how much is not known.
    """
    if candidate.outcome is SaleOutcome.SOLD:
        return candidate.price_minor or None
    if candidate.top_bid_minor:
        return candidate.top_bid_minor
    return None if candidate.bids else candidate.start_price_minor or None


def differences(subject: Subject, candidate: Candidate) -> dict[str, float]:
    """The difference in each feature that is known of the subject, 0 to 1, for a candidate not rejected."""
    parts = {
        "technology": technology_difference(subject, candidate),
        "type": _type(subject.asset_type, candidate.asset_type),
        "size": _ratio(subject.number_of_rights, candidate.number_of_rights),
        "life": _life(subject.remaining_life_months, candidate.remaining_life_months),
        "age": _age(candidate.sold_on, subject.on),
        "context": _context(subject.context, candidate.context),
        "channel": _channel(subject.channel, candidate.channel),
        "office": _same(subject.office or None, candidate.office or None),
        "evidence": _same(subject.evidence_of_use, candidate.evidence_of_use),
        "citations": _more(subject.citations_a_year, candidate.citations_a_year),
        "family_size": _ratio(subject.family_size, candidate.family_size),
        "claims": _ratio(subject.claims, candidate.claims),
    }
    return {name: part for name, part in parts.items() if part is not None}


def distance(subject: Subject, candidate: Candidate, weights: Mapping[str, float] = WEIGHTS) -> float:
    """0 for alike in everything, 1 for alike in nothing."""
    parts = differences(subject, candidate)
    weight = sum(weights[name] for name in parts)
    return sum(weights[name] * part for name, part in parts.items()) / weight if weight else UNKNOWN


def _type(one: AssetType, other: AssetType) -> float:
    if one is other:
        return 0.0
    return UNKNOWN if AssetType.PATENT in {one, other} else 1.0


def _ratio(one: int | None, other: int | None) -> float | None:
    if not one:
        return None
    return min(1.0, abs(math.log(one / other)) / _TENFOLD) if other else UNKNOWN


def _more(one: float | None, other: float | None) -> float | None:
    if one is None:
        return None
    return UNKNOWN if other is None else min(1.0, abs(math.log1p(one) - math.log1p(other)) / _TENFOLD)


def _life(one: int | None, other: int | None) -> float | None:
    if one is None:
        return None
    return UNKNOWN if other is None else min(1.0, abs(one - other) / _FARTHEST_LIFE_MONTHS)


def _context(one: SaleContext, other: SaleContext) -> float:
    if one is other:
        return 0.0
    return 1.0 if SaleContext.VOLUNTARY in {one, other} else UNKNOWN


def _channel(one: Channel, other: Channel) -> float:
    if one is other:
        return 0.0
    return 0.5 if (one in AUCTIONS) == (other in AUCTIONS) else 1.0


def _same(one: object, other: object) -> float | None:
    if one is None:
        return None
    return UNKNOWN if other is None else float(one != other)


def _age(sold_on: date | None, on: date) -> float:
    return UNKNOWN if sold_on is None else min(1.0, age_months(sold_on, on) / _FARTHEST_AGE_MONTHS)
