"""Calls to gateways and their notices."""

import uuid
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
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


def event_by_id(session: Session, event_id: str) -> GatewayEvent:
    """A notice that is kept here."""
    return session.scalars(select(GatewayEvent).where(GatewayEvent.event_id == event_id)).one()


def known_event(session: Session, event_id: str) -> bool:
    statement = select(GatewayEvent.id).where(GatewayEvent.event_id == event_id)
    return session.scalars(statement).first() is not None


def lock_event(session: Session, event_id: str) -> GatewayEvent:
    """The notice, read anew and locked; raises NotFound."""
    statement = select(GatewayEvent).where(GatewayEvent.event_id == event_id).with_for_update()
    event = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if event is None:
        raise NotFound("event")
    return event


def events_listed(status: EventStatus | None) -> Select[GatewayEvent]:
    """Notices for the operator, the latest first; those that had no effect, or of one status."""
    statement = select(GatewayEvent).order_by(GatewayEvent.received_at.desc(), GatewayEvent.id)
    if status is None:
        return statement.where(GatewayEvent.status != EventStatus.APPLIED)
    return statement.where(GatewayEvent.status == status)


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
    """The deposit or payment that the gateway's object belongs to, or belonged to before it was replaced."""
    mine = or_(Deposit.gateway_object == gateway_object, Deposit.renewal_object == gateway_object)
    deposit = session.scalars(select(Deposit).where(mine)).one_or_none()
    if deposit is not None:
        return deposit
    statement = select(Payment).where(Payment.gateway_object == gateway_object)
    payment = session.scalars(statement).one_or_none()
    return payment or _owner_before(session, gateway_object)


def _owner_before(session: Session, gateway_object: str) -> Deposit | Payment | None:
    statement = select(GatewayCall).where(GatewayCall.gateway_object == gateway_object).limit(1)
    call = session.scalars(statement).first()
    return (call.deposit or call.payment) if call is not None else None
