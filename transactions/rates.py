"""Exchange rates that the operator has loaded, each with day and source. Nothing is converted without one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from marketplace.money import exponent, half_up

# A rate older than this says nothing about the day of the sale: central banks' monthly series stay usable.
OLDEST = timedelta(days=31)

_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")


@dataclass(frozen=True, slots=True)
class Rate:
    """One `currency` costs `rate` of `base` on `rate_on`, by `source`."""

    rate_on: date
    currency: str
    base: str
    rate: str
    source: str

    def factor(self, currency: str, base: str) -> Fraction | None:
        """By what to multiply `currency` for `base`; None where this rate leads elsewhere."""
        if (currency, base) == (self.currency, self.base):
            return Fraction(self.rate)
        if (currency, base) == (self.base, self.currency):
            return 1 / Fraction(self.rate)
        return None


def is_rate(text: str) -> bool:
    """Whether the text is a plain decimal above zero."""
    return _DECIMAL.fullmatch(text) is not None and Fraction(text) > 0


def rate_for(rates: Sequence[Rate], currency: str, base: str, day: date) -> Rate | None:
    """The latest rate between the two, in either direction, of the day or at most a month before it."""
    fitting = [
        rate
        for rate in rates
        if {rate.currency, rate.base} == {currency, base} and day - OLDEST <= rate.rate_on <= day
    ]
    return max(fitting, key=lambda rate: (rate.rate_on, rate.currency == currency), default=None)


def convert(minor: int, currency: str, base: str, rate: Rate) -> int:
    """The amount in minor units of `base`, rounded half up; ValueError where the rate leads elsewhere."""
    factor = rate.factor(currency, base)
    if factor is None:
        raise ValueError(f"no way from {currency} to {base} by {rate.currency}/{rate.base}")
    return half_up(minor * factor * Fraction(10 ** exponent(base), 10 ** exponent(currency)))
