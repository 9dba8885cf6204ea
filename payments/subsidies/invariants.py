"""What must always hold of subsidies: each question answers with what breaks it, so with nothing."""

from collections.abc import Callable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from payments.models import Payout
from payments.rules import PayoutStatus
from payments.subsidies import queries
from payments.subsidies.models import ProgrammeBudget, SubsidyApplication, SubsidyProgramme
from payments.subsidies.rules import STANDING, ApplicationStatus, read


def firms_over_their_cap(session: Session) -> list[str]:
    """No firm gets more than its cap in a programme's year."""
    sums = (
        select(
            SubsidyApplication.programme_id,
            SubsidyApplication.firm_number,
            func.sum(SubsidyApplication.amount_minor),
        )
        .where(SubsidyApplication.status.in_(STANDING))
        .group_by(SubsidyApplication.programme_id, SubsidyApplication.firm_number)
    )
    found = []
    for programme_id, number, total in session.execute(sums):
        terms = read(session.get_one(SubsidyProgramme, programme_id).terms)
        if total > terms.cap_per_firm_and_year:
            found.append(f"firm {number} has {total} in programme {programme_id}")
    return found


def programmes_over_their_budget(session: Session) -> list[str]:
    """A programme gives out no more than its approved budget."""
    return [
        f"programme {programme_id} gives out more than its budget"
        for programme_id in session.scalars(select(SubsidyProgramme.id))
        if queries.used_of(session, programme_id) > queries.budget_of(session, programme_id)
    ]


def passed_over(session: Session) -> list[str]:
    """Nobody who waits has been passed: where the first of them fits, it no longer waits."""
    found = []
    for programme_id in session.scalars(select(SubsidyProgramme.id)):
        first = queries.first_waiting(session, programme_id)
        left = queries.budget_of(session, programme_id) - queries.used_of(session, programme_id)
        if first is not None and first.amount_minor <= left:
            found.append(f"application {first.id} waits, and the budget has {left} left")
    return found


def approved_by_one_person(session: Session) -> list[str]:
    """Applications and budgets are approved by somebody else than who prepared them."""
    approved = select(SubsidyApplication.id).where(
        SubsidyApplication.status.in_((ApplicationStatus.APPROVED, ApplicationStatus.PAID)),
        or_(
            SubsidyApplication.reviewed_by_id.is_(None),
            SubsidyApplication.approved_by_id.is_(None),
            SubsidyApplication.reviewed_by_id == SubsidyApplication.approved_by_id,
        ),
    )
    budgets = select(ProgrammeBudget.id).where(
        ProgrammeBudget.approved_by_id == ProgrammeBudget.proposed_by_id
    )
    rows = [*session.scalars(approved), *session.scalars(budgets)]
    return [f"{row_id} was approved by whoever prepared it" for row_id in rows]


def paid_otherwise(session: Session) -> list[str]:
    """An approved application has a payout of its amount, paid once the application says so."""
    statement = (
        select(SubsidyApplication, Payout)
        .outerjoin(Payout, Payout.id == SubsidyApplication.payout_id)
        .where(SubsidyApplication.status.in_((ApplicationStatus.APPROVED, ApplicationStatus.PAID)))
    )
    found = []
    for row, payout in session.execute(statement):
        other = payout is None or payout.amount_minor != row.amount_minor
        late = row.status is ApplicationStatus.PAID and (
            payout is None or payout.status is not PayoutStatus.PAID
        )
        if other or late:
            found.append(f"application {row.id} is {row.status}, its payout says otherwise")
    return found


def purchases_twice(session: Session) -> list[str]:
    """A purchase is subsidised once."""
    statement = (
        select(SubsidyApplication.deal_id)
        .where(SubsidyApplication.deal_id.is_not(None), SubsidyApplication.status.in_(STANDING))
        .group_by(SubsidyApplication.deal_id)
        .having(func.count() > 1)
    )
    return [f"deal {deal_id} stands behind more than one subsidy" for deal_id in session.scalars(statement)]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("no firm gets more subsidy than its cap of the year", firms_over_their_cap),
    ("no programme gives out more than its budget", programmes_over_their_budget),
    ("the waiting list of a programme keeps its order", passed_over),
    ("subsidies and budgets are approved by a second person", approved_by_one_person),
    ("subsidies are paid as they were approved", paid_otherwise),
    ("a purchase is subsidised once", purchases_twice),
)
