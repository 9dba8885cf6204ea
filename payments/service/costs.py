"""Costs of realising a lot, as they become known."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.deals.models import Deal
from marketplace.deals.rules import SET_OFF, DealStatus
from marketplace.errors import Conflict, Refused
from payments import queries
from payments.models import SaleCost
from payments.rules import PayoutKind, Reason, check_reason
from payments.service import balances
from payments.service.acts import record


def record_cost(
    session: Session, actor: Actor, deal_id: uuid.UUID, *, payee: str, kind: str, minor: int
) -> SaleCost:
    """A cost of realising the lot, to be paid out of the proceeds first (Civil Code 389).

    Raises:
        Refused: nothing is asked, or nobody is named.
        Conflict: the deal is settled already, or the creditor that took the lot has paid in what is due.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    deal = session.get_one(Deal, deal_id, with_for_update={"of": Deal})
    if minor <= 0:
        raise Refused(Reason.NOTHING_RECEIVED, field="amount")
    if queries.settlement_of(session, deal.id, PayoutKind.SETTLEMENT) is not None:
        raise Conflict(Reason.DEAL_SETTLED)
    if deal.source in SET_OFF and deal.status is not DealStatus.AGREED:
        raise Conflict(Reason.SET_OFF_ALREADY)
    cost = SaleCost(
        deal_id=deal.id,
        payee=check_reason(payee)[:200],
        kind=check_reason(kind)[:60],
        amount_minor=minor,
        currency=deal.currency,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    session.add(cost)
    session.flush()
    record(session, "record_cost", deal.id, actor, payee=cost.payee, minor=minor)
    balances.due_again(session, deal)
    return cost
