"""Returning a buyer's free money to where it came from (reliability T9: only to the paying account)."""

from sqlalchemy.orm import Session

from marketplace.deals.models import Deal
from payments import queries as payment_queries
from payments.models import Payment
from payments.rules import CallVerb, Method, PaymentStatus
from payments.service import calls, returns


def give_back(session: Session, deal: Deal, minor: int) -> None:
    """What came from a card or wallet goes back there; the rest by bank, released by two persons."""
    payment = payment_queries.payment_of(session, deal.id)
    if payment is not None and payment.method is Method.STRIPE:
        to_payer = min(minor, _refundable(session, payment))
        if to_payer:
            origin = payment.gateway_object
            calls.prepare(session, CallVerb.REFUND, payment, minor=to_payer, gateway_object=origin)
    returns.return_free(session, deal.lot_id, deal.buyer_id, deal.currency)


def _refundable(session: Session, payment: Payment) -> int:
    """What of a charge was not given back yet."""
    if payment.status is not PaymentStatus.SUCCEEDED:
        return 0
    return payment.amount_minor - payment_queries.refunds_of(session, payment.id)
