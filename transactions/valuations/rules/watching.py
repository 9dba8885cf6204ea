"""What a bank watches in its collateral between two valuations, and when the next one is due."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from marketplace.errors import Refused
from marketplace.money import half_up
from marketplace.rights.rules import add_months
from transactions.valuations.rules.words import AlertKind, Frequency, ValuationReason

WHOLE = 10_000
MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3}
LIFE_MOST = 240
LIMIT_MOST = 10 * WHOLE

# How long before a yearly fee falls due the bank is told.
ANNUITY_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a bank wants to be told.

    Attributes:
        fall: the value fell by so much since the last valuation, basis points.
        limit: the claim is more than this share of the value (loan to value), basis points.
        life_months: the right has fewer months to live.
    """

    fall: int = 2_000
    limit: int = 8_000
    life_months: int = 36


@dataclass(frozen=True, slots=True)
class Standing:
    """How a thing stands in one valuation.

    Attributes:
        life_months: None where it is not known.
        annuity_due_on: the next yearly fee of its rights.
    """

    value_minor: int | None
    claim_minor: int | None
    life_months: int | None
    annuity_due_on: date | None
    on: date


def check_thresholds(wanted: Thresholds) -> None:
    """Raise Refused, naming the field, outside of the limits."""
    for name, least, most in (
        ("fall", 1, WHOLE),
        ("limit", 1, LIMIT_MOST),
        ("life_months", 0, LIFE_MOST),
    ):
        if not least <= getattr(wanted, name) <= most:
            raise Refused(ValuationReason.THRESHOLD_OUT_OF_RANGE, field=name, least=least, most=most)


def loan_to_value(claim_minor: int | None, value_minor: int | None) -> int | None:
    """The claim as a share of the value, basis points; None where either is not known or nothing is worth."""
    if claim_minor is None or not value_minor:
        return None
    return half_up(Fraction(claim_minor * WHOLE, value_minor))


def change(before: int | None, after: int | None) -> int | None:
    """By how much a value changed, basis points of what it was; None where either is not known."""
    if after is None or not before:
        return None
    return half_up(Fraction((after - before) * WHOLE, before))


def alerts(before: Standing | None, after: Standing, wanted: Thresholds) -> dict[AlertKind, int]:
    """What is to be told of a valuation, each with its figure; what was so before already is told once."""
    known = {} if before is None else dict(_standing(before, wanted))
    found = {kind: figure for kind, figure in _standing(after, wanted) if kind not in known}
    found |= _moved(before, after, wanted)
    return found


def _standing(at: Standing, wanted: Thresholds) -> Iterator[tuple[AlertKind, int]]:
    """What holds of one valuation by itself."""
    share = loan_to_value(at.claim_minor, at.value_minor)
    if share is not None and share > WHOLE:
        yield AlertKind.UNDER_CLAIM, share
    if share is not None and share > wanted.limit:
        yield AlertKind.OVER_LIMIT, share
    if at.life_months is not None and at.life_months <= 0:
        yield AlertKind.EXPIRED, 0
    elif at.life_months is not None and at.life_months < wanted.life_months:
        yield AlertKind.LIFE_SHORT, at.life_months


def _moved(before: Standing | None, after: Standing, wanted: Thresholds) -> Mapping[AlertKind, int]:
    """What lies between the two."""
    found: dict[AlertKind, int] = {}
    if before is not None:
        moved = change(before.value_minor, after.value_minor)
        if moved is not None and -moved >= wanted.fall:
            found[AlertKind.FELL] = -moved
        if before.value_minor is not None and after.value_minor is None:
            found[AlertKind.NO_LONGER_VALUED] = 0
    due = after.annuity_due_on
    told = before is not None and before.annuity_due_on == due and _near(before)
    if due is not None and _near(after) and not told:
        found[AlertKind.ANNUITY_DUE] = (due - after.on).days
    return found


def _near(at: Standing) -> bool:
    return at.annuity_due_on is not None and at.annuity_due_on - at.on <= ANNUITY_AHEAD


def next_due(first: date, frequency: Frequency, after: date) -> date:
    """The first day of the rhythm that began on `first` that lies after `after`."""
    step, count = MONTHS[frequency], 0
    while (day := add_months(first, step * count)) <= after:
        count += 1
    return day
