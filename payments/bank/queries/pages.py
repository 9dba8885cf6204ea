"""What the pages of the bank room list; every list has a limit or pages."""

import uuid

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from payments.bank.models import (
    BankAccount,
    BankLine,
    BankStatement,
    LineProposal,
    LineState,
    PayeeDetails,
    PaymentBatch,
    PaymentOrder,
    VirtualAccount,
)
from payments.bank.rules.statements import Span
from payments.bank.rules.words import LineStatus, OrderStatus
from payments.models import Payout
from payments.rules import PayoutStatus

LIMIT = 200


def bank_accounts(session: Session) -> list[BankAccount]:
    statement = select(BankAccount).order_by(BankAccount.currency, BankAccount.added_at)
    return list(session.scalars(statement.limit(LIMIT)))


def statements_of(account_id: uuid.UUID) -> Select[BankStatement]:
    """The statements of an account, the newest first."""
    return (
        select(BankStatement)
        .where(BankStatement.bank_account_id == account_id)
        .order_by(BankStatement.last_day.desc(), BankStatement.received_at.desc())
    )


def spans_of(session: Session, account_id: uuid.UUID) -> list[Span]:
    """The imported statements of an account on its time line."""
    rows = session.scalars(statements_of(account_id).limit(2000))
    return [
        Span(row.number or row.file_name, row.first_day, row.last_day, row.opening_minor, row.closing_minor)
        for row in rows
    ]


def numbers_left(session: Session, account_id: uuid.UUID) -> tuple[int, int]:
    """How many virtual accounts are given to bidders, and how many are free."""
    given = func.count(VirtualAccount.institution_id)
    statement = select(given, func.count(VirtualAccount.id)).where(
        VirtualAccount.bank_account_id == account_id
    )
    taken, whole = session.execute(statement).one()
    return int(taken), int(whole - taken)


def lines_of(statement_id: uuid.UUID) -> Select[LineState]:
    """The lines that a statement brought, in its order."""
    return select(LineState).where(LineState.statement_id == statement_id).order_by(LineState.row)


def waiting_count(session: Session) -> int:
    """How many lines wait for a person."""
    statement = select(func.count(LineState.line_id)).where(LineState.status == LineStatus.UNASSIGNED)
    return int(session.scalar(statement) or 0)


def counts_of(session: Session, statement_id: uuid.UUID) -> dict[LineStatus, int]:
    """How many lines of a statement stand where."""
    statement = select(LineState.status, func.count()).where(LineState.statement_id == statement_id)
    return {status: int(count) for status, count in session.execute(statement.group_by(LineState.status))}


def open_proposals(session: Session) -> list[LineProposal]:
    """What waits for a second person, the oldest first."""
    statement = select(LineProposal).where(LineProposal.agreed.is_(None)).order_by(LineProposal.proposed_at)
    return list(session.scalars(statement.limit(LIMIT)))


def proposals_of(session: Session, line_id: uuid.UUID) -> list[LineProposal]:
    statement = select(LineProposal).where(LineProposal.line_id == line_id).order_by(LineProposal.proposed_at)
    return list(session.scalars(statement.limit(LIMIT)))


def line_of(session: Session, line_id: uuid.UUID) -> LineState | None:
    return session.scalars(select(LineState).join(BankLine).where(BankLine.id == line_id)).one_or_none()


def ready_payouts(session: Session, currency: str) -> list[Payout]:
    """Approved payouts that are in no payment file."""
    ordered = select(PaymentOrder.id).where(
        PaymentOrder.payout_id == Payout.id, PaymentOrder.status != OrderStatus.WITHDRAWN
    )
    statement = (
        select(Payout)
        .where(Payout.status == PayoutStatus.APPROVED, Payout.currency == currency, ~ordered.exists())
        .where(Payout.transfer_object == "")
        .order_by(Payout.approved_at, Payout.id)
    )
    return list(session.scalars(statement.limit(LIMIT)))


def batches() -> Select[PaymentBatch]:
    """Payment files, the newest first."""
    return select(PaymentBatch).order_by(PaymentBatch.made_at.desc(), PaymentBatch.number)


def waiting_details(session: Session) -> list[PayeeDetails]:
    """Bank details that wait for a second person, the oldest first."""
    statement = select(PayeeDetails).where(PayeeDetails.agreed.is_(None)).order_by(PayeeDetails.proposed_at)
    return list(session.scalars(statement.limit(LIMIT)))


def details_of(session: Session, party: str) -> list[PayeeDetails]:
    """Everything that was ever said about where a payee is paid to, the newest first."""
    statement = (
        select(PayeeDetails).where(PayeeDetails.party == party).order_by(PayeeDetails.proposed_at.desc())
    )
    return list(session.scalars(statement.limit(LIMIT)))
