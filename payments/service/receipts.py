"""Money that an officer finds on the bank statement."""

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealStatus
from marketplace.errors import Conflict, Refused
from payments import ledger, queries
from payments.gateways.bank_transfer import Received
from payments.models import BankReceipt, Deposit, Payment
from payments.rules import OPEN_DEPOSITS, OPEN_PAYMENTS, Method, Reason, normal_reference
from payments.service import balances, books, deposits, outcomes, returns
from payments.service.acts import record
from payments.service.on_statements import require_not_on_statement
from payments.spending import service as spending
from payments.spending.models import LimitDeposit
from payments.spending.queries import limit_deposit_by_reference

Row = Deposit | Payment | LimitDeposit


def confirm_receipt(
    session: Session, actor: Actor, *, reference: str, minor: int, currency: str, bank_reference: str
) -> Received:
    """Record what arrived under a reference, once per line of the bank statement.

    Too little waits as the buyer's balance; too much stays there and goes back, or counts toward the price.
    Money for something that has ended goes back whole.

    Returns:
        What was asked, and what of the buyer's money on this lot stood against it with this receipt.

    Raises:
        Refused: the reference is nobody's, the currency another, or nothing arrived.
        Conflict: this line of the statement is recorded already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    row = _row(session, reference)
    _check(session, row, minor, currency, bank_reference)
    receipt = BankReceipt(
        deposit_id=row.id if isinstance(row, Deposit) else None,
        payment_id=row.id if isinstance(row, Payment) else None,
        limit_deposit_id=row.id if isinstance(row, LimitDeposit) else None,
        institution_id=row.institution_id,
        amount_minor=minor,
        currency=currency,
        bank_reference=bank_reference.strip(),
        confirmed_by_id=actor.person_id,
        confirmed_at=clock.now(),
    )
    session.add(receipt)
    session.flush()
    record(session, "confirm_receipt", row.id, actor, minor=minor, bank_reference=receipt.bank_reference)
    key = f"receipt:{receipt.id}"
    if isinstance(row, LimitDeposit):
        return spending.arrived(session, row, minor, key)
    own = books.buyer_balance(row.lot_id, row.institution_id, currency)
    arrived = ledger.movement(ledger.cash(Method.BANK_TRANSFER, currency), own, minor)
    books.post(session, key, subject_id=row.id, lot_id=row.lot_id, postings=arrived)
    awaited = row.status in {*OPEN_DEPOSITS, *OPEN_PAYMENTS}
    received = Received(row.amount_minor if awaited else 0, books.balance(session, own))
    use(session, row)
    return received


def _row(session: Session, reference: str) -> Row:
    code = normal_reference(reference)
    if code is not None:
        row: Row | None = queries.deposit_by_reference(session, code)
        row = row or queries.payment_by_reference(session, code) or limit_deposit_by_reference(session, code)
        if row is not None:
            return row
    raise Refused(Reason.UNKNOWN_REFERENCE, field="reference")


def _check(session: Session, row: Row, minor: int, currency: str, bank_reference: str) -> None:
    if currency != row.currency:
        raise Refused(Reason.WRONG_CURRENCY, field="currency", currency=row.currency)
    if minor <= 0:
        raise Refused(Reason.NOTHING_RECEIVED, field="amount")
    if not bank_reference.strip():
        raise Refused(Reason.UNKNOWN_REFERENCE, field="bank_reference")
    if queries.receipt_by_bank_reference(session, bank_reference.strip()) is not None:
        raise Conflict(Reason.RECORDED_ALREADY, field="bank_reference")
    require_not_on_statement(session, bank_reference.strip())


def use(session: Session, row: Deposit | Payment) -> None:
    """Let a deposit or balance take what it needs of the money that came; what is free goes back."""
    if isinstance(row, Deposit):
        deposits.take_from_balance(session, row)
        deal = session.get(Deal, row.deal_id) if row.deal_id else None
        if deal is not None and deal.status is DealStatus.DEFAULTED:
            outcomes.honour(session, row, deal)
        payment = queries.payment_of(session, row.deal_id) if row.deal_id else None
    else:
        payment = row
    if payment is not None:
        balances.take_from_balance(session, queries.lock_payment(session, payment.id))
    returns.return_free(session, row.lot_id, row.institution_id, row.currency)
