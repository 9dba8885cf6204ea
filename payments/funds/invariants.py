"""What must always hold of the money in funds: each question answers with what breaks it, so with nothing."""

from collections.abc import Callable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from payments.funds.models import FundMovement
from payments.funds.rules import MovementKind, MovementStatus
from payments.ledger import Purpose
from payments.models import Account, LedgerTransaction, Payout
from payments.rules import PayoutStatus


def movements_by_one_person(session: Session) -> list[str]:
    """What was confirmed has two persons."""
    statement = select(FundMovement).where(
        FundMovement.status == MovementStatus.CONFIRMED,
        or_(
            FundMovement.answered_by_id.is_(None),
            FundMovement.answered_by_id == FundMovement.prepared_by_id,
        ),
    )
    return [f"movement {row.id} was confirmed by whoever prepared it" for row in session.scalars(statement)]


def movements_not_booked(session: Session) -> list[str]:
    """A contribution is in the ledger exactly when it is confirmed; a withdrawal has its payout then."""
    found = []
    for row in session.scalars(select(FundMovement).execution_options(yield_per=500)):
        confirmed = row.status is MovementStatus.CONFIRMED
        if row.kind is MovementKind.WITHDRAWAL:
            booked = row.payout_id is not None
        else:
            key = select(LedgerTransaction.id).where(LedgerTransaction.key == f"fund:{row.id}")
            booked = session.scalar(key) is not None
        if booked is not confirmed:
            found.append(f"movement {row.id} is {row.status}, and the ledger says otherwise")
    return found


def money_apart_without_payout(session: Session) -> list[str]:
    """What a fund has set apart for a payee is exactly its open payouts, to the minor unit."""
    found = []
    apart = Account.party.startswith("out:") & Account.purpose.in_((Purpose.COMPENSATION, Purpose.SUBSIDY))
    for account in session.scalars(select(Account).where(apart).execution_options(yield_per=500)):
        open_payout = select(Payout.amount_minor).where(
            Payout.account_id == account.id, Payout.status != PayoutStatus.PAID
        )
        if sum(session.scalars(open_payout)) != -account.balance_minor:
            found.append(f"{account.code} holds {-account.balance_minor}, its payouts say otherwise")
    return found


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("money moves in a fund by two persons", movements_by_one_person),
    ("the movements of funds are in the ledger", movements_not_booked),
    ("what funds set apart are their open payouts", money_apart_without_payout),
)
