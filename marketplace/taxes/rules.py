"""Value added tax in and on an amount, and who bears the taxes of a sale: pure. Amounts are minor units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from marketplace.money import half_up
from marketplace.rule_packs import Basis

_WHOLE = 10_000  # basis points


class TaxBearer(StrEnum):
    """Who bears the taxes of a sale; published with the lot (法释〔2016〕18号 article 13)."""

    EACH_OWN = "each_own"
    SELLER = "seller"
    BUYER = "buyer"


class Treatment(StrEnum):
    """How an amount is taxed, as its seller states it; the platform never guesses one."""

    NOT_DETERMINED = "not_determined"
    GENERAL = "general"
    SMALL_SCALE = "small_scale"
    EXEMPT = "exempt"


class TaxKind(StrEnum):
    VAT_TRANSFER = "vat_transfer"
    """Value added tax on the transfer of an intangible right."""
    VAT_SERVICE = "vat_service"
    """Value added tax on a service, such as an agency's."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate while it holds.

    Attributes:
        since, until: the first and the last day; `until` is None where no end is known.
        basis: how well the number is founded; only what was read is ever shown as law.
    """

    kind: TaxKind
    treatment: Treatment
    basis_points: int
    since: date
    until: date | None
    basis: Basis
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether the rate holds on that day; both its first and its last day count."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with its tax: `net + tax == gross`, always."""

    net: int
    tax: int

    @property
    def gross(self) -> int:
        return self.net + self.tax


def rate_on(rates: Iterable[Rate], kind: TaxKind, treatment: Treatment, day: date) -> Rate | None:
    """The rate that holds on a day; of two that do, the one that began later: a reduction for a time.

    None where there is none in the data: then the tax is not determined.
    """
    found = [rate for rate in rates if rate.kind is kind and rate.treatment is treatment]
    return max((rate for rate in found if rate.holds_on(day)), key=lambda rate: rate.since, default=None)


def inside(gross: int, basis_points: int) -> Taxed:
    """The tax that an amount contains, rounded half up once."""
    tax = half_up(Fraction(gross * basis_points, _WHOLE + basis_points))
    return Taxed(gross - tax, tax)


def on_top(net: int, basis_points: int) -> Taxed:
    """The tax that comes on top of an amount, rounded half up once."""
    return Taxed(net, half_up(Fraction(net * basis_points, _WHOLE)))


def added_up(lines: Iterable[Taxed]) -> Taxed:
    """The totals of a document: sums of its lines, each rounded for itself, so that they always agree."""
    made = tuple(lines)
    return Taxed(sum(line.net for line in made), sum(line.tax for line in made))


def duties_borne_by_buyer(bearer: TaxBearer) -> int:
    """How many of the two sides' stamp duties the buyer bears: its own, both, or none."""
    return {TaxBearer.EACH_OWN: 1, TaxBearer.BUYER: 2, TaxBearer.SELLER: 0}[bearer]
