"""Payouts that the bank has carried out, and returns that are not needed after all."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.errors import Conflict, Refused
from marketplace.status import check_move
from payments import queries as money
from payments.bank.models import LineMatch, PaymentOrder
from payments.bank.rules.words import OrderStatus, Reason
from payments.bank.service.acts import record
from payments.bank.service.importing import to_explain
from payments.models import Payout
from payments.rules import PAYOUT_MOVES, PayoutStatus
from payments.service.payouts import mark_paid


def carried_out(session: Session, order: PaymentOrder, found: LineMatch) -> None:
    """The line shows an order of ours; with the last order of a payout the payout is paid.

    Raises:
        Conflict: the order is withdrawn, carried out already, or its payout is not approved.
        Refused: the amount is not the order's.
    """
    statement = select(PaymentOrder).where(PaymentOrder.payout_id == order.payout_id)
    locking = statement.with_for_update(of=PaymentOrder).execution_options(populate_existing=True)
    orders = {row.id: row for row in session.scalars(locking)}
    own = orders[order.id]
    if own.status is not OrderStatus.SENT:
        raise Conflict(Reason.LINE_MATCHED)
    if -found.amount_minor != own.amount_minor:
        raise Refused(Reason.AMOUNT_DIFFERS, "amount")
    own.status = OrderStatus.CARRIED_OUT
    if any(row.status is OrderStatus.SENT for row in orders.values()):
        return
    payout = money.lock_payout(session, own.payout_id)
    line = found.line
    reference = line.bank_reference or own.reference
    mark_paid(session, payout, reference, to_explain(line.bank_account), None)


def let_go(session: Session, wrong: LineMatch) -> None:
    """The money that was to go back is somebody's: its payout is cancelled.

    Raises:
        Refused: somebody has prepared, released or paid it already.
    """
    if wrong.subject_id is not None:
        cancel(session, money.lock_payout(session, wrong.subject_id))


def cancel(session: Session, payout: Payout) -> None:
    """Cancel a payout that nobody has touched yet.

    Raises:
        Refused: somebody has.
    """
    if payout.status is not PayoutStatus.DUE:
        raise Refused(Reason.MONEY_USED)
    check_move(PAYOUT_MOVES, payout.status, PayoutStatus.CANCELLED)
    payout.status, payout.paid_at = PayoutStatus.CANCELLED, None
    record(session, "cancel_payout", payout.id, None, minor=payout.amount_minor)
