"""A buyer's money that is bound to nothing goes back to the buyer."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.parties.models import Institution
from payments import queries
from payments.models import Payout
from payments.rules import PayoutKind
from payments.service import books


def return_free(
    session: Session, lot_id: uuid.UUID, institution_id: uuid.UUID, currency: str
) -> Payout | None:
    """Make a payout of what no deposit, payment, refund or payout needs; None when there is nothing."""
    if queries.money_still_bound(session, lot_id, institution_id):
        return None
    name = books.buyer_balance(lot_id, institution_id, currency)
    account = books.account(session, name)
    leaving = queries.unpaid_payouts(session, account.id)
    refunding = queries.refunds_under_way(session, lot_id, institution_id)
    free = account.standing.available(name.purpose) - leaving - refunding
    if free <= 0:
        return None
    payout = Payout(
        kind=PayoutKind.RETURN,
        lot_id=lot_id,
        account_id=account.id,
        institution_id=institution_id,
        payee=session.get_one(Institution, institution_id).name,
        amount_minor=free,
        currency=currency,
        due_at=clock.now(),
    )
    session.add(payout)
    session.flush()
    return payout
