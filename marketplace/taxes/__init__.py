"""Taxes as data with dates and sources, and the plain sums made with them.

Listings state who bears them, auctions show them in what a buyer pays all in, payments book them.
"""

from marketplace.taxes.data import countries, rates_of
from marketplace.taxes.rules import (
    Rate,
    TaxBearer,
    Taxed,
    TaxKind,
    Treatment,
    added_up,
    duties_borne_by_buyer,
    inside,
    on_top,
    rate_on,
)

__all__ = [
    "Rate",
    "TaxBearer",
    "TaxKind",
    "Taxed",
    "Treatment",
    "added_up",
    "countries",
    "duties_borne_by_buyer",
    "inside",
    "on_top",
    "rate_on",
    "rates_of",
]
