"""The value added tax of a deal, as settlement and payment read it."""

from marketplace.clock import LOCAL_ZONE
from marketplace.deals.models import Deal
from marketplace.listings.taxation import price_rate
from marketplace.taxes import TaxBearer
from payments.taxes.rules import PriceTax, cost_of, passed_on, tax_of_price
from payments.waterfall import Cost, Distribution


def price_tax(deal: Deal) -> PriceTax:
    """The tax on the deal's price, at the rate of the day on which the price was agreed."""
    rate = price_rate(deal.lot, deal.agreed_at.astimezone(LOCAL_ZONE).date())
    return tax_of_price(deal.price_minor, rate, borne_by_buyer=deal.lot.tax_bearer is TaxBearer.BUYER)


def tax_on_top(deal: Deal) -> int:
    """What the buyer pays beside the price for tax, in minor units."""
    found = price_tax(deal)
    return found.taxed.tax if found.on_top else 0


def tax_costs(deal: Deal) -> tuple[Cost, ...]:
    """The tax within the price: a cost of realisation, paid to the seller, which declares it."""
    return cost_of(price_tax(deal), str(deal.seller_id))


def with_tax(distribution: Distribution, deal: Deal) -> Distribution:
    """The distribution of the deal's price together with the tax that the buyer paid beside it."""
    return passed_on(distribution, price_tax(deal), str(deal.seller_id))
