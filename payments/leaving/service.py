"""Costs of a withdrawn or redeemed lot: booked as owed, then paid in and paid on to their payee."""

import uuid

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from payments import ledger
from payments import queries as payment_queries
from payments.leaving import queries
from payments.leaving.models import LeavingCost
from payments.ledger import AccountName, Purpose
from payments.models import Payout
from payments.rules import Method, PayoutKind, Reason
from payments.service import books
from payments.service.acts import record
from payments.service.on_statements import require_not_on_statement


def book_costs(session: Session) -> bool:
    """Book what one withdrawal or redemption has cost; True when there was one.

    Who withdraws owes it (拍卖法 art. 29). A debtor who redeems bears it too (拍卖、变卖规定 art. 19), but
    has paid it to the bank together with the debt, so the bank owes it on.
    """
    decision = queries.decision_to_book(session)
    if decision is None:
        return False
    row = LeavingCost(
        decision_id=decision.id,
        lot_id=decision.lot_id,
        lot=decision.lot,
        debtor_id=decision.lot.institution_id,
        payee=decision.cost_payee,
        amount_minor=decision.cost_minor,
        currency=decision.currency,
        booked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    due = ledger.movement(receivable(row), payable(row), row.amount_minor)
    books.post(session, f"leaving:{row.id}", subject_id=row.id, lot_id=row.lot_id, postings=due)
    record(session, "book_leaving_costs", row.lot_id, None, minor=row.amount_minor, payee=row.payee)
    notify(
        session,
        row.debtor_id,
        NoticeKind.LEAVING_COSTS_DUE,
        "/money",
        title=row.lot.title,
        amount=Money(row.amount_minor, row.currency),
    )
    return True


def record_paid(
    session: Session, actor: Actor, cost_id: uuid.UUID, *, minor: int, bank_reference: str
) -> LeavingCost:
    """Whoever owes it has paid: a payout passes it on.

    Raises:
        Refused: no bank reference, or another amount than is owed.
        Conflict: it is paid already, or the line of the statement is recorded already.
        NotFound, NotAllowed: no such cost; as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    row, reference = queries.lock_cost(session, cost_id), bank_reference.strip()[:100]
    if row.paid_at is not None:
        raise Conflict(Reason.NOT_AWAITED)
    if minor != row.amount_minor:
        raise Refused(Reason.NOTHING_RECEIVED, field="amount")
    if not reference:
        raise Refused(Reason.UNKNOWN_REFERENCE, field="bank_reference")
    if payment_queries.receipt_by_bank_reference(session, reference) is not None:
        raise Conflict(Reason.RECORDED_ALREADY, field="bank_reference")
    require_not_on_statement(session, reference)
    row.paid_at, row.bank_reference = clock.now(), reference
    arrived = ledger.movement(ledger.cash(Method.BANK_TRANSFER, row.currency), receivable(row), minor)
    books.post(session, f"leaving:{row.id}:paid", subject_id=row.id, lot_id=row.lot_id, postings=arrived)
    session.add(_payout(session, row))
    record(session, "leaving_costs_paid", row.lot_id, actor, minor=minor, bank_reference=reference)
    return row


def receivable(row: LeavingCost) -> AccountName:
    """What is owed for this cost; its own account, beside other debts of the same party."""
    return AccountName(Purpose.DEBT, row.currency, row.lot_id, f"{row.debtor_id}:leaving")


def payable(row: LeavingCost) -> AccountName:
    """What the payee of the cost will get."""
    return AccountName(Purpose.COST, row.currency, row.lot_id, row.payee)


def _payout(session: Session, row: LeavingCost) -> Payout:
    return Payout(
        kind=PayoutKind.LEAVING,
        lot_id=row.lot_id,
        account_id=books.account(session, payable(row)).id,
        payee=row.payee,
        amount_minor=row.amount_minor,
        currency=row.currency,
        due_at=clock.now(),
    )
