"""What the pages of payments list; every list has a limit or pages."""

import uuid

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from payments.bank.queries.paying import Arrived, arrived_for
from payments.ledger import Purpose
from payments.models import (
    Account,
    Deposit,
    GatewayCall,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Payout,
    Settlement,
)
from payments.rates.queries import without_a_rate
from payments.rules import ENDED_PAYOUTS, OPEN_DEPOSITS, OPEN_PAYMENTS, CallStatus, DepositStatus, PayoutKind

LIMIT = 100


def own_deposits(institution_id: uuid.UUID) -> Select[Deposit]:
    return (
        select(Deposit)
        .where(Deposit.institution_id == institution_id)
        .order_by(Deposit.required_at.desc(), Deposit.id)
    )


def own_payments(session: Session, institution_id: uuid.UUID) -> list[Payment]:
    statement = (
        select(Payment)
        .where(Payment.institution_id == institution_id)
        .order_by(Payment.prepared_at.desc())
        .limit(LIMIT)
    )
    return list(session.scalars(statement))


def own_payouts(session: Session, institution_id: uuid.UUID) -> list[Payout]:
    statement = (
        select(Payout)
        .options(selectinload(Payout.lot))
        .where(Payout.institution_id == institution_id)
        .order_by(Payout.due_at.desc(), Payout.id)
        .limit(LIMIT)
    )
    return list(session.scalars(statement))


def settlements_of_seller(session: Session, institution_id: uuid.UUID) -> list[Settlement]:
    statement = (
        select(Settlement)
        .join(Deal, Deal.id == Settlement.deal_id)
        .where(Deal.seller_id == institution_id)
        .order_by(Settlement.settled_at.desc())
        .limit(LIMIT)
    )
    return list(session.scalars(statement))


def waiting_deposits(session: Session, institution_id: uuid.UUID | None) -> list[Deposit]:
    """Deposits that are asked for and not held, of one institution or of all."""
    waiting = (DepositStatus.REQUIRED, DepositStatus.PENDING)
    statement = select(Deposit).where(Deposit.status.in_(waiting))
    if institution_id is not None:
        statement = statement.where(Deposit.institution_id == institution_id)
    return list(session.scalars(statement.order_by(Deposit.required_at).limit(LIMIT)))


def waiting_payments(session: Session, institution_id: uuid.UUID | None) -> list[Payment]:
    """Balances that are asked for and not paid, of one institution or of all."""
    statement = select(Payment).where(Payment.status.in_(OPEN_PAYMENTS))
    if institution_id is not None:
        statement = statement.where(Payment.institution_id == institution_id)
    return list(session.scalars(statement.order_by(Payment.prepared_at).limit(LIMIT)))


def overdue_payments(session: Session) -> list[Payment]:
    """Balances whose deadline has passed: an officer decides about each, the one that waits longest first."""
    overdue = select(Payment).where(Payment.status.in_(OPEN_PAYMENTS), Payment.overdue_at.is_not(None))
    return list(session.scalars(overdue.order_by(Payment.overdue_at, Payment.id).limit(LIMIT)))


def open_payouts() -> Select[Payout]:
    """Payouts that somebody has still to do something about, the oldest first."""
    return (
        select(Payout)
        .options(selectinload(Payout.lot))
        .where(Payout.status.not_in(ENDED_PAYOUTS))
        .order_by(Payout.due_at, Payout.payee, Payout.id)
    )


def refused_calls(session: Session) -> list[GatewayCall]:
    """Calls that the gateway refused about deposits that are not at their end: somebody should look."""
    statement = (
        select(GatewayCall)
        .outerjoin(Deposit, Deposit.id == GatewayCall.deposit_id)
        .where(
            GatewayCall.status == CallStatus.REFUSED,
            or_(Deposit.id.is_(None), Deposit.status.in_(OPEN_DEPOSITS)),
        )
        .order_by(GatewayCall.prepared_at.desc())
        .limit(LIMIT)
    )
    return list(session.scalars(statement))


def unsettled_for_currency(session: Session) -> list[Deal]:
    """Paid deals with a claim in another currency and no rate of the day: the platform does not guess one."""
    settled = select(Settlement.id).where(
        Settlement.deal_id == Deal.id, Settlement.kind == PayoutKind.SETTLEMENT
    )
    statement = select(Deal).where(Deal.status == DealStatus.PAID, without_a_rate(), ~settled.exists())
    return list(session.scalars(statement.limit(LIMIT)))


def cash_accounts(session: Session) -> list[Account]:
    statement = (
        select(Account).where(Account.purpose.in_((Purpose.CASH, Purpose.AUTHORISED))).order_by(Account.code)
    )
    return list(session.scalars(statement.limit(LIMIT)))


def receipts_of(session: Session, row: Deposit | Payment) -> list[Arrived]:
    """What came for a deposit or balance, by an officer's word or a line of a statement."""
    return arrived_for(session, row)


def settlements_of(session: Session, deal_id: uuid.UUID) -> list[Settlement]:
    """The settlement of the deal, or of the deposit forfeited in it."""
    statement = select(Settlement).where(Settlement.deal_id == deal_id).order_by(Settlement.settled_at)
    return list(session.scalars(statement))


def ledger_of(session: Session, subjects: list[uuid.UUID]) -> list[tuple[LedgerTransaction, LedgerEntry]]:
    """The ledger's entries about these deposits, payments, settlements and payouts, in order."""
    statement = (
        select(LedgerTransaction, LedgerEntry)
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(LedgerTransaction.subject_id.in_(subjects))
        .order_by(LedgerTransaction.at, LedgerTransaction.key, LedgerEntry.line)
        .limit(1000)
    )
    return [(transaction, entry) for transaction, entry in session.execute(statement)]
