"""What must always hold of the costs of leaving: each question answers with nothing."""

from collections.abc import Callable

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from payments.leaving.models import LeavingCost
from payments.models import LedgerTransaction


def booked_otherwise(session: Session) -> list[str]:
    """A cost is booked once when it arises, and once more when it is paid."""
    booked = (
        select(func.count(LedgerTransaction.id))
        .where(LedgerTransaction.subject_id == LeavingCost.id)
        .scalar_subquery()
    )
    wanted = case((LeavingCost.paid_at.is_(None), 1), else_=2)
    statement = select(LeavingCost.id, booked).where(booked != wanted).limit(100)
    return [f"cost {row} has {count} transactions" for row, count in session.execute(statement)]


CHECKS: tuple[tuple[str, Callable[[Session], list[str]]], ...] = (
    ("costs of leaving are in the ledger", booked_otherwise),
)
