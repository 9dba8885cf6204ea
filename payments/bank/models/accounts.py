"""Accounts at banks: the operator's own, the virtual ones below it, and those of payees."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import Model, currency_code, identity, minor_units
from marketplace.four_eyes import TwoPersons
from marketplace.listings.models import Lot
from marketplace.parties.models import Institution


class BankAccount(Model):
    """An account of the operator on which buyers' money is kept.

    Attributes:
        number: IBAN or domestic number, without spaces.
        bank_code: BIC or CNAPS number of the bank.
        opening_minor: what of the operator's own stood on it before its first statement here.
        column_mapping: how its CSV and XLSX statements are read (`rules.columns.ColumnMapping`); empty
            before an officer has mapped them.
        order_columns: the columns of its payment tables, `[heading, field]`; empty for the usual ones.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (UniqueConstraint("number", "currency"),)

    id: Mapped[uuid.UUID] = identity()
    holder: Mapped[str] = mapped_column(String(200))
    bank: Mapped[str] = mapped_column(String(200))
    bank_code: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(64))
    currency: Mapped[str] = currency_code()
    opening_minor: Mapped[int] = minor_units(default=0)
    column_mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    order_columns: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]


class VirtualAccount(Model):
    """A number below a bank account that only one bidder of one lot ever pays to.

    Attributes:
        institution_id, lot_id: whose it is, both or neither; once given it is never given to another.
    """

    __tablename__ = "virtual_accounts"
    __table_args__ = (UniqueConstraint("institution_id", "lot_id", "bank_account_id"),)

    id: Mapped[uuid.UUID] = identity()
    bank_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    bank_account: Mapped[BankAccount] = relationship()
    number: Mapped[str] = mapped_column(String(64), unique=True)
    added_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime]
    institution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution | None] = relationship()
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    lot: Mapped[Lot | None] = relationship()
    assigned_at: Mapped[datetime | None]


class PayeeDetails(TwoPersons, Model):
    """Where a payee is paid to. A change needs a second person and waits before it is used.

    Attributes:
        party: an institution's id, or the name of somebody outside, as the ledger has it.
        number: the account's number, encrypted (Fernet, the key of the installation).
        number_tail: its last four signs, all that pages show.
        effective_at: from when on it is paid to; None until confirmed.
    """

    __tablename__ = "payee_details"

    id: Mapped[uuid.UUID] = identity()
    party: Mapped[str] = mapped_column(String(200), index=True)
    institution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    institution: Mapped[Institution | None] = relationship()
    holder: Mapped[str] = mapped_column(String(200))
    bank: Mapped[str] = mapped_column(String(200))
    bank_code: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(400))
    number_tail: Mapped[str] = mapped_column(String(4))
    effective_at: Mapped[datetime | None]
