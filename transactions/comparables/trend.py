"""How prices moved, read from the sales themselves, and only as far as there are enough of them."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transactions.comparables.similarity import age_months
from transactions.comparables.values import Candidate, Settings, Subject

WINDOW_MONTHS = 12

# So many sales in both windows are believed by half. With log prices that scatter by 1, the difference of two
# medians of 20 has a standard error of 0.4: half is as much as it deserves.
HALF_BELIEVED = 20


@dataclass(frozen=True, slots=True)
class Trend:
    """By what to multiply a price of `age` months ago.

    Attributes:
        factors: by window, counted in twelve months back from the day asked about; 1 where it is not known.
    """

    factors: Mapping[int, float]

    def factor(self, age: float) -> float:
        """1 where fewer than the needed sales stand in the window or in the latest one."""
        return self.factors.get(int(age // WINDOW_MONTHS), 1.0)


def measure(subject: Subject, candidates: Iterable[Candidate], settings: Settings) -> Trend:
    """The trend of the median price per right of sales that were not rejected."""
    windows: defaultdict[int, list[float]] = defaultdict(list)
    for candidate in candidates:
        if candidate.sold_on and candidate.price_minor and candidate.number_of_rights:
            window = int(age_months(candidate.sold_on, subject.on) // WINDOW_MONTHS)
            windows[window].append(math.log(candidate.price_minor / candidate.number_of_rights))
    latest = windows.get(0, [])
    if len(latest) < settings.trend_least:
        return Trend({})
    return Trend(
        {
            window: _factor(latest, logs)
            for window, logs in windows.items()
            if window and len(logs) >= settings.trend_least
        }
    )


def _factor(latest: list[float], earlier: list[float]) -> float:
    fewer = min(len(latest), len(earlier))
    believed = fewer / (fewer + HALF_BELIEVED)
    return math.exp(believed * (_median(latest) - _median(earlier)))


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
