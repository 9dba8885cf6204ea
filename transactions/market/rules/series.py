"""Prices over time and their spread: medians with what may be said about them, from sales seen one by one."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import comb, sqrt
from typing import Final, TypeVar

# A price index is told of a period with so many sales (reference: confidentiality, rule 2).
LEAST_INDEX_SALES: Final = 10
LEAST_SPREAD_SALES: Final = 5
# How sure the band around a median is.
_SURE: Final = 0.9
# The normal deviate of that two-sided range, for sale rates.
_DEVIATE: Final = 1.6449
_MANY: Final = 200

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter or a year with the middle price of its sales.

    Attributes:
        first, after: its first day, and the first day after it.
        count: sales in it. median, low, high: None where there are too few.
    """

    first: date
    after: date
    count: int
    median: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def middle(self) -> date:
        return self.first + (self.after - self.first) / 2

    @property
    def name(self) -> str:
        """As 2025Q2, or 2025 for a whole year."""
        if self.after - self.first > timedelta(days=100):
            return str(self.first.year)
        return f"{self.first.year}Q{self.first.month // 3 + 1}"


def medians(sales: Iterable[tuple[date, float]], *, least: int = LEAST_INDEX_SALES) -> list[Period]:
    """The median of each quarter from the first sale to the last, in order.

    Where fewer than half of the quarters with sales have `least` of them, years are taken instead. A period
    with fewer than `least` sales is listed without a figure, so that a gap is seen as a gap.
    """
    dated = sorted(sales)
    if not dated:
        return []
    quarters = _periods(dated, 3, least)
    with_sales = [period for period in quarters if period.count]
    if sum(period.median is not None for period in with_sales) * 2 >= len(with_sales):
        return quarters
    return _periods(dated, 12, least)


def _periods(dated: Sequence[tuple[date, float]], months: int, least: int) -> list[Period]:
    grouped: dict[date, list[float]] = defaultdict(list)
    for day, value in dated:
        grouped[_first(day, months)].append(value)
    first, last = _first(dated[0][0], months), _first(dated[-1][0], months)
    found = []
    while first <= last:
        after = _later(first, months)
        found.append(_period(first, after, sorted(grouped.get(first, [])), least))
        first = after
    return found


def _period(first: date, after: date, values: Sequence[float], least: int) -> Period:
    if len(values) < least:
        return Period(first, after, len(values))
    low, high = median_range(values)
    return Period(first, after, len(values), quantile(values, 0.5), low, high)


def _first(day: date, months: int) -> date:
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _later(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which that share of the ordered values lies, between two of them by proportion."""
    place = share * (len(ordered) - 1)
    index = int(place)
    above = ordered[min(index + 1, len(ordered) - 1)]
    return ordered[index] + (above - ordered[index]) * (place - index)


def median_range(ordered: Sequence[float]) -> tuple[float, float]:
    """Two of the ordered values between which the true median lies with at least 90 % confidence.

    By order statistics: nothing is assumed about how prices are spread. With few values the whole range is
    the answer.
    """
    cut = _cut(len(ordered))
    return ordered[cut], ordered[len(ordered) - 1 - cut]


def _cut(count: int) -> int:
    """How many values may be left out at each end; by the normal approximation where there are many."""
    if count > _MANY:
        return max(int((count - _DEVIATE * sqrt(count)) / 2) - 1, 0)
    below, cut = 1, 0
    while cut + 1 <= (count - 1) // 2:
        below += comb(count, cut + 1)
        if below * 2 > (1 - _SURE) * 2**count:
            break
        cut += 1
    return cut


@dataclass(frozen=True, slots=True)
class Quartiles:
    """The spread of a group: tenths, quarters and the middle."""

    count: int
    tenth: float
    quarter: float
    median: float
    three_quarters: float
    nine_tenths: float


def spread_by(
    values: Iterable[tuple[Key, float]], *, least: int = LEAST_SPREAD_SALES
) -> Mapping[Key, Quartiles]:
    """The spread of each group that has at least so many values, the largest group first."""
    grouped: dict[Key, list[float]] = defaultdict(list)
    for key, value in values:
        grouped[key].append(value)
    enough = {key: sorted(group) for key, group in grouped.items() if len(group) >= least}
    order = sorted(enough, key=lambda key: (-len(enough[key]), str(key)))
    return {key: _quartiles(enough[key]) for key in order}


def _quartiles(ordered: Sequence[float]) -> Quartiles:
    return Quartiles(len(ordered), *(quantile(ordered, share) for share in (0.1, 0.25, 0.5, 0.75, 0.9)))


def rate_range(sold: int, offered: int) -> tuple[float, float]:
    """Between what the true sale rate lies with 90 % confidence (Wilson's score interval)."""
    if not offered:
        return 0.0, 1.0
    rate, square = sold / offered, _DEVIATE**2
    middle = (rate + square / (2 * offered)) / (1 + square / offered)
    half = _DEVIATE * sqrt(rate * (1 - rate) / offered + square / (4 * offered**2)) / (1 + square / offered)
    return max(middle - half, 0.0), min(middle + half, 1.0)
