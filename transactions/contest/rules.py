"""Who may estimate, until when, how an estimate is scored, and who leads. Pure.

Scores are of logarithms: twice the price and half of it are equally far off.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import log
from statistics import fmean, median

from marketplace.errors import Conflict, Refused
from marketplace.listings.rules import LotStatus
from marketplace.money import MINOR_LIMIT
from transactions.rules.words import AssetFamily, SaleOutcome

# The range should hold the price in 80 of 100 cases; its score punishes a miss tenfold: 2 / (1 - 0.8).
MISS = 10

WINDOW = timedelta(days=730)
LEAST_SCORED = 5
NOTE_LENGTH = 500
# Whoever changes an estimate more often, or more estimates for one lot, than this wants to fill the table.
MOST_CHANGES = 20
MOST_ESTIMATES = 500
_WIDEST = 1000
_DIGITS = 6


class ContestReason(StrEnum):
    NOT_OPEN = "not_open"
    CONCERNED = "concerned"
    VALUE_OUT_OF_RANGE = "value_out_of_range"
    RANGE_ORDER = "range_order"
    RANGE_TOO_WIDE = "range_too_wide"
    NOTE_TOO_LONG = "note_too_long"
    TOO_MANY_CHANGES = "too_many_changes"
    TOO_MANY_ESTIMATES = "too_many_estimates"


class Standing(StrEnum):
    """How an estimator stands to the lot. TIED: of the same group as the seller or a bidder."""

    FREE = "free"
    SELLER = "seller"
    SELLING_AGENCY = "selling_agency"
    BIDDER = "bidder"
    TIED = "tied"


# These may not file; somebody of the same group may, and is not scored.
BARRED = frozenset({Standing.SELLER, Standing.SELLING_AGENCY, Standing.BIDDER})


class Verdict(StrEnum):
    """SCORED: against the price. TOO_HIGH: above the start price of a lot that nobody bought.

    LEFT_OPEN: below that start price, or there was no sale to compare with. CONCERNED: a party of the lot.
    UNOPENED: the envelope does not give back what was committed to.
    """

    SCORED = "scored"
    TOO_HIGH = "too_high"
    LEFT_OPEN = "left_open"
    CONCERNED = "concerned"
    UNOPENED = "unopened"


@dataclass(frozen=True, slots=True)
class Range:
    """An estimate: the value, and the bounds that should hold the price in 80 of 100 cases; minor units."""

    value: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Related:
    """Whose sale it is: institutions, and the groups they belong to (as the company at the top)."""

    seller: uuid.UUID
    selling_agencies: frozenset[uuid.UUID] = frozenset()
    bidders: frozenset[uuid.UUID] = frozenset()
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sale:
    """What became of the lot; amounts in minor units of the estimates' currency."""

    outcome: SaleOutcome
    price: int | None
    start_price: int | None


@dataclass(frozen=True, slots=True)
class Score:
    """How good an estimate was.

    Attributes:
        log_error: |ln(value / price)|; for TOO_HIGH ln(value / start price), the least it is off by.
        within: the price lay in the range. interval_score: width of the range in logarithms, plus ten times
            what the price lies outside of it (Winkler 1972); smaller is better.
    """

    verdict: Verdict
    log_error: float | None = None
    within: bool | None = None
    interval_score: float | None = None


def check_open(status: LotStatus, opens_at: datetime | None, now: datetime) -> None:
    """Raise Conflict unless the lot is on offer and bidding has not begun."""
    if status is not LotStatus.PUBLISHED or (opens_at is not None and opens_at <= now):
        raise Conflict(ContestReason.NOT_OPEN)


def check_range(estimate: Range) -> None:
    """Raise Refused, naming the field, unless low ≤ value ≤ high, all above zero and not absurdly wide."""
    for name in ("value", "low", "high"):
        if not 0 < getattr(estimate, name) < MINOR_LIMIT:
            raise Refused(ContestReason.VALUE_OUT_OF_RANGE, field=name)
    if estimate.low > estimate.value:
        raise Refused(ContestReason.RANGE_ORDER, field="low")
    if estimate.high < estimate.value:
        raise Refused(ContestReason.RANGE_ORDER, field="high")
    if estimate.high > estimate.low * _WIDEST:
        raise Refused(ContestReason.RANGE_TOO_WIDE, field="high")


