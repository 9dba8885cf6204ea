"""What a line can be for: deposits and balances, virtual accounts, payment orders, what was done by hand."""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from payments.bank.models import LineMatch, LineState, PaymentOrder, VirtualAccount
from payments.bank.rules.words import MatchKind, OrderStatus
from payments.models import BankReceipt, Deposit, LedgerTransaction, Payment, Payout
from payments.rules import OPEN_PAYMENTS, DepositStatus, PayoutStatus

SHOWN = 2000


def rows_by_reference(session: Session, codes: Collection[str]) -> dict[str, Deposit | Payment]:
    """The deposits and balances with these codes, not locked."""
    found: dict[str, Deposit | Payment] = {}
    if codes:
        deposits = session.scalars(select(Deposit).where(Deposit.reference.in_(codes)))
        found |= {row.reference: row for row in deposits}
        payments = session.scalars(select(Payment).where(Payment.reference.in_(codes)))
        found |= {row.reference: row for row in payments}
    return found


def virtual_accounts(session: Session, numbers: Collection[str]) -> dict[str, VirtualAccount]:
    """The assigned virtual accounts with these numbers."""
    if not numbers:
        return {}
    statement = select(VirtualAccount).where(
        VirtualAccount.number.in_(numbers), VirtualAccount.institution_id.is_not(None)
    )
    return {row.number: row for row in session.scalars(statement)}


def orders_by_reference(session: Session, codes: Collection[str]) -> dict[str, PaymentOrder]:
    """The payment orders with these codes that are with the bank."""
    if not codes:
        return {}
    statement = select(PaymentOrder).where(
        PaymentOrder.reference.in_(codes), PaymentOrder.status == OrderStatus.SENT
    )
    return {row.reference: row for row in session.scalars(statement)}


def newest_row_of(session: Session, institution_id: uuid.UUID, lot_id: uuid.UUID) -> Deposit | Payment | None:
    """What a buyer's money for a lot is for: the balance where one is asked, else the latest deposit."""
    payment = session.scalars(
        select(Payment)
        .where(Payment.institution_id == institution_id, Payment.lot_id == lot_id)
        .order_by(Payment.prepared_at.desc())
        .limit(1)
    ).first()
    if payment is not None and payment.status in OPEN_PAYMENTS:
        return payment
    deposit = session.scalars(
        select(Deposit)
        .where(Deposit.institution_id == institution_id, Deposit.lot_id == lot_id)
        .order_by(Deposit.required_at.desc())
        .limit(1)
    ).first()
    return deposit or payment


def by_hand(session: Session, references: Collection[str]) -> dict[str, tuple[uuid.UUID, int]]:
    """What officers booked under the bank's numbers of lines: the transaction, and how much came in by it.

    Receipts, payouts that were confirmed, transfers from the card gateway and to it, payments of debts.
    """
    if not references:
        return {}
    receipts = select(BankReceipt).where(BankReceipt.bank_reference.in_(references))
    booked = {
        f"receipt:{row.id}": (row.bank_reference, row.amount_minor) for row in session.scalars(receipts)
    }
    paid = select(Payout).where(
        Payout.bank_reference.in_(references), Payout.status == PayoutStatus.PAID, ~_ordered()
    )
    booked |= {f"payout:{row.id}": (row.bank_reference, -row.amount_minor) for row in session.scalars(paid)}
    booked |= {f"collected:{reference}": (reference, 0) for reference in references}
    booked |= {f"debt-paid:{reference}": (reference, 0) for reference in references}
    given_back = {f"gateway-paid:{reference}": reference for reference in references}
    booked |= {key: (reference, 0) for key, reference in given_back.items()}
    transactions = session.scalars(select(LedgerTransaction).where(LedgerTransaction.key.in_(booked)))
    found = {}
    for transaction in transactions:
        reference, minor = booked[transaction.key]
        sign = -1 if transaction.key in given_back else 1
        found[reference] = (transaction.id, minor or sign * _debit_of(transaction))
    return found


def _ordered() -> ColumnElement[bool]:
    """Whether the payout was paid by a payment order's line, and so not by hand."""
    return exists().where(PaymentOrder.payout_id == Payout.id, PaymentOrder.status == OrderStatus.CARRIED_OUT)


def _debit_of(transaction: LedgerTransaction) -> int:
    return sum(entry.amount_minor for entry in transaction.entries if entry.amount_minor > 0)


def receipts_without_line(session: Session, row: Deposit | Payment) -> list[BankReceipt]:
    """What officers confirmed by hand for a deposit or balance and no statement has shown yet."""
    shown = (
        select(LedgerTransaction.key)
        .join(LineMatch, LineMatch.subject_id == LedgerTransaction.id)
        .join(LineState, LineState.match_id == LineMatch.id)
        .where(LineMatch.kind == MatchKind.BY_HAND, LedgerTransaction.key.startswith("receipt:"))
    )
    column = BankReceipt.deposit_id if isinstance(row, Deposit) else BankReceipt.payment_id
    receipts = session.scalars(select(BankReceipt).where(column == row.id).limit(SHOWN))
    keys = set(session.scalars(shown.where(LedgerTransaction.subject_id == row.id)))
    return [receipt for receipt in receipts if f"receipt:{receipt.id}" not in keys]


def awaited_rows(session: Session, currency: str) -> list[Deposit | Payment]:
    """Deposits and balances that money may still come for, to suggest from."""
    waiting = (DepositStatus.REQUIRED, DepositStatus.PENDING)
    deposits = select(Deposit).where(Deposit.status.in_(waiting), Deposit.currency == currency)
    payments = select(Payment).where(Payment.status.in_(OPEN_PAYMENTS), Payment.currency == currency)
    return [
        *session.scalars(deposits.order_by(Deposit.required_at.desc()).limit(SHOWN)),
        *session.scalars(payments.order_by(Payment.prepared_at.desc()).limit(SHOWN)),
    ]


def booked_is_shown(session: Session, transaction_id: uuid.UUID) -> bool:
    """Whether a line is matched to what was booked by hand already."""
    statement = (
        select(LineMatch.id)
        .join(LineState, LineState.match_id == LineMatch.id)
        .where(LineMatch.kind == MatchKind.BY_HAND, LineMatch.subject_id == transaction_id)
    )
    return session.scalar(statement.limit(1)) is not None
