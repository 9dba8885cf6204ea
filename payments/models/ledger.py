"""The ledger's tables: accounts, and transactions that are only added."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from payments.ledger import AccountName, Purpose


class Account(Model):
    """An account and what stands on it.

    Attributes:
        code: `AccountName.code`.
        party: for cash the method; otherwise an institution's id or the name of somebody outside.
        balance_minor: the sum of its entries, debits positive; changed only by posting, under the row's lock.
    """

    __tablename__ = "ledger_accounts"

    id: Mapped[uuid.UUID] = identity()
    code: Mapped[str] = mapped_column(String(300), unique=True)
    purpose: Mapped[Purpose]
    currency: Mapped[str] = currency_code()
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    party: Mapped[str] = mapped_column(String(200))
    balance_minor: Mapped[int] = minor_units(default=0)

    @property
    def name(self) -> AccountName:
        return AccountName(self.purpose, self.currency, self.lot_id, self.party)


class LedgerTransaction(AppendOnly, Model):
    """One movement of money.

    Attributes:
        key: what happened, once and for ever: posting the same key again changes nothing.
        subject_id: the deposit, payment, settlement or payout it came from.
    """

    __tablename__ = "ledger_transactions"

    id: Mapped[uuid.UUID] = identity()
    key: Mapped[str] = mapped_column(String(120), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    entries: Mapped[list["LedgerEntry"]] = relationship(order_by="LedgerEntry.line")


class LedgerEntry(AppendOnly, Model):
    """One posting of a transaction; a positive amount is a debit."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("transaction_id", "line"),
        CheckConstraint("amount_minor <> 0", name="moves_something"),
    )

    id: Mapped[uuid.UUID] = identity()
    transaction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_transactions.id"))
    line: Mapped[int]
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    account: Mapped[Account] = relationship()
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = currency_code()
