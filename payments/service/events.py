"""Signed notices of a gateway: each has one effect, to have its object looked up."""

from datetime import timedelta

from sqlalchemy.orm import Session

from marketplace import clock
from payments import queries
from payments.gateways import GatewayNotice
from payments.models import GatewayEvent
from payments.rules import CallVerb, EventStatus
from payments.service import calls

# After this many tries an event about an object nobody knows here is let go; each waits twice as long.
TRIES = 12
_OURS = ("pi_", "cs_")


def receive(session: Session, notice: GatewayNotice) -> GatewayEvent:
    """Keep a notice once, and have its object looked up; one about an unknown object is parked.

    What the notice says about the object is not used: notices come late, twice and out of order, while a
    look-up tells how things stand now.
    """
    known = queries.event_by_id(session, notice.event_id)
    if known is not None:
        return known
    now = clock.now()
    event = GatewayEvent(
        event_id=notice.event_id,
        event_type=notice.event_type[:100],
        gateway_object=notice.object_id,
        status=EventStatus.PARKED,
        received_at=now,
        due_at=now,
    )
    session.add(event)
    _try(session, event)
    session.flush()
    return event


def retry_parked(session: Session) -> bool:
    """Try one parked event again; True when there was one due."""
    event = queries.parked_event(session, clock.now())
    if event is None:
        return False
    _try(session, event)
    return True


def _try(session: Session, event: GatewayEvent) -> None:
    owner = queries.owner_of_object(session, event.gateway_object) if event.gateway_object else None
    if owner is not None:
        event.status, event.applied_at = EventStatus.APPLIED, clock.now()
        calls.prepare_once(session, CallVerb.LOOK_UP, owner, event.gateway_object)
        return
    event.attempts += 1
    event.due_at = clock.now() + timedelta(seconds=2**event.attempts)
    if event.attempts >= TRIES or not event.gateway_object.startswith(_OURS):
        event.status = EventStatus.IGNORED
