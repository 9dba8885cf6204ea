"""How the price of a lot is taxed, by what its seller states and the rates of the seller's country."""

from datetime import date

from marketplace.listings.models import Lot
from marketplace.taxes import Rate, TaxBearer, TaxKind, rate_on, rates_of


def price_rate(lot: Lot, day: date) -> Rate | None:
    """The rate of value added tax on the price of a lot sold on a day; None where it is not determined."""
    return rate_on(rates_of(lot.institution.country), TaxKind.VAT_TRANSFER, lot.price_tax, day)


def rate_on_top(lot: Lot, day: date) -> Rate | None:
    """The same where it comes on top of the price: the buyer bears it. Otherwise the price contains it."""
    return price_rate(lot, day) if lot.tax_bearer is TaxBearer.BUYER else None
