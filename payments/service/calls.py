"""Calls to the gateway, written down before they are made."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from payments import queries
from payments.models import Deposit, GatewayCall, Payment
from payments.rules import CallStatus, CallVerb, Method

# ISO 4217 for a matter in which no currency is involved.
NO_CURRENCY = "XXX"


def prepare(
    session: Session,
    verb: CallVerb,
    row: Deposit | Payment,
    *,
    minor: int = 0,
    gateway_object: str = "",
    card_id: uuid.UUID | None = None,
) -> GatewayCall:
    """Write down a call about a deposit or payment; the worker makes it after the commit."""
    call = GatewayCall(
        method=Method.STRIPE,
        verb=verb,
        deposit_id=row.id if isinstance(row, Deposit) else None,
        payment_id=row.id if isinstance(row, Payment) else None,
        amount_minor=minor,
        currency=row.currency,
        gateway_object=gateway_object,
        card_id=card_id,
    )
    return _written(session, call)


def prepare_for_card(
    session: Session, verb: CallVerb, card_id: uuid.UUID, *, gateway_object: str = ""
) -> GatewayCall:
    """Write down a call about a saved card."""
    call = GatewayCall(
        method=Method.STRIPE,
        verb=verb,
        card_id=card_id,
        currency=NO_CURRENCY,
        gateway_object=gateway_object,
    )
    return _written(session, call)


def _written(session: Session, call: GatewayCall) -> GatewayCall:
    call.prepared_at = call.due_at = clock.now()
    session.add(call)
    session.flush()
    return call


def prepare_once(
    session: Session, verb: CallVerb, row: Deposit | Payment, gateway_object: str, *, minor: int = 0
) -> None:
    """Write down a call unless the same one about the same object waits already."""
    if queries.waiting_call(session, verb, gateway_object, status=CallStatus.PREPARED) is None:
        prepare(session, verb, row, minor=minor, gateway_object=gateway_object)
