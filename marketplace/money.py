"""Money as integer minor units with a currency: no float near a price, and parts add up to the whole."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from marketplace.errors import MarketplaceError

# Places after the point, ISO 4217. A currency that is not here is not traded here.
EXPONENTS = {
    "AUD": 2, "CAD": 2, "CHF": 2, "CNY": 2, "EUR": 2, "GBP": 2, "HKD": 2, "INR": 2,
    "JPY": 0, "KRW": 0, "MXN": 2, "MYR": 2, "NZD": 2, "SGD": 2, "THB": 2, "TWD": 2, "USD": 2, "VND": 0,
}  # fmt: skip

# The largest amount any column, form or file may carry: fifteen digits before the point.
MINOR_LIMIT = 10**17

_PLAIN_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,2}))?")


class CurrencyMismatch(MarketplaceError):
    """Two currencies met in one sum or comparison."""


class UnknownCurrency(MarketplaceError):
    """The currency is not in EXPONENTS."""


class MalformedAmount(MarketplaceError):
    """The text is not a plain ASCII decimal with at most the currency's places."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in integer minor units (fen, cents) of one ISO 4217 currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)

    def _minor_of(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} met {other.currency}")
        return other.minor

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._minor_of(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._minor_of(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._minor_of(other)

    def __str__(self) -> str:
        return f"{decimal_text(self.minor, self.currency)} {self.currency}"


def exponent(currency: str) -> int:
    """Places after the point of `currency`; raises UnknownCurrency."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def parse_minor(text: str, currency: str) -> int:
    """Read a plain decimal such as "14323.68" as minor units.

    Only ASCII digits and one point: no sign, exponent, space, separator or foreign digit, no leading zero,
    at most fifteen digits before the point and the currency's places after it.

    Raises:
        MalformedAmount: for anything else.
    """
    places = exponent(currency)
    match = _PLAIN_DECIMAL.fullmatch(text)
    if match is None:
        raise MalformedAmount(text[:64])
    whole, fraction = match[1], match[2] or ""
    if len(fraction) > places:
        raise MalformedAmount(text[:64])
    return int(whole + fraction.ljust(places, "0"))


def decimal_text(minor: int, currency: str) -> str:
    """The plain decimal text of an amount, with all the currency's places: the inverse of `parse_minor`."""
    places = exponent(currency)
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def half_up(amount: Fraction) -> int:
    """Round to whole minor units, halves away from zero."""
    rounded = (abs(amount) * 2 + 1) // 2
    return -int(rounded) if amount < 0 else int(rounded)


def round_up(amount: Fraction) -> int:
    """Round up to whole minor units, for legal floors such as 80 % of a start price."""
    return -int(-amount // 1)


def split(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """Divide `total` minor units in proportion to `weights` by largest remainder, ties to the first named.

    The parts always sum to `total`. The weights must not be negative and must not all be zero.
    """
    whole = sum((Fraction(weight) for weight in weights), Fraction(0))
    if total < 0 or whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("split needs an amount and weights that are not negative, and one weight above zero")
    exact = [Fraction(weight) * total / whole for weight in weights]
    parts = [int(share // 1) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
