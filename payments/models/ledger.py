"""The ledger's tables: accounts, and transactions that are only added."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from payments.ledger import AccountName, Layer, Phase, Posting, Purpose, Standing


class Account(Model):
    """An account and what stands on it; all of it is derived from its entries, and checked against them.

    Attributes:
        code: `AccountName.code`.
        party: for cash the method; otherwise an institution's id or the name of somebody outside.
        balance_minor: the sum of its posted entries, debits positive; changed only under the row's lock.
        pending_debit_minor, pending_credit_minor: what transfers that wait would debit and credit.
        entry_count: how many entries it has, which is the last one's `sequence`.
        proof: the last entry's `proof`; empty before the first.
    """

    __tablename__ = "ledger_accounts"

    id: Mapped[uuid.UUID] = identity()
    code: Mapped[str] = mapped_column(String(300), unique=True)
    purpose: Mapped[Purpose]
    currency: Mapped[str] = currency_code()
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    party: Mapped[str] = mapped_column(String(200), index=True)
    balance_minor: Mapped[int] = minor_units(default=0)
    pending_debit_minor: Mapped[int] = minor_units(default=0, server_default="0")
    pending_credit_minor: Mapped[int] = minor_units(default=0, server_default="0")
    entry_count: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    proof: Mapped[str] = mapped_column(String(64), default="", server_default="")

    @property
    def name(self) -> AccountName:
        return AccountName(self.purpose, self.currency, self.lot_id, self.party)

    @property
    def standing(self) -> Standing:
        return Standing(self.balance_minor, self.pending_debit_minor, self.pending_credit_minor)


class LedgerTransaction(AppendOnly, Model):
    """One movement of money, or the promise of one.

    Attributes:
        key: what happened, once and for ever: posting the same key again changes nothing.
        subject_id: the deposit, payment, settlement or payout it came from.
        phase: posted, pending, or the voiding of a pending one.
        resolves_id: the pending transaction that this one posts or voids; no two end the same.
    """

    __tablename__ = "ledger_transactions"

    id: Mapped[uuid.UUID] = identity()
    key: Mapped[str] = mapped_column(String(120), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    phase: Mapped[Phase] = mapped_column(default=Phase.POSTED, server_default="posted")
    resolves_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("ledger_transactions.id"), index=True, unique=True
    )
    entries: Mapped[list["LedgerEntry"]] = relationship(order_by="LedgerEntry.line")


class LedgerEntry(AppendOnly, Model):
    """One posting of a transaction; a positive amount is a debit.

    Attributes:
        layer: which balance of the account it counts toward.
        sequence: its number among the account's entries, from 1.
        proof: `payments.ledger.proof` of this entry and all before it on the account.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("transaction_id", "line"),
        CheckConstraint("amount_minor <> 0", name="moves_something"),
        Index("ix_ledger_entries_account_id_sequence", "account_id", "sequence", unique=True),
    )

    id: Mapped[uuid.UUID] = identity()
    transaction_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_transactions.id"))
    line: Mapped[int]
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    account: Mapped[Account] = relationship()
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = currency_code()
    layer: Mapped[Layer] = mapped_column(default=Layer.POSTED, server_default="posted")
    sequence: Mapped[int] = mapped_column(BigInteger, server_default="0")
    proof: Mapped[str] = mapped_column(String(64), server_default="")

    @property
    def posting(self) -> Posting:
        return Posting(self.account.name, self.amount_minor, self.layer)
