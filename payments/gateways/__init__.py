"""What payments asks of a gateway that takes cards, in our words; each gateway is a file beside this one."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from marketplace.errors import MarketplaceError
from payments.gateways.disputing import Disputing
from payments.gateways.transferring import Transferring
from payments.ways import Way


class GatewayRefused(MarketplaceError):
    """The gateway said no, and will say no again: a declined card, a hold that is gone."""


class AuthenticationNeeded(GatewayRefused):
    """The payer's bank wants the payer there: the same can be done on the gateway's page, not without it."""


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
        way: how the payer sends a charge; a hold is always on a card.
        group: what charges and transfers of one sale have in common; empty for none.
        customer, card: a card the payer has saved, to be used without the payer there; empty for a page on
            which the payer enters one.
    """

    key: str
    minor: int
    currency: str
    row_id: uuid.UUID
    label: str
    return_url: str
    customer: str = ""
    card: str = ""
    way: Way = Way.CARD
    group: str = ""


@dataclass(frozen=True, slots=True)
class GatewayState:
    """A hold or charge as the gateway has it now.

    Attributes:
        object_id: how to ask for it from now on.
        received_minor: what has been captured or charged, in minor units.
        expires_at: when a hold runs out; None where the gateway does not say.
        hosted_url: where the payer enters the card; empty when nothing is to be entered.
        problem: what the gateway said about the last attempt; empty when nothing went wrong.
        may_increment: whether the hold can be raised as it stands.
        customer: whose virtual account it is paid to; empty for other ways.
        transfer_details: where to pay to, as label and value in the order to show.
        credit_minor: what has come on that account and is not taken yet, or is too much.
    """

    object_id: str
    phase: Phase
    minor: int
    currency: str
    received_minor: int = 0
    expires_at: datetime | None = None
    hosted_url: str = ""
    problem: str = ""
    may_increment: bool = False
    customer: str = ""
    transfer_details: tuple[tuple[str, str], ...] = ()
    credit_minor: int = 0


@dataclass(frozen=True, slots=True)
class CardAsk:
    """A card to be saved, for holds that are placed when its holder is not there.

    Attributes:
        key: idempotency key.
        row_id: our row of the card, written on the gateway's object.
        holder_id, holder_name: whose it is, written on the gateway's customer.
        customer: the gateway's customer of that holder; empty for the first card.
        return_url: where the gateway's page sends the holder back to.
    """

    key: str
    row_id: uuid.UUID
    holder_id: uuid.UUID
    holder_name: str
    customer: str
    return_url: str


@dataclass(frozen=True, slots=True)
class CardState:
    """A card that is being saved, or is saved.

    Attributes:
        object_id: how to ask for it from now on: the gateway's page or set-up.
        phase: `AWAITING` until the holder has entered it, `HELD` once it is saved; never `PAID`.
        card: how holds are placed on it; empty until it is saved.
        brand, last_four: what its holder knows it by; never more of its number.
        expiry: the month and year printed on it; None until it is saved.
        hosted_url: where the holder enters it; empty when nothing is to be entered.
    """

    object_id: str
    phase: Phase
    customer: str
    card: str = ""
    brand: str = ""
    last_four: str = ""
    expiry: tuple[int, int] | None = None
    hosted_url: str = ""


@dataclass(frozen=True, slots=True)
class GatewayNotice:
    """A signed notice: something happened to an object; what, one asks the gateway.

    Attributes:
        object_id: the hold, charge or page it is about; for a charge, refund or dispute the hold or charge it
            belongs to; empty where it belongs to none.
        subject_id: the object itself: a dispute, a transfer, a payout, or the same as `object_id`.
    """

    event_id: str
    event_type: str
    object_id: str
    subject_id: str = ""


class Gateway(Disputing, Transferring, Protocol):
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

    def increment(self, object_id: str, minor: int, key: str) -> GatewayState:
        """Raise a hold to `minor` in all, where its state says that it may be."""

    def save_card(self, ask: CardAsk) -> CardState:
        """Have a card saved, on the gateway's own page; its number never comes here."""

    def look_up_card(self, object_id: str) -> CardState:
        """Ask how the saving of a card stands."""

    def forget_card(self, card: str, key: str) -> None:
        """Have a saved card forgotten; nothing can be held on it any more."""

    def read_notice(self, body: bytes, signature: str) -> GatewayNotice:
        """Verify a notice on its raw body; raises BadSignature."""

    def missed_notices(self, since: datetime) -> Iterator[GatewayNotice]:
        """Notices since then that the gateway could not deliver, in no order; kept for thirty days."""
