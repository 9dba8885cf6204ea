"""Named selects of costs of sales that did not take place."""

import uuid
from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from auctions.procedure.models import StepDecision
from auctions.procedure.rules import LEAVING, Verdict
from marketplace.due import take_first
from marketplace.errors import NotFound
from payments.leaving.models import LeavingCost

LIMIT = 100


def decision_to_book(session: Session) -> StepDecision | None:
    """One approved withdrawal or redemption whose costs are not booked yet."""
    statement = (
        select(StepDecision)
        .where(
            StepDecision.verdict == Verdict.APPROVED,
            StepDecision.kind.in_(LEAVING),
            StepDecision.cost_minor > 0,
            ~exists().where(LeavingCost.decision_id == StepDecision.id),
        )
        .order_by(StepDecision.at)
    )
    return take_first(session, statement, StepDecision)


def owed(session: Session, debtor_id: uuid.UUID | None = None) -> Sequence[LeavingCost]:
    """What is still owed, by one institution or by all, the oldest first: what an invoice may ask for."""
    statement = select(LeavingCost).where(LeavingCost.paid_at.is_(None))
    if debtor_id is not None:
        statement = statement.where(LeavingCost.debtor_id == debtor_id)
    return session.scalars(statement.order_by(LeavingCost.booked_at).limit(LIMIT)).all()


def lock_cost(session: Session, cost_id: uuid.UUID) -> LeavingCost:
    """The cost, read anew and locked; raises NotFound."""
    statement = select(LeavingCost).where(LeavingCost.id == cost_id).with_for_update(of=LeavingCost)
    found = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("cost")
    return found
