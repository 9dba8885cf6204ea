"""Payments to a virtual account: where to pay to, and what stands on it beside the price.

What came in part, or is too much, stays on the gateway's account of the payer. It is the payer's, not ours,
and is mirrored as cash of its own and as the payer's credit, so that a statement shows it.
"""

from sqlalchemy.orm import Session

from payments import ledger
from payments.gateways import GatewayState
from payments.ledger import AccountName, Purpose
from payments.models import GatewayCall, Payment
from payments.service import books
from payments.ways import Way


def stands(session: Session, payment: Payment, call: GatewayCall, state: GatewayState) -> None:
    """Write down where to pay to, and book what has changed on the account."""
    payment.gateway_customer = state.customer
    if state.transfer_details:
        payment.transfer_details = [[name, value] for name, value in state.transfer_details]
    more = state.credit_minor - payment.credit_minor
    if not more:
        return
    payer = AccountName(Purpose.CREDIT, payment.currency, None, str(payment.institution_id))
    account = AccountName(Purpose.CASH, payment.currency, None, str(Way.VIRTUAL_ACCOUNT))
    debit, credit = (account, payer) if more > 0 else (payer, account)
    key, mirrored = f"credit:{payment.id}:{call.id.hex}", ledger.movement(debit, credit, abs(more))
    books.post(session, key, subject_id=payment.id, lot_id=None, postings=mirrored)
    payment.credit_minor = state.credit_minor
