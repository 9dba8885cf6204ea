"""Whether the agreement in force covers a loan: what the bank states and what is on record, side by side."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.errors import Refused
from marketplace.listings.models import Lot
from payments.compensation import queries
from payments.compensation.losses import Loss, registered_pledge
from payments.compensation.models import CompensationPool, PoolAgreement
from payments.compensation.rules import Ineligible, LoanFacts, PoolReason, reasons_against
from payments.compensation.rules.agreement import read
from payments.funds import queries as funds
from payments.funds.rules import FirmSize


@dataclass(frozen=True, slots=True)
class StatedLoan:
    """What the bank states about its loan; amounts in minor units of the pool's currency."""

    size: FirmSize
    loan_minor: int
    lent_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Case:
    """A loss on a lot, as it would be claimed on a pool at a moment."""

    pool: CompensationPool
    lot: Lot
    loss: Loss
    stated: StatedLoan
    now: datetime


def covered(
    session: Session, case: Case
) -> tuple[PoolAgreement | None, LoanFacts | None, tuple[Ineligible, ...]]:
    """The agreement in force, what is known, and every reason against; without an agreement only that."""
    pool, lot, loss, stated = case.pool, case.lot, case.loss, case.stated
    today = _day(case.now)
    version = queries.agreement_in_force(session, pool.id, today)
    if version is None:
        return None, None, (Ineligible.NO_AGREEMENT,)
    if lot.currency != pool.currency or loss.case.currency != pool.currency:
        return version, None, (Ineligible.OTHER_CURRENCY,)
    facts = LoanFacts(
        right_types=frozenset(right.right_type for right in lot.rights),
        size=stated.size,
        loan_minor=stated.loan_minor,
        registered_pledge=bool(registered_pledge(lot)),
        lent_on=stated.lent_on,
        due_on=stated.due_on,
        defaulted_on=_day(loss.case.opened_at),
        ended_on=_day(loss.ended_at),
        claimed_on=today,
        loss_minor=loss.minor,
        loans_minor=queries.loans_behind(session, pool.id),
        contributed_minor=funds.contributed(session, pool.id, pool.keeper_id),
    )
    return version, facts, reasons_against(read(version.terms), facts)


def check_covered(session: Session, case: Case) -> tuple[PoolAgreement, LoanFacts]:
    """The agreement in force and what is known of the loan.

    Raises:
        Refused: the agreement does not cover the loan; `reasons` in the details are all of them.
    """
    version, facts, reasons = covered(session, case)
    if reasons or version is None or facts is None:
        raise Refused(PoolReason.NOT_ELIGIBLE, reasons=reasons)
    return version, facts


def written(facts: LoanFacts) -> dict[str, Any]:
    """The facts as JSON values."""
    return {
        "right_types": sorted(str(kind) for kind in facts.right_types),
        "size": str(facts.size),
        "registered_pledge": facts.registered_pledge,
        "lent_on": facts.lent_on.isoformat(),
        "due_on": facts.due_on.isoformat(),
        "defaulted_on": facts.defaulted_on.isoformat(),
        "ended_on": facts.ended_on.isoformat(),
    }


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL_ZONE).date()
