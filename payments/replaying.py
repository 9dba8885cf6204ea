"""Notices that never arrived: the gateway's list of them is read, and those not here have their effect."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from marketplace.db import atomic
from payments import queries, service
from payments.gateways import Gateway
from payments.rules import EventStatus


@dataclass(frozen=True, slots=True)
class Replayed:
    """A notice that the gateway could not deliver.

    Attributes:
        status: where it stands here now.
        new: whether it was not here before.
    """

    event_id: str
    event_type: str
    gateway_object: str
    status: EventStatus
    new: bool


def replay(gateway: Gateway, since: datetime) -> Iterator[Replayed]:
    """Take in what was missed since then, each notice in a transaction of its own; twice does nothing more.

    Raises:
        GatewayRefused, GatewayUnreachable: the list cannot be read; what was read before it stays.
    """
    for notice in gateway.missed_notices(since):
        with atomic() as session:
            new = not queries.known_event(session, notice.event_id)
            event = service.receive(session, notice)
            replayed = Replayed(event.event_id, event.event_type, event.gateway_object, event.status, new)
        yield replayed
