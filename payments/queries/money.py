"""Sums: what is bound, what is on its way."""

import uuid

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from payments.models import Deposit, GatewayCall, Payment, Payout
from payments.rules import ENDED_PAYOUTS, OPEN_DEPOSITS, OPEN_PAYMENTS, CallStatus, CallVerb


def money_still_bound(session: Session, lot_id: uuid.UUID, institution_id: uuid.UUID) -> bool:
    """Whether a deposit or payment of the buyer on the lot may still need the money."""
    deposits = select(func.count(Deposit.id)).where(
        Deposit.lot_id == lot_id,
        Deposit.institution_id == institution_id,
        Deposit.status.in_(OPEN_DEPOSITS),
    )
    payments = select(func.count(Payment.id)).where(
        Payment.lot_id == lot_id,
        Payment.institution_id == institution_id,
        Payment.status.in_(OPEN_PAYMENTS),
    )
    return bool(session.scalar(deposits)) or bool(session.scalar(payments))


def unpaid_payouts(session: Session, account_id: uuid.UUID) -> int:
    """What is already on its way out of an account, in minor units."""
    statement = select(func.coalesce(func.sum(Payout.amount_minor), 0)).where(
        Payout.account_id == account_id, Payout.status.not_in(ENDED_PAYOUTS)
    )
    return int(session.scalar(statement) or 0)


def refunds_under_way(session: Session, lot_id: uuid.UUID, institution_id: uuid.UUID) -> int:
    """What the gateway is asked to give back of the buyer's payments on the lot, in minor units."""
    statement = (
        select(func.coalesce(func.sum(GatewayCall.amount_minor), 0))
        .join(Payment, Payment.id == GatewayCall.payment_id)
        .where(
            GatewayCall.verb == CallVerb.REFUND,
            GatewayCall.status == CallStatus.PREPARED,
            Payment.lot_id == lot_id,
            Payment.institution_id == institution_id,
        )
    )
    return int(session.scalar(statement) or 0)


def refunds_of(session: Session, payment_id: uuid.UUID) -> int:
    """What the gateway gave back of a payment, or is asked to, in minor units."""
    statement = select(func.coalesce(func.sum(GatewayCall.amount_minor), 0)).where(
        GatewayCall.verb == CallVerb.REFUND,
        GatewayCall.status != CallStatus.REFUSED,
        GatewayCall.payment_id == payment_id,
    )
    return int(session.scalar(statement) or 0)
