"""What payments asks of a gateway that takes cards, in our words; each gateway is a file beside this one."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from marketplace.errors import MarketplaceError


class GatewayRefused(MarketplaceError):
    """The gateway said no, and will say no again: a declined card, a hold that is gone."""


class GatewayUnreachable(MarketplaceError):
    """No answer, or none that tells whether it was done: ask again with the same key."""


class BadSignature(MarketplaceError):
    """A notice that the gateway did not sign, or signed too long ago."""

    status = 400


class Phase(StrEnum):
    """Where a hold or charge stands, in our words."""

    AWAITING = "awaiting"
    """The payer has still to do something, or the gateway is at it."""
    HELD = "held"
    PAID = "paid"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Ask:
    """An amount to hold or charge.

    Attributes:
        key: idempotency key; the same key never holds or charges twice.
        row_id: our deposit or payment, written on the gateway's object.
        label: what the payer reads on the gateway's page.
        return_url: where the gateway's page sends the payer back to.
    """

    key: str
    minor: int
    currency: str
    row_id: uuid.UUID
    label: str
    return_url: str


@dataclass(frozen=True, slots=True)
class GatewayState:
    """A hold or charge as the gateway has it now.

    Attributes:
        object_id: how to ask for it from now on.
        received_minor: what has been captured or charged, in minor units.
        expires_at: when a hold runs out; None where the gateway does not say.
        hosted_url: where the payer enters the card; empty when nothing is to be entered.
        problem: what the gateway said about the last attempt; empty when nothing went wrong.
    """

    object_id: str
    phase: Phase
    minor: int
    currency: str
    received_minor: int = 0
    expires_at: datetime | None = None
    hosted_url: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class GatewayNotice:
    """A signed notice: something happened to an object; what, one asks the gateway."""

    event_id: str
    event_type: str
    object_id: str


class Gateway(Protocol):
    """A gateway that holds and charges cards.

    Every method raises GatewayRefused or GatewayUnreachable, and none is called inside a transaction.
    """

    def hold(self, ask: Ask) -> GatewayState:
        """Reserve an amount on the payer's card."""

    def charge(self, ask: Ask) -> GatewayState:
        """Take an amount at once."""

    def capture(self, object_id: str, minor: int, key: str) -> GatewayState:
        """Take `minor` of what is held."""

    def release(self, object_id: str, key: str) -> GatewayState:
        """Let go of what is held, or of a hold or charge the payer has not completed."""

    def refund(self, object_id: str, minor: int, key: str) -> GatewayState:
        """Give back `minor` of what was taken."""

    def look_up(self, object_id: str) -> GatewayState:
        """Ask how it stands."""

    def read_notice(self, body: bytes, signature: str) -> GatewayNotice:
        """Verify a notice on its raw body; raises BadSignature."""
