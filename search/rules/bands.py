"""Stretches of a number whose lots are counted: prices between round edges, years to live, days to auction.

The edges of prices are the same figures in every currency, so that a band means what it says. The bands of
time are reckoned from the moment of the question, so that the index need not change when a day passes.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from itertools import pairwise

from marketplace.money import MINOR_LIMIT, exponent
from marketplace.rights.rules import add_months, add_years
from search.engines import Bounds
from search.prices import price_key

_EDGES = (0, 100_000, 500_000, 1_000_000, 5_000_000, 10_000_000)
_YEARS = (0, 3, 5, 10, 15)
_COMING_MONTHS = 3

PRICES: Mapping[str, tuple[int, int | None]] = {
    f"{least}-{most or ''}": (least, most) for least, most in pairwise((*_EDGES, None)) if least is not None
}
"""By name in an address the whole units of currency a band begins with and ends below; None for no end."""

LIVES: Mapping[str, tuple[int | None, int | None]] = {
    "ended": (None, 0),
    **{f"{least}-{most or ''}": (least, most) for least, most in pairwise((*_YEARS, None))},
}
"""By name in an address the years from today a band begins with and ends before."""

OPENINGS = ("past", "week", "month", "quarter", "later")
"""Bidding has opened; it opens before Sunday is over, before the month is, within three months, or later."""


def price_bands(currency: str) -> dict[str, Bounds]:
    """The bands of start prices of a currency, as the price column has them."""
    unit = 10 ** exponent(currency)
    return {
        name: (
            price_key(least * unit, currency),
            price_key(MINOR_LIMIT - 1 if most is None else most * unit - 1, currency),
        )
        for name, (least, most) in PRICES.items()
    }


def life_bands(now: datetime) -> dict[str, Bounds]:
    """The bands of days on which rights end, for the day it is at `now` in its own zone; that day counts."""
    today = now.date()

    def edge(years: int | None) -> int | None:
        return None if years is None else add_years(today, years).toordinal()

    return {name: (edge(least), _before(edge(most))) for name, (least, most) in LIVES.items()}


def opening_bands(now: datetime) -> dict[str, Bounds]:
    """The bands of moments at which bidding opens; weeks begin on Monday in the zone of `now`."""
    monday = now.date() + timedelta(days=7 - now.weekday())
    first = add_months(now.date().replace(day=1), 1)
    quarter = add_months(now.date(), _COMING_MONTHS)
    here = int(now.timestamp())
    week, month, later = (
        int(datetime.combine(day, time(), now.tzinfo).timestamp()) for day in (monday, first, quarter)
    )
    return {
        "past": (None, here - 1),
        "week": (here, week - 1),
        "month": (here, month - 1),
        "quarter": (here, later - 1),
        "later": (later, None),
    }


def bands_of(name: str, currency: str, now: datetime) -> dict[str, Bounds]:
    """The bands of `price`, `life` or `opens` by their names in an address, in the order of the numbers."""
    if name == "price":
        return price_bands(currency)
    return life_bands(now) if name == "life" else opening_bands(now)


def _before(edge: int | None) -> int | None:
    return None if edge is None else edge - 1