def check_note(note: str) -> str:
    """The note, trimmed; Refused when it is too long."""
    if len(note.strip()) > NOTE_LENGTH:
        raise Refused(ContestReason.NOTE_TOO_LONG, field="note")
    return note.strip()


def standing(estimator: uuid.UUID, group: str, related: Related) -> Standing:
    """How an institution stands to the lot; `group` is the company at its top, empty where none is known."""
    if estimator == related.seller:
        return Standing.SELLER
    if estimator in related.selling_agencies:
        return Standing.SELLING_AGENCY
    if estimator in related.bidders:
        return Standing.BIDDER
    return Standing.TIED if group and group in related.groups else Standing.FREE


def check_standing(found: Standing) -> None:
    """Raise Refused for whoever may not estimate the lot."""
    if found in BARRED:
        raise Refused(ContestReason.CONCERNED)


def score(estimate: Range, sale: Sale) -> Score:
    """The score of one estimate of an estimator who is not concerned."""
    if sale.outcome is SaleOutcome.SOLD and sale.price:
        return _against(estimate, sale.price, Verdict.SCORED)
    if sale.outcome is SaleOutcome.UNSOLD and sale.start_price and estimate.value > sale.start_price:
        return _unsold(estimate, sale.start_price)
    return Score(Verdict.LEFT_OPEN)


def _against(estimate: Range, price: int, verdict: Verdict) -> Score:
    below, above = max(0.0, log(estimate.low / price)), max(0.0, log(price / estimate.high))
    interval = log(estimate.high / estimate.low) + MISS * (below + above)
    error = abs(log(estimate.value / price))
    within = estimate.low <= price <= estimate.high
    return Score(verdict, round(error, _DIGITS), within, round(interval, _DIGITS))


def _unsold(estimate: Range, start_price: int) -> Score:
    """The price that nobody paid is known to lie below the start price, no more: the least that is off."""
    outside = max(0.0, log(estimate.low / start_price))
    interval = log(estimate.high / estimate.low) + MISS * outside
    error = log(estimate.value / start_price)
    within = estimate.low <= start_price
    return Score(Verdict.TOO_HIGH, round(error, _DIGITS), within, round(interval, _DIGITS))


def closest(scores: Sequence[Score]) -> int | None:
    """The place of the smallest error against a price, the earlier of equal ones; None without any."""
    errors = [
        (one.log_error, place)
        for place, one in enumerate(scores)
        if one.verdict is Verdict.SCORED and one.log_error is not None
    ]
    return min(errors)[1] if errors else None


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored estimate of the past; `estimator` is None for the platform's model."""

    estimator: uuid.UUID | None
    family: AssetFamily
    opened_at: datetime
    log_error: float
    within: bool
    interval_score: float
    closest: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the league table. Errors are of logarithms; `within` is a share between 0 and 1."""

    rank: int
    estimator: uuid.UUID | None
    scored: int
    median_error: float
    within: float
    interval_score: float
    closest: int


def league(
    scored: Iterable[Scored], now: datetime, families: Collection[AssetFamily] = frozenset()
) -> list[Place]:
    """Who estimated best in the last 24 months, by the mean interval score; five estimates at least.

    Args:
        scored: in any order.
        now: the end of the window.
        families: of rights; every one where none is named.
    """
    own: dict[uuid.UUID | None, list[Scored]] = defaultdict(list)
    for one in scored:
        if now - WINDOW < one.opened_at <= now and (not families or one.family in families):
            own[one.estimator].append(one)
    lines = [
        (fmean(one.interval_score for one in found), str(estimator or ""), estimator, found)
        for estimator, found in own.items()
        if len(found) >= LEAST_SCORED
    ]
    lines.sort(key=lambda line: line[:2])
    return [
        Place(
            rank,
            estimator,
            len(found),
            round(median(one.log_error for one in found), _DIGITS),
            round(fmean(one.within for one in found), _DIGITS),
            round(mean, _DIGITS),
            sum(one.closest for one in found),
        )
        for rank, (mean, _, estimator, found) in enumerate(lines, start=1)
    ]
