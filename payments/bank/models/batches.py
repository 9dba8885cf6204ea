"""Payment files: which approved payouts went to the bank together, and where each was sent."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from payments.bank.models.accounts import BankAccount
from payments.bank.rules.words import BatchStatus, OrderStatus
from payments.models import Payout


class PaymentBatch(Model):
    """Payouts handed to the bank in one file.

    Attributes:
        number: the message id in the file.
        count, total_minor: what the file says of itself; the orders sum to it.
        exports: how often the file was fetched.
        digest: SHA-256 of the orders, so that a file fetched again is the same file.
    """

    __tablename__ = "payment_batches"

    id: Mapped[uuid.UUID] = identity()
    number: Mapped[str] = mapped_column(String(35), unique=True)
    bank_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    bank_account: Mapped[BankAccount] = relationship()
    status: Mapped[BatchStatus] = mapped_column(default=BatchStatus.EXPORTED, index=True)
    count: Mapped[int]
    total_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    digest: Mapped[str] = mapped_column(String(64))
    exports: Mapped[int] = mapped_column(default=0)
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime]
    cancelled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    orders: Mapped[list["PaymentOrder"]] = relationship(
        back_populates="batch", order_by="PaymentOrder.position"
    )


class PaymentOrder(Model):
    """One transfer of a batch: a payout, or the part of it that goes to one account.

    Attributes:
        reference: our code in the order, by which its line on the statement is known.
        live_key: the payout and the part; unique while the order is not withdrawn, then None: a payout is
            in one batch only.
        number: the payee's account, encrypted as in `PayeeDetails`.
    """

    __tablename__ = "payment_orders"
    __table_args__ = (UniqueConstraint("batch_id", "position"),)

    id: Mapped[uuid.UUID] = identity()
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payment_batches.id"))
    batch: Mapped[PaymentBatch] = relationship(back_populates="orders")
    position: Mapped[int]
    payout_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("payouts.id"), index=True)
    payout: Mapped[Payout] = relationship()
    part: Mapped[int]
    live_key: Mapped[str | None] = mapped_column(String(60), unique=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.SENT, index=True)
    holder: Mapped[str] = mapped_column(String(200))
    bank: Mapped[str] = mapped_column(String(200))
    bank_code: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(400))
    number_tail: Mapped[str] = mapped_column(String(4))
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
