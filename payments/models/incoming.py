"""Money that comes in: deposits, payments of the balance, and what the bank statement shows."""

import uuid
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from auctions.models import Registration
from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.deals.models import Deal
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution
from payments.rules import DepositStatus, Method, PaymentStatus
from payments.ways import Way


class Deposit(Model):
    """What a bidder must have held before the first bid; one per registration.

    Attributes:
        method: None until the bidder has chosen.
        reference: the code on the purpose line of the bank transfer.
        attempt: rises when a hold is asked for again; part of the gateway's idempotency key.
        gateway_object: the gateway's id of the hold; empty for bank transfers.
        hosted_url: where the bidder enters the card, on the gateway's own page.
        captured_minor: what has been captured of a card hold.
        hold_expires_at: when the card hold runs out, as the gateway says.
        card_id: the saved card it is held on; None for a card entered for this deposit alone.
        may_increment: whether the gateway can raise the hold as it stands.
        renewal_object: the second hold, while its holder has still to enter a card for it.
        warned_at: when the bidder was warned that the hold runs out; None for a hold that stands.
        deal_id: the deal it counts toward, from the moment the price is agreed.
        problem: what the gateway said when it refused.
    """

    __tablename__ = "deposits"

    id: Mapped[uuid.UUID] = identity()
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registrations.id"), unique=True)
    registration: Mapped[Registration] = relationship()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot] = relationship()
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    status: Mapped[DepositStatus] = mapped_column(default=DepositStatus.REQUIRED, index=True)
    method: Mapped[Method | None]
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    attempt: Mapped[int] = mapped_column(default=1)
    gateway_object: Mapped[str] = mapped_column(String(255), default="", index=True)
    hosted_url: Mapped[str] = mapped_column(String(2000), default="")
    captured_minor: Mapped[int] = minor_units(default=0)
    hold_expires_at: Mapped[datetime | None]
    card_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("saved_cards.id"), index=True)
    may_increment: Mapped[bool] = mapped_column(default=False, server_default=false())
    renewal_object: Mapped[str] = mapped_column(String(255), default="", server_default="", index=True)
    warned_at: Mapped[datetime | None]
    deal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deals.id"), index=True)
    problem: Mapped[str] = mapped_column(String(300), default="")
    required_at: Mapped[datetime]
    held_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Payment(Model):
    """The balance of a deal: price and buyer-borne commissions less the deposit; one per deal.

    Attributes:
        set_off_minor: what is not paid because the payer is the creditor who would get it; 0 for any other.
        way: how the payer sends it; None until one is chosen.
        gateway_customer: whom the gateway keeps a virtual account for; empty for other ways.
        transfer_details: where to pay to by that account, as `[label, value]` in the order to show.
        credit_minor: what stands on that account and is not a part of the price, as booked.
        overdue_at: since when it waits for an officer, the deadline having passed; None before, and once more
            time was given.
        prolongations: how often more time was given.
    """

    __tablename__ = "payments"

    id: Mapped[uuid.UUID] = identity()
    deal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("deals.id"), unique=True)
    deal: Mapped[Deal] = relationship()
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution] = relationship()
    lot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lots.id"), index=True)
    amount_minor: Mapped[int] = minor_units()
    set_off_minor: Mapped[int] = minor_units(default=0, server_default="0")
    currency: Mapped[str] = currency_code()
    status: Mapped[PaymentStatus] = mapped_column(default=PaymentStatus.PREPARED, index=True)
    method: Mapped[Method | None]
    way: Mapped[Way | None]
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    attempt: Mapped[int] = mapped_column(default=1)
    gateway_object: Mapped[str] = mapped_column(String(255), default="", index=True)
    gateway_customer: Mapped[str] = mapped_column(String(255), default="", server_default="")
    transfer_details: Mapped[list[list[str]]] = mapped_column(JSON, default=list, server_default="[]")
    credit_minor: Mapped[int] = minor_units(default=0, server_default="0")
    hosted_url: Mapped[str] = mapped_column(String(2000), default="")
    problem: Mapped[str] = mapped_column(String(300), default="")
    prepared_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]
    prolongations: Mapped[int] = mapped_column(default=0, server_default="0")
    ended_at: Mapped[datetime | None]


class BankReceipt(AppendOnly, Model):
    """A line of the bank statement that an officer matched to a reference.

    Attributes:
        bank_reference: the bank's own number of the line; matched once.
        deposit_id, payment_id, limit_deposit_id: what it was for; exactly one of them.
    """

    __tablename__ = "bank_receipts"
    __table_args__ = (UniqueConstraint("bank_reference"),)

    id: Mapped[uuid.UUID] = identity()
    deposit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deposits.id"), index=True)
    payment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    limit_deposit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("limit_deposits.id"), index=True)
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("institutions.id"))
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    bank_reference: Mapped[str] = mapped_column(String(100))
    confirmed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime]
