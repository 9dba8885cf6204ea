"""What a programme pays: each cost at its rate, rounded down, then the ceilings one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from marketplace.access import InstitutionKind
from marketplace.rights.rules import RightType
from payments.funds.rules import Cut, FirmSize, Limit, apply_limits, remaining
from payments.subsidies.rules.terms import Terms
from payments.subsidies.rules.words import CostKind, SubsidyCap, SubsidyIneligible

_PERCENT = Fraction(1, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an application states and what is on record. Amounts are minor units of the programme's currency.

    Attributes:
        costs: what the firm has paid, by kind.
        loan_minor: of the loan behind them; None where there is none.
        paid_on: when the latest of the costs was paid.
        deal_types: of a purchase on this marketplace, the rights of the completed deal; None without one.
        deal_used: whether that deal stands behind another application.
        firm_used: what the firm's other applications of the year come to.
    """

    applicant: InstitutionKind
    size: FirmSize
    costs: Mapping[CostKind, int]
    loan_minor: int | None
    paid_on: date
    year: int
    deal_types: frozenset[RightType] | None = None
    deal_used: bool = False
    firm_used: int = 0


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is paid, and how it came to that: the parts by cost before the cuts, and what each cap took."""

    minor: int
    parts: Mapping[CostKind, int]
    cuts: tuple[Cut, ...]


def assess(terms: Terms, asked: Asked) -> Assessment:
    """The subsidy: never above a rate, the ceiling by the loan, or what the firm's cap has left."""
    parts = {
        kind: int(terms.rates[kind] * _PERCENT * minor)
        for kind, minor in asked.costs.items()
        if kind in terms.rates
    }
    limits = (
        Limit(SubsidyCap.PERCENT_OF_LOAN, _by_loan(terms, asked)),
        Limit(SubsidyCap.PER_FIRM_AND_YEAR, remaining(terms.cap_per_firm_and_year, asked.firm_used)),
    )
    minor, cuts = apply_limits(sum(parts.values()), limits)
    return Assessment(minor, parts, cuts)


def _by_loan(terms: Terms, asked: Asked) -> int | None:
    if terms.loan_percent_at_most is None:
        return None
    return int(terms.loan_percent_at_most * _PERCENT * (asked.loan_minor or 0))


def reasons_against(terms: Terms, asked: Asked) -> tuple[SubsidyIneligible, ...]:
    """Every reason why the programme does not pay; none when it does."""
    return tuple(reason for reason, applies in _questions(terms, asked) if applies)


def _questions(terms: Terms, asked: Asked) -> Iterator[tuple[SubsidyIneligible, bool]]:
    yield (
        SubsidyIneligible.APPLICANT_KIND,
        bool(terms.applicants) and asked.applicant not in terms.applicants,
    )
    yield SubsidyIneligible.FIRM_SIZE, bool(terms.sizes) and asked.size not in terms.sizes
    yield SubsidyIneligible.COST_KIND, not set(asked.costs) <= set(terms.rates)
    yield SubsidyIneligible.NO_COST, sum(asked.costs.values()) <= 0 or min(asked.costs.values()) < 0
    yield SubsidyIneligible.LOAN_NEEDED, terms.loan_percent_at_most is not None and not asked.loan_minor
    yield SubsidyIneligible.DEAL_NEEDED, terms.deal_on_platform and asked.deal_types is None
    types = frozenset(terms.right_types)
    yield SubsidyIneligible.RIGHT_TYPE, bool(types) and not (asked.deal_types or types) <= types
    yield SubsidyIneligible.DEAL_USED, asked.deal_used
    yield SubsidyIneligible.OTHER_YEAR, asked.paid_on.year != asked.year
    left = remaining(terms.cap_per_firm_and_year, asked.firm_used)
    yield SubsidyIneligible.CAP_USED_UP, left == 0
