"""Named selects of the reconciliation: rows beside the ledger, and what the gateway is asked about."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from payments import ledger
from payments.ledger import Layer, Purpose
from payments.models import (
    Account,
    BankReceipt,
    Deposit,
    LedgerEntry,
    LedgerTransaction,
    Payment,
    Payout,
    Settlement,
)
from payments.reconciliation.models import Reconciliation
from payments.reconciliation.rules import Booked
from payments.rules import DepositStatus, Method, PaymentStatus, PayoutStatus

# Rows are read in portions of so many.
PORTION = 1000
SHOWN = 50

Row = Deposit | Payment

# Payouts that have left the account they stood on: paid, or kept for a debt.
_LEFT = (PayoutStatus.PAID, PayoutStatus.WITHHELD)

# For each kind of row: its id, what it says in minor units, and how the keys of its transactions read.
KINDS: tuple[tuple[str, Any, Any, Any, str], ...] = (
    ("payout", Payout.id, Payout.amount_minor, Payout.status.in_(_LEFT), "payout:%"),
    (
        "settlement",
        Settlement.id,
        Settlement.received_minor - Settlement.set_off_minor,
        Settlement.received_minor > Settlement.set_off_minor,
        "settlement:%",
    ),
    (
        "payment",
        Payment.id,
        Payment.amount_minor,
        and_(Payment.status == PaymentStatus.SUCCEEDED, Payment.amount_minor > 0),
        "payment:%:succeeded",
    ),
    (
        "captured deposit",
        Deposit.id,
        Deposit.captured_minor,
        and_(Deposit.method == Method.STRIPE, Deposit.captured_minor > 0),
        "deposit:%:captured",
    ),
)


def portions(session: Session, identity: Any, minor: Any, condition: Any) -> Iterator[dict[uuid.UUID, int]]:
    """What the rows of a kind say, by id, in portions."""
    statement = select(identity, minor).where(condition).order_by(identity).limit(PORTION)
    last = None
    while True:
        page = statement if last is None else statement.where(identity > last)
        rows = {row[0]: int(row[1]) for row in session.execute(page)}
        if not rows:
            return
        yield rows
        last = max(rows, key=lambda found: found.hex)


def moved(session: Session, subjects: Sequence[uuid.UUID], key: str) -> dict[uuid.UUID, int]:
    """What the ledger has moved in transactions of that kind, by subject: the sum of the debits."""
    statement = (
        select(LedgerTransaction.subject_id, func.sum(LedgerEntry.amount_minor))
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(
            LedgerTransaction.subject_id.in_(subjects),
            LedgerTransaction.key.like(key),
            LedgerEntry.layer == Layer.POSTED,
            LedgerEntry.amount_minor > 0,
        )
        .group_by(LedgerTransaction.subject_id)
    )
    return {subject: int(minor) for subject, minor in session.execute(statement)}


def receipts(session: Session) -> Iterator[dict[str, int]]:
    """What bank receipts say, by the key of their transaction, in portions."""
    rows = portions(session, BankReceipt.id, BankReceipt.amount_minor, BankReceipt.amount_minor > 0)
    for portion in rows:
        yield {f"receipt:{receipt_id}": minor for receipt_id, minor in portion.items()}


def moved_by_key(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """What each of these transactions has moved: the sum of its debits."""
    statement = (
        select(LedgerTransaction.key, func.sum(LedgerEntry.amount_minor))
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .where(LedgerTransaction.key.in_(keys), LedgerEntry.layer == Layer.POSTED)
        .where(LedgerEntry.amount_minor > 0)
        .group_by(LedgerTransaction.key)
    )
    return {key: int(minor) for key, minor in session.execute(statement)}


def deposits_held(session: Session) -> dict[str, int]:
    """What bidders' deposits are by their rows, by the code of their account in the ledger."""
    statement = (
        select(Deposit.lot_id, Deposit.institution_id, Deposit.currency, func.sum(Deposit.amount_minor))
        .where(Deposit.status == DepositStatus.HELD)
        .group_by(Deposit.lot_id, Deposit.institution_id, Deposit.currency)
    )
    return {
        ledger.AccountName(Purpose.DEPOSIT_HELD, currency, lot_id, str(institution_id)).code: int(minor)
        for lot_id, institution_id, currency, minor in session.execute(statement)
    }


def deposit_accounts(session: Session) -> dict[str, int]:
    """What the ledger holds, or was promised, of deposits for one lot, by the account's code."""
    standing = Account.pending_credit_minor - Account.pending_debit_minor - Account.balance_minor
    statement = select(Account.code, standing).where(
        Account.purpose == Purpose.DEPOSIT_HELD, Account.lot_id.is_not(None), standing != 0
    )
    return {code: int(minor) for code, minor in session.execute(statement)}


def open_holds(after: uuid.UUID | None, limit: int) -> Select[Any]:
    """Deposits about whose card hold the gateway has something to say, by id."""
    waiting = Deposit.status.in_((DepositStatus.PENDING, DepositStatus.HELD))
    statement = select(Deposit).where(Deposit.gateway_object != "", waiting, Deposit.method == Method.STRIPE)
    return _from(statement, Deposit.id, after, limit)


def open_charges(after: uuid.UUID | None, limit: int) -> Select[Any]:
    """Balances sent through the gateway whose money is expected or still here, by id."""
    here = and_(Payment.status == PaymentStatus.SUCCEEDED, Deal.status == DealStatus.PAID)
    statement = (
        select(Payment)
        .join(Deal, Deal.id == Payment.deal_id)
        .where(Payment.gateway_object != "", Payment.gateway_customer == "", Payment.method == Method.STRIPE)
        .where(or_(here, Payment.status == PaymentStatus.SENT))
    )
    return _from(statement, Payment.id, after, limit)


def _from(statement: Select[Any], identity: Any, after: uuid.UUID | None, limit: int) -> Select[Any]:
    page = statement.order_by(identity).limit(limit)
    return page if after is None else page.where(identity > after)


def booked(session: Session, row: Row) -> Booked:
    """What the ledger says of the gateway's money for a deposit or payment."""
    posted = LedgerEntry.layer == Layer.POSTED
    minor = LedgerEntry.amount_minor
    code = ledger.cash(Method.STRIPE, row.currency).code
    statement = (
        select(
            func.coalesce(func.sum(case((~posted, minor), else_=0)), 0),
            func.coalesce(func.sum(case((and_(posted, minor > 0), minor), else_=0)), 0),
            func.coalesce(func.sum(case((and_(posted, minor < 0), -minor), else_=0)), 0),
        )
        .join(LedgerTransaction, LedgerTransaction.id == LedgerEntry.transaction_id)
        .join(Account, Account.id == LedgerEntry.account_id)
        .where(LedgerTransaction.subject_id == row.id, Account.code == code)
    )
    promised, came, went = session.execute(statement).one()
    return Booked(int(promised), int(came), int(went))


def latest() -> Select[Reconciliation]:
    return select(Reconciliation).order_by(Reconciliation.began_at.desc(), Reconciliation.id)


def accounts_count(session: Session) -> int:
    return session.scalar(select(func.count(Account.id))) or 0
