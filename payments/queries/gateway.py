"""Calls to gateways and their notices."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from payments.models import Deposit, GatewayCall, GatewayEvent, Payment
from payments.rules import CallStatus, CallVerb, EventStatus


def lock_call(session: Session, call_id: uuid.UUID) -> GatewayCall:
    statement = select(GatewayCall).where(GatewayCall.id == call_id).with_for_update(of=GatewayCall)
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def waiting_call(
    session: Session, verb: CallVerb, gateway_object: str, *, status: CallStatus | None = CallStatus.PREPARED
) -> GatewayCall | None:
    """A call of that kind about that object; with `status` None one in any status."""
    statement = select(GatewayCall).where(
        GatewayCall.verb == verb, GatewayCall.gateway_object == gateway_object
    )
    if status is not None:
        statement = statement.where(GatewayCall.status == status)
    return session.scalars(statement).first()


def call_due(session: Session, now: datetime) -> GatewayCall | None:
    statement = (
        select(GatewayCall)
        .where(GatewayCall.status == CallStatus.PREPARED, GatewayCall.due_at <= now)
        .order_by(GatewayCall.due_at, GatewayCall.id)
        .limit(1)
    )
    return session.scalars(statement).first()


def event_by_id(session: Session, event_id: str) -> GatewayEvent | None:
    return session.scalars(select(GatewayEvent).where(GatewayEvent.event_id == event_id)).one_or_none()


def parked_event(session: Session, now: datetime) -> GatewayEvent | None:
    statement = (
        select(GatewayEvent)
        .where(GatewayEvent.status == EventStatus.PARKED, GatewayEvent.due_at <= now)
        .order_by(GatewayEvent.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(statement).first()


def owner_of_object(session: Session, gateway_object: str) -> Deposit | Payment | None:
    """The deposit or payment that the gateway's object belongs to."""
    deposit = session.scalars(select(Deposit).where(Deposit.gateway_object == gateway_object)).one_or_none()
    if deposit is not None:
        return deposit
    return session.scalars(select(Payment).where(Payment.gateway_object == gateway_object)).one_or_none()
