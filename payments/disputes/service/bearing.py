"""Who bears a debt that its debtor does not pay: the payees of the sale, or the operator."""

from sqlalchemy.orm import Session

from marketplace.errors import Conflict
from payments import queries as payment_queries
from payments.disputes import accounts, queries
from payments.disputes.models import Debt, MoneyDecision
from payments.disputes.rules import DebtCause, DebtStatus, DisputeReason
from payments.disputes.service import debts
from payments.disputes.service.correcting import correct
from payments.ledger import Posting
from payments.models import Settlement
from payments.rules import PayoutKind


def settlement_to_charge(session: Session, debt: Debt) -> Settlement:
    """The settlement whose payees can bear a debt: of a buyer, in a sale that is settled and not disputed.

    Raises:
        Conflict: there is none.
    """
    deal_id = debt.deal_id if debt.cause is DebtCause.DISPUTE_LOST else None
    settled = payment_queries.settlement_of(session, deal_id, PayoutKind.SETTLEMENT) if deal_id else None
    if settled is None:
        raise Conflict(DisputeReason.NOT_SETTLED)
    if queries.open_dispute_on_sale(session, settled.deal_id):
        raise Conflict(DisputeReason.DISPUTE_IS_OPEN)
    return settled


def charge_to_sale(session: Session, decision: MoneyDecision, debt: Debt) -> None:
    """The payees bear what the buyer was to pay again: its debt ends, theirs begin."""
    settlement, owed = settlement_to_charge(session, debt), accounts.owed_by(debt)
    correct(session, decision, settlement, kept=owed, owed=owed, cause=DebtCause.CHARGED_TO_SALE)
    debts.end_charged(session, debt)


def write_off(session: Session, decision: MoneyDecision, debt: Debt) -> None:
    """Nobody will pay it.

    A refund that waited for it is no more owed by the account; any other loss the operator bears.
    """
    minor = debt.open_minor
    if debt.cause is DebtCause.REFUND and debt.deal is not None:
        bearer = accounts.refund_due(debt.lot_id, debt.deal.buyer_id, debt.currency)
    else:
        bearer = accounts.written_off(debt.lot_id, debt.currency)
    key = f"decision:{decision.id}"
    debts.cover(session, debt, (Posting(bearer, minor),), minor, key=key, ends_as=DebtStatus.WRITTEN_OFF)
