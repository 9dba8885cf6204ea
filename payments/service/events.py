"""Signed notices of a gateway: each has one effect, to have its object looked up."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, MarketplaceError
from payments import queries
from payments.cards import queries as card_queries
from payments.cards.service import saving
from payments.connect import calling as connect
from payments.disputes import calling as disputes
from payments.gateways import GatewayNotice
from payments.models import GatewayEvent
from payments.rules import CallVerb, EventStatus, Reason
from payments.service import calls
from payments.service.acts import record

# After this many tries an event about an object nobody knows here is let go; each waits twice as long.
TRIES = 12
_OURS = ("pi_", "cs_", "seti_")

Effect = Callable[[Session, GatewayEvent], bool]

_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def look_up_owner(session: Session, event: GatewayEvent) -> bool:
    """Have the row looked up that the event's object belongs to; False where nobody here knows it."""
    if not event.gateway_object:
        return False
    owner = queries.owner_of_object(session, event.gateway_object)
    if owner is not None:
        calls.prepare_once(session, CallVerb.LOOK_UP, owner, event.gateway_object)
        return True
    card = card_queries.card_of_object(session, event.gateway_object)
    if card is not None:
        saving.heard_of(session, card)
    return card is not None


# What an event does, by the beginning of its type; the longest beginning wins, the last one is for the rest.
EFFECTS: dict[str, Effect] = {
    "charge.dispute.": disputes.look_up,
    "account.": connect.look_up_account,
    "": look_up_owner,
}


def receive(session: Session, notice: GatewayNotice) -> GatewayEvent:
    """Keep a notice once, and have its object looked up; one about an unknown object is parked.

    What the notice says about the object is not used: notices come late, twice and out of order, while a
    look-up tells how things stand now.
    """
    if not _keep(session, notice):
        return queries.event_by_id(session, notice.event_id)
    event = queries.event_by_id(session, notice.event_id)
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


def retry(session: Session, actor: Actor, event_id: str) -> GatewayEvent:
    """An officer has an event tried again that was let go, or has failed.

    Raises:
        Conflict: it had its effect already.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    event = queries.lock_event(session, event_id)
    if event.status is EventStatus.APPLIED:
        raise Conflict(Reason.NOT_AWAITED)
    event.status, event.attempts, event.problem = EventStatus.PARKED, 0, ""
    _try(session, event)
    record(session, "retry_event", event.id, actor, status=event.status)
    return event


def _keep(session: Session, notice: GatewayNotice) -> bool:
    """Add the notice; False when it is here already, however many arrive at the same moment."""
    now = clock.now()
    insert = _INSERTS[session.get_bind(GatewayEvent).dialect.name]
    statement = (
        insert(GatewayEvent)
        .values(
            event_id=notice.event_id,
            event_type=notice.event_type[:100],
            gateway_object=notice.object_id,
            subject=notice.subject_id,
            status=EventStatus.PARKED,
            attempts=0,
            received_at=now,
            due_at=now,
        )
        .on_conflict_do_nothing(index_elements=[GatewayEvent.event_id])
        .returning(GatewayEvent.id)
    )
    return session.execute(statement).scalar_one_or_none() is not None


def _try(session: Session, event: GatewayEvent) -> None:
    """The effect, or none of it: what refuses is undone to the last row and tried again later."""
    event.problem = ""
    try:
        with session.begin_nested():
            done = _effect(event.event_type)(session, event)
    except MarketplaceError as refusal:
        done, event.problem = False, str(refusal)[:300]
    if done:
        event.status, event.applied_at = EventStatus.APPLIED, clock.now()
        return
    event.attempts += 1
    event.due_at = clock.now() + timedelta(seconds=2**event.attempts)
    stranger = not event.problem and not event.gateway_object.startswith(_OURS)
    if event.attempts >= TRIES or stranger:
        event.status = EventStatus.FAILED if event.problem else EventStatus.IGNORED


def _effect(event_type: str) -> Effect:
    beginnings = [beginning for beginning in EFFECTS if event_type.startswith(beginning)]
    return EFFECTS[max(beginnings, key=len)]
