"""What a gateway is asked about disputes: a notice has the dispute looked up, the answer is written down."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.errors import MarketplaceError
from payments import queries
from payments.disputes.service.disputing import heard
from payments.gateways import Gateway
from payments.gateways.disputing import DisputeState
from payments.models import GatewayCall, GatewayEvent
from payments.rules import CallStatus, CallVerb, Method
from payments.service.acts import record


def look_up(session: Session, event: GatewayEvent) -> bool:
    """Have the dispute looked up that a notice speaks of; False while nobody here knows the charge."""
    owner = queries.owner_of_object(session, event.gateway_object) if event.gateway_object else None
    if owner is None:
        return False
    verb, waiting = CallVerb.LOOK_UP_DISPUTE, CallStatus.PREPARED
    if queries.waiting_call(session, verb, event.subject, status=waiting) is None:
        now = clock.now()
        call = GatewayCall(
            method=Method.STRIPE,
            verb=verb,
            subject_id=owner.id,
            currency=owner.currency,
            gateway_object=event.subject,
            prepared_at=now,
            due_at=now,
        )
        session.add(call)
        session.flush()
    return True


def nothing_to_tell(session: Session, call: GatewayCall) -> None:
    """A look-up needs no more than the call itself."""
    del session, call


def make(gateway: Gateway, call: GatewayCall, ask: Any) -> DisputeState:
    del ask
    return gateway.look_up_dispute(call.gateway_object)


def answered(session: Session, call: GatewayCall, state: DisputeState) -> None:
    del call
    heard(session, state)


def refused(session: Session, call: GatewayCall, refusal: MarketplaceError) -> None:
    """The gateway does not know it: a person reads the call on the desk."""
    record(session, "dispute_unknown", call.id, None, reason=str(refusal), dispute=call.gateway_object)
