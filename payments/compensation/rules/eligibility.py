"""Whether an agreement covers a loan, each reason against it, and by when what has to be done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.rights.rules import RightType
from payments.compensation.rules.agreement import Agreement
from payments.compensation.rules.words import Ineligible

_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts:
    """What is known of a loan and its disposal when a bank claims.

    Attributes:
        size: of the borrower, a value of `FirmSize`.
        loan_minor: the loan as it was paid out.
        registered_pledge: whether a pledge of the claiming bank is on record with its number.
        defaulted_on: the day on which the case was opened.
        ended_on: the day of the settlement, or of the end without a sale.
        loans_minor: the loans behind all earlier claims on the pool.
        contributed_minor: what the fund has paid into the pool.
    """

    right_types: frozenset[RightType]
    size: str
    loan_minor: int
    registered_pledge: bool
    lent_on: date
    due_on: date
    defaulted_on: date
    ended_on: date
    claimed_on: date
    loss_minor: int
    loans_minor: int = 0
    contributed_minor: int = 0


def reasons_against(agreement: Agreement, facts: LoanFacts) -> tuple[Ineligible, ...]:
    """Every reason why the agreement does not cover the loan; none when it does."""
    return tuple(reason for reason, applies in _questions(agreement, facts) if applies)


def _questions(agreement: Agreement, facts: LoanFacts) -> Iterator[tuple[Ineligible, bool]]:
    yield Ineligible.NO_LOSS, facts.loss_minor <= 0
    yield Ineligible.DATES_OUT_OF_ORDER, not facts.lent_on < facts.due_on
    types = frozenset(agreement.right_types)
    yield Ineligible.RIGHT_TYPE, bool(types) and not facts.right_types <= types
    yield Ineligible.FIRM_SIZE, bool(agreement.sizes) and facts.size not in agreement.sizes
    yield Ineligible.LOAN_TOO_LARGE, _above(facts.loan_minor, agreement.loan_at_most)
    yield Ineligible.PLEDGE_NOT_REGISTERED, agreement.registered_pledge and not facts.registered_pledge
    yield (
        Ineligible.TERM_TOO_LONG,
        _above(months_between(facts.lent_on, facts.due_on), agreement.term_months_at_most),
    )
    yield Ineligible.WAITING_PERIOD, facts.claimed_on < claimable_from(agreement, facts.defaulted_on)
    last = claimable_until(agreement, facts.ended_on)
    yield Ineligible.TOO_LATE, last is not None and facts.claimed_on > last
    yield Ineligible.POOL_FULL, _pool_is_full(agreement, facts)


def _pool_is_full(agreement: Agreement, facts: LoanFacts) -> bool:
    if agreement.multiple is None:
        return False
    return facts.loans_minor + facts.loan_minor > agreement.multiple * facts.contributed_minor


def _above(value: int, most: int | None) -> bool:
    return most is not None and value > most


def claimable_from(agreement: Agreement, defaulted_on: date) -> date:
    """The first day on which a claim may be made."""
    return defaulted_on + timedelta(days=agreement.waiting_days)


def claimable_until(agreement: Agreement, ended_on: date) -> date | None:
    """The last day on which a claim may be made; None for no deadline."""
    if agreement.claim_within_days is None:
        return None
    return ended_on + timedelta(days=agreement.claim_within_days)


def months_between(first: date, last: date) -> int:
    """Months from `first` to `last`, a begun month counted whole."""
    months = (last.year - first.year) * _MONTHS + last.month - first.month
    return months + (last.day > first.day)


def clocks(agreement: Agreement, claimed_on: date, reviewed_on: date | None) -> tuple[date, date | None]:
    """By when the fund should review a claim, and by when pay it (None before the review)."""
    review_by = claimed_on + timedelta(days=agreement.review_days)
    pay_by = reviewed_on + timedelta(days=agreement.payment_days) if reviewed_on else None
    return review_by, pay_by
