"""Statements of the bank, their lines, what became of each, and what persons propose about them."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db import AppendOnly, Model, currency_code, identity, minor_units
from marketplace.four_eyes import TwoPersons
from payments.bank.models.accounts import BankAccount
from payments.bank.rules.words import (
    Doubt,
    FileFormat,
    Found,
    LineStatus,
    MatchKind,
    ProposalKind,
    StatementStatus,
)


class BankStatement(Model):
    """A statement file that was checked whole; its lines are written piece by piece.

    Attributes:
        digest: SHA-256 of the file; the same file is imported once per account.
        lines, written: how many it has, how many of them have been looked at so far.
        new: how many of those were not known from another statement.
        looked_at: how many of the new ones the matching has looked at.
        refused: rows that an officer chose to leave out, `{row, column, reason}`.
        not_booked: entries the bank had only announced.
        opening_minor, closing_minor: None where the file has no balances.
        problem: why writing its lines does not go on.
    """

    __tablename__ = "bank_statements"
    __table_args__ = (UniqueConstraint("bank_account_id", "digest"),)

    id: Mapped[uuid.UUID] = identity()
    bank_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    bank_account: Mapped[BankAccount] = relationship()
    file_name: Mapped[str] = mapped_column(String(200))
    file_format: Mapped[FileFormat]
    digest: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(60), default="")
    status: Mapped[StatementStatus] = mapped_column(default=StatementStatus.RECEIVED, index=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    opening_minor: Mapped[int | None] = minor_units(optional=True)
    closing_minor: Mapped[int | None] = minor_units(optional=True)
    currency: Mapped[str] = currency_code()
    lines: Mapped[int]
    written: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[int] = mapped_column(default=0)
    not_booked: Mapped[int] = mapped_column(default=0)
    refused: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    problem: Mapped[str] = mapped_column(String(300), default="")
    received_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class BankStatementFile(AppendOnly, Model):
    """The file itself, compressed (zlib), as evidence and for writing its lines.

    Attributes:
        column_mapping: by which a table was read; empty for camt.053.
    """

    __tablename__ = "bank_statement_files"

    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_statements.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    column_mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class BankLine(AppendOnly, Model):
    """A booking on the account, written once however many files it stands in.

    Attributes:
        key: `rules.statements.line_keys`.
        row: its number in the file that had it first.
        amount_minor: positive came in, negative went out.
        payer_key: the counterparty's name as `parties.names.name_key` writes it.
    """

    __tablename__ = "bank_lines"
    __table_args__ = (UniqueConstraint("bank_account_id", "key"),)

    id: Mapped[uuid.UUID] = identity()
    bank_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_accounts.id"))
    bank_account: Mapped[BankAccount] = relationship()
    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_statements.id"), index=True)
    key: Mapped[str] = mapped_column(String(120))
    row: Mapped[int]
    booked_on: Mapped[date]
    value_on: Mapped[date | None]
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    bank_reference: Mapped[str] = mapped_column(String(100), index=True)
    end_to_end: Mapped[str] = mapped_column(String(100))
    counterparty: Mapped[str] = mapped_column(String(200))
    payer_key: Mapped[str] = mapped_column(String(200))
    counterparty_number: Mapped[str] = mapped_column(String(64))
    counterparty_bank: Mapped[str] = mapped_column(String(200))
    virtual_number: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(1001))
    fee: Mapped[bool]
    state: Mapped["LineState"] = relationship(back_populates="line", viewonly=True)


class LineState(Model):
    """Where a line stands. The row that is locked before anything is decided about the line.

    Attributes:
        row: of the line; lines are looked at in the order of their file.
        match_id: what it is matched to now; None while it waits.
        doubt: why it waits for a person.
    """

    __tablename__ = "bank_line_states"
    __table_args__ = (Index("ix_bank_line_states_queue", "statement_id", "status", "row"),)

    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_lines.id"), primary_key=True)
    line: Mapped[BankLine] = relationship(lazy="joined", innerjoin=True)
    bank_account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    statement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_statements.id"))
    row: Mapped[int]
    status: Mapped[LineStatus] = mapped_column(default=LineStatus.NEW, index=True)
    doubt: Mapped[Doubt] = mapped_column(default=Doubt.NONE)
    match_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("line_matches.id"), unique=True)
    match: Mapped["LineMatch | None"] = relationship()


class LineMatch(AppendOnly, Model):
    """What a line was found to be, or the undoing of that: a new row, never a change.

    Attributes:
        sequence: the line's rows are numbered: a match, its undoing, the next match; odd ones are matches.
        undoes_id: the match that this row takes back; None for a match.
        institution_id, lot_id: whose money it is, and for which lot, for a buyer's money.
        deposit_id, payment_id: what it was paid for, where that is known.
        subject_id: the payout, receipt or payment order for the other kinds.
        proposed_by_id, approved_by_id: the two persons; None where the rules alone decided.
    """

    __tablename__ = "line_matches"
    __table_args__ = (
        UniqueConstraint("line_id", "sequence"),
        UniqueConstraint("undoes_id"),
        CheckConstraint("(sequence % 2 = 1) = (undoes_id IS NULL)", name="match_then_undoing"),
    )

    id: Mapped[uuid.UUID] = identity()
    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_lines.id"))
    line: Mapped[BankLine] = relationship(lazy="joined", innerjoin=True)
    sequence: Mapped[int]
    undoes_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("line_matches.id"))
    kind: Mapped[MatchKind]
    found: Mapped[Found]
    institution_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("institutions.id"), index=True)
    lot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lots.id"), index=True)
    deposit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deposits.id"), index=True)
    payment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("payments.id"), index=True)
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    amount_minor: Mapped[int] = minor_units()
    currency: Mapped[str] = currency_code()
    reason: Mapped[str] = mapped_column(String(500), default="")
    proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    matched_at: Mapped[datetime]


class LineProposal(TwoPersons, Model):
    """What one officer proposes about a line and another person decides.

    Attributes:
        match_kind: what the line would be matched to; for an undoing what it is matched to now.
        reference: of the deposit or balance, for a buyer's money; of what was booked by hand.
    """

    __tablename__ = "line_proposals"

    id: Mapped[uuid.UUID] = identity()
    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_lines.id"), index=True)
    line: Mapped[BankLine] = relationship()
    kind: Mapped[ProposalKind]
    match_kind: Mapped[MatchKind]
    reference: Mapped[str] = mapped_column(String(100), default="")
