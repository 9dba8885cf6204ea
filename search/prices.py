"""Prices as the index keeps them: in one column, each currency in a stretch of its own, never compared."""

from marketplace.money import EXPONENTS, MINOR_LIMIT

CURRENCIES = ("CNY", *sorted(EXPONENTS.keys() - {"CNY"}))


def price_key(minor: int, currency: str) -> int:
    """Where a price stands in the price column: within its currency by amount, CNY first."""
    return CURRENCIES.index(currency) * MINOR_LIMIT + min(minor, MINOR_LIMIT - 1)
