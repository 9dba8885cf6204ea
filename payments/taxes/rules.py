"""What a party states for its invoices, and the value added tax on the price of a deal: pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from marketplace.errors import Refused
from marketplace.taxes import Rate, Taxed, inside, on_top
from payments.waterfall import Cost, Distribution, Line, Step

# How a cost of realisation that is tax is named in a settlement (Civil Code 389).
TAX_COST = "value_added_tax"

_NUMBERS: Mapping[str, str] = {"CN": "uscc"}
_MOST_SIGNS = 40


class TaxReason(StrEnum):
    TAX_NUMBER_WRONG = "tax_number_wrong"
    NOT_EXEMPT = "not_exempt"
    CONTRACT_REGISTERED_ALREADY = "contract_registered_already"
    CONTRACT_NUMBER_MISSING = "contract_number_missing"
    REGISTERED_IN_FUTURE = "registered_in_future"


@dataclass(frozen=True, slots=True)
class PriceTax:
    """The value added tax on a price.

    Attributes:
        rate: the rate it was computed by; None where it is not determined.
        on_top: the buyer pays it beside the price; otherwise the price contains it.
    """

    taxed: Taxed
    rate: Rate | None
    on_top: bool


def tax_number(country: str, typed: str) -> str:
    """A tax number in its plain form: for China the 统一社会信用代码, elsewhere the country's VAT number.

    Where nobody knows how a country's numbers are made, it is taken as it stands.

    Raises:
        Refused: it is no number of that country.
    """
    text = "".join(typed.split()).upper()
    module = get_cc_module(country, _NUMBERS.get(country, "vat"))
    if not text or len(text) > _MOST_SIGNS:
        raise Refused(TaxReason.TAX_NUMBER_WRONG, field="tax_number", country=country)
    if module is None:
        return text
    try:
        return str(module.validate(text))
    except ValidationError:
        raise Refused(TaxReason.TAX_NUMBER_WRONG, field="tax_number", country=country) from None


def tax_of_price(price: int, rate: Rate | None, *, borne_by_buyer: bool) -> PriceTax:
    """The tax on a price: on top of it where the buyer bears it, within it otherwise; none where unknown."""
    if rate is None:
        return PriceTax(Taxed(price, 0), None, on_top=False)
    if borne_by_buyer:
        return PriceTax(on_top(price, rate.basis_points), rate, on_top=True)
    return PriceTax(inside(price, rate.basis_points), rate, on_top=False)


def cost_of(found: PriceTax, taxpayer: str) -> tuple[Cost, ...]:
    """The tax that the price contains, as a cost paid out of the proceeds to whoever owes it."""
    if found.on_top or not found.taxed.tax:
        return ()
    return (Cost(taxpayer, TAX_COST, found.taxed.tax),)


def passed_on(distribution: Distribution, found: PriceTax, taxpayer: str) -> Distribution:
    """The distribution with the tax that the buyer paid beside the price, which goes to whoever owes it."""
    if not found.on_top or not found.taxed.tax:
        return distribution
    line = Line(Step.BUYER_TAX, taxpayer, found.taxed.tax, found.taxed.tax, kind=TAX_COST)
    return replace(
        distribution,
        received=distribution.received + found.taxed.tax,
        lines=(line, *distribution.lines),
    )


def check_registration(number: str, registered_on: date, today: date) -> str:
    """The number of a registered technology contract, trimmed.

    Raises:
        Refused: there is none, or it was registered after today.
    """
    if not number.strip():
        raise Refused(TaxReason.CONTRACT_NUMBER_MISSING, field="number")
    if registered_on > today:
        raise Refused(TaxReason.REGISTERED_IN_FUTURE, field="registered_on")
    return number.strip()[:60]
