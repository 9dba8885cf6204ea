"""What the gateway is asked and what it tells: calls written down before they are made, events kept once."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from payments.models.incoming import Deposit, Payment
from payments.rules import CallStatus, CallVerb, EventStatus, Method


class GatewayCall(Model):
    """One call to a gateway, committed before it is made.

    Attributes:
        amount_minor: for a hold, a charge or a capture; 0 otherwise.
        subject_id: the payout or debt it is about, where it is about neither deposit nor payment.
        card_id: the saved card it is about, or on which a hold is placed.
        gateway_object: what it is about; empty for a hold or charge, which makes one.
        due_at: when to make it; a claim moves it on, so a crashed worker's call is made again, with the same
            idempotency key (the row's id).
    """

    __tablename__ = "gateway_calls"

    id: Mapped[uuid.UUID] = identity()
    method: Mapped[Method]
    verb: Mapped[CallVerb]
    deposit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deposits.id"), index=True)
    deposit: Mapped[Deposit | None] = relationship()
    payment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    payment: Mapped[Payment | None] = relationship()
    amount_minor: Mapped[int] = minor_units(default=0)
    currency: Mapped[str] = currency_code()
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    gateway_object: Mapped[str] = mapped_column(String(255), default="", index=True)
    card_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("saved_cards.id"), index=True)
    status: Mapped[CallStatus] = mapped_column(default=CallStatus.PREPARED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(300), default="")
    prepared_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]


class GatewayEvent(Model):
    """A notice from a gateway, kept once by its id.

    Attributes:
        gateway_object: the hold, charge, page or set-up it is about; empty where it is about none.
        subject: the object itself: a dispute, a transfer, a payout, or the same as `gateway_object`.
        status: parked until the object it speaks of is known here.
        problem: why its effect was refused, the last time.
        due_at: when a parked one is tried again.
    """

    __tablename__ = "gateway_events"

    id: Mapped[uuid.UUID] = identity()
    event_id: Mapped[str] = mapped_column(String(255), unique=True)
    event_type: Mapped[str] = mapped_column(String(100))
    gateway_object: Mapped[str] = mapped_column(String(255), index=True)
    subject: Mapped[str] = mapped_column(String(255), default="", server_default="")
    problem: Mapped[str] = mapped_column(String(300), default="", server_default="")
    status: Mapped[EventStatus] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
