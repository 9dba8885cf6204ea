"""The income approach: what the right earns over its remaining life, in money of today.

A royalty is taken of the forecast revenue; a profit share of the profit in it (revenue × margin).
Each year's part is taxed at the stated rate, the keep of the right is taken off, and the rest is discounted
from the middle of the year, because income comes in all through it. The last year counts as far as the right
lives. The benefit of writing the price off for tax (tax amortisation benefit) is left out, and the result
says so. Ratios are floats, rounded to twelve places before they meet an amount.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from marketplace.errors import Refused
from marketplace.money import MINOR_LIMIT, half_up
from transactions.valuations.rules.words import Income, ValuationReason

YEARS_MOST = 30
RATE_MOST = 10_000
DISCOUNT_LEAST, DISCOUNT_MOST = 100, 6_000
_PLACES = 10**12

# The corners of the sensitivity table: the rate in hundredths of itself, the discount in basis points added.
RATE_STEPS = (80, 100, 120)
DISCOUNT_STEPS = (-300, 0, 300)


@dataclass(frozen=True, slots=True)
class IncomeInputs:
    """What the user states; kept with the valuation. Rates in basis points.

    Attributes:
        revenue_minor: forecast revenue of the first, second … year, before the right's share.
        rate: royalty of revenue, or the share of profit that is the right's.
        margin: profit in revenue; only for a profit share.
        discount: a year.
        tax: on the income; 0 leaves it before tax.
        keep_minor: a year's cost of keeping the right (annuities, watch), the same each year.
        source: where the forecast comes from, in the user's words.
    """

    kind: Income
    revenue_minor: tuple[int, ...]
    rate: int
    discount: int
    margin: int = 0
    tax: int = 0
    keep_minor: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class IncomeYear:
    """One line of the reckoning; `months` is how much of the year the right lives."""

    year: int
    months: int
    revenue_minor: int
    earned_minor: int
    present_minor: int


@dataclass(frozen=True, slots=True)
class IncomeValue:
    """The present value, its years, and what becomes of it when rate and discount are others.

    Attributes:
        sensitivity: rows of `RATE_STEPS`, columns of `DISCOUNT_STEPS`, minor units.
        unused_years: forecast years that lie after the end of the right.
    """

    value_minor: int
    years: tuple[IncomeYear, ...]
    sensitivity: tuple[tuple[int, ...], ...]
    unused_years: int


def check_income(inputs: IncomeInputs) -> None:
    """Raise Refused, naming the field, for inputs outside of their limits."""
    if not inputs.revenue_minor:
        raise Refused(ValuationReason.NO_FORECAST, field="revenue")
    if len(inputs.revenue_minor) > YEARS_MOST:
        raise Refused(ValuationReason.FORECAST_TOO_LONG, field="revenue", most=YEARS_MOST)
    amounts = [("revenue", minor) for minor in inputs.revenue_minor] + [("keep", inputs.keep_minor)]
    for name, minor in amounts:
        if not 0 <= minor < MINOR_LIMIT:
            raise Refused(ValuationReason.AMOUNT_OUT_OF_RANGE, field=name)
    _check_rates(inputs)


def _check_rates(inputs: IncomeInputs) -> None:
    if not 0 < inputs.rate <= RATE_MOST:
        raise Refused(ValuationReason.RATE_OUT_OF_RANGE, field="rate")
    if inputs.kind is Income.PROFIT_SHARE and not 0 < inputs.margin <= RATE_MOST:
        raise Refused(ValuationReason.RATE_OUT_OF_RANGE, field="margin")
    if not 0 <= inputs.tax < RATE_MOST:
        raise Refused(ValuationReason.RATE_OUT_OF_RANGE, field="tax")
    if not DISCOUNT_LEAST <= inputs.discount <= DISCOUNT_MOST:
        raise Refused(ValuationReason.DISCOUNT_OUT_OF_RANGE, field="discount")


def income_value(inputs: IncomeInputs, remaining_months: int | None) -> IncomeValue:
    """The present value of the right's income; an unknown life lasts as long as the forecast.

    Raises:
        Refused: inputs outside of their limits.
    """
    check_income(inputs)
    months = _months(len(inputs.revenue_minor), remaining_months)
    years = _years(inputs, months, 100, 0)
    return IncomeValue(
        value_minor=_present(years),
        years=years,
        sensitivity=tuple(
            tuple(_present(_years(inputs, months, share, added)) for added in DISCOUNT_STEPS)
            for share in RATE_STEPS
        ),
        unused_years=len(inputs.revenue_minor) - len(months),
    )


def _months(forecast: int, remaining: int | None) -> tuple[int, ...]:
    """How many months of each forecast year the right lives; years without any are left out."""
    left = 12 * forecast if remaining is None else min(12 * forecast, max(remaining, 0))
    whole, rest = divmod(left, 12)
    return (12,) * whole + ((rest,) if rest else ())


def _years(inputs: IncomeInputs, months: Sequence[int], share: int, added: int) -> tuple[IncomeYear, ...]:
    rate = min(Fraction(inputs.rate * share, 100 * RATE_MOST), Fraction(1))
    if inputs.kind is Income.PROFIT_SHARE:
        rate *= Fraction(inputs.margin, RATE_MOST)
    kept = 1 - Fraction(inputs.tax, RATE_MOST)
    lines = []
    for index, (lived, revenue) in enumerate(zip(months, inputs.revenue_minor, strict=False)):
        part = Fraction(lived, 12)
        earned = half_up((revenue * rate - inputs.keep_minor) * kept * part)
        factor = _factor(max(inputs.discount + added, 0), index + lived / 24)
        lines.append(IncomeYear(index + 1, lived, revenue, earned, half_up(earned * factor)))
    return tuple(lines)


def _factor(discount: int, years: float) -> Fraction:
    return Fraction(round((1 + discount / RATE_MOST) ** -years * _PLACES), _PLACES)


def _present(years: Sequence[IncomeYear]) -> int:
    """A right that costs more than it earns is given up: it is worth nothing, not less."""
    return max(sum(year.present_minor for year in years), 0)
