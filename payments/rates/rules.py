"""A rate of the day: read, and applied to a claim. Pure."""

import re
from enum import StrEnum
from fractions import Fraction

from marketplace.errors import Refused
from marketplace.money import exponent, half_up

_RATE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,10})?")


class RateReason(StrEnum):
    NOT_A_RATE = "not_a_rate"
    NO_SUCH_CLAIM = "no_such_claim"
    SOURCE_MISSING = "source_missing"
    NOT_OF_TODAY = "not_of_today"
    RATE_WAITS = "rate_waits"


def read_rate(text: str) -> Fraction:
    """A positive decimal number; raises Refused for anything else."""
    typed = text.strip()
    if _RATE.fullmatch(typed) is None or not Fraction(typed):
        raise Refused(RateReason.NOT_A_RATE, field="rate")
    return Fraction(typed)


def converted(minor: int, currency: str, rate: Fraction, target: str) -> int:
    """`minor` of `currency` in minor units of `target`, rounded half up once.

    `rate` is how many units of `target` one unit of `currency` is.
    """
    return half_up(Fraction(minor) * rate * Fraction(10) ** (exponent(target) - exponent(currency)))
