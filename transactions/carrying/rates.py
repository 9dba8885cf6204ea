"""The rate of the day: what one unit of a sale's currency cost in the base currency."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.config import Config
from transactions.models import ExchangeRate
from transactions.rates import OLDEST, Rate, rate_for

_PLACES = Decimal("1e-9")


def rate_facts(session: Session, currency: str, day: date) -> dict[str, Any]:
    """Base currency and rate; the rate is empty where none of the day or the month before is loaded."""
    settings: Config = current_app.extensions["settings"]
    base = settings.base_currency
    if currency == base:
        return {"base_currency": base, "rate_to_base": "1"}
    found = rate_for(_loaded(session, currency, base, day), currency, base, day)
    return {"base_currency": base, "rate_to_base": rate_text(found, currency, base) if found else ""}


def _loaded(session: Session, currency: str, base: str, day: date) -> list[Rate]:
    pair = (currency, base)
    statement = select(ExchangeRate).where(
        ExchangeRate.currency.in_(pair),
        ExchangeRate.base.in_(pair),
        ExchangeRate.rate_on.between(day - OLDEST, day),
    )
    return _plain(session.scalars(statement))


def _plain(rows: Iterable[ExchangeRate]) -> list[Rate]:
    return [Rate(row.rate_on, row.currency, row.base, row.rate, row.source) for row in rows]


def rate_text(rate: Rate, currency: str, base: str) -> str:
    """As the source printed it; where it printed the other direction, its inverse to nine places."""
    if (rate.currency, rate.base) == (currency, base):
        return rate.rate
    inverse = 1 / Fraction(rate.rate)
    value = Decimal(inverse.numerator) / Decimal(inverse.denominator)
    rounded = value.quantize(_PLACES, ROUND_HALF_UP)
    return format(max(rounded, _PLACES), "f").rstrip("0").rstrip(".")
