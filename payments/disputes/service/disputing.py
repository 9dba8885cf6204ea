"""Disputes: opened by the gateway's notice or an officer's record, followed, and closed.

While one is open nothing of its sale leaves. Money that is taken back meanwhile stands on an account of its
own: it is neither here nor lost. A lost dispute becomes a debt of whoever paid (docs/decisions, number 16).
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from auctions.fair_play.queries import operators
from marketplace import clock
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move
from payments import ledger
from payments import queries as payment_queries
from payments.disputes import accounts, queries
from payments.disputes.models import Dispute
from payments.disputes.rules import (
    DISPUTE_MOVES,
    DebtCause,
    DisputeKind,
    DisputeReason,
    DisputeStatus,
    outcome,
)
from payments.disputes.service import debts
from payments.gateways.disputing import DisputeState
from payments.ledger import Posting
from payments.models import Deposit, Payment
from payments.rules import Method, Reason, check_reason
from payments.service import books
from payments.service.acts import record
from payments.service.on_statements import require_not_on_statement

_METHODS = {DisputeKind.CHARGEBACK: Method.STRIPE, DisputeKind.RECALL: Method.BANK_TRANSFER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """What the sending bank asks back, as an officer enters it.

    Attributes:
        line: the number of the line in the bank statement by which the money came.
        minor: how much of it is asked back.
        taken: whether our bank has taken it from the account already.
        due_by: until when we can answer.
    """

    line: str
    minor: int
    why: str
    taken: bool
    due_by: datetime


def heard(session: Session, state: DisputeState) -> Dispute | None:
    """The gateway has said how a dispute stands; None while nobody here knows the payment it is about.

    What it says again changes nothing, and a dispute that is lost stays so.
    """
    dispute = queries.dispute_at_gateway(session, state.object_id)
    if dispute is None:
        row = payment_queries.owner_of_object(session, state.intent_id)
        if row is None:
            return None
        dispute = _first_heard(session, row, state)
    if dispute.status is DisputeStatus.LOST:
        return dispute
    dispute.due_by = state.due_by or dispute.due_by
    now_stands = outcome(state.status, dispute.amount_minor, min(state.taken_minor, dispute.amount_minor))
    _take(session, dispute, now_stands.taken)
    _stands(session, dispute, now_stands.status)
    return dispute


def record_recall(session: Session, actor: Actor, recall: Recall) -> Dispute:
    """An officer records that a bank asks a transfer back.

    Raises:
        Refused: no such line, more than came by it, no reason, or a deadline that has passed.
        Conflict: it is disputed already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    why = check_reason(recall.why)
    came = queries.money_by_line(session, recall.line.strip())
    if came is None:
        raise Refused(DisputeReason.NOT_RECEIVED, field="line")
    row, received = came
    if not 0 < recall.minor <= received:
        raise Refused(DisputeReason.MORE_THAN_OWED, field="amount")
    if recall.due_by <= clock.now():
        raise Refused(DisputeReason.DUE_BY_IN_THE_PAST, field="due_by")
    if queries.open_dispute_of_receipt(session, row) is not None:
        raise Conflict(DisputeReason.DISPUTED_ALREADY)
    dispute = _open(session, row, DisputeKind.RECALL, minor=recall.minor, why=why)
    dispute.due_by, dispute.recorded_by_id = recall.due_by, actor.person_id
    if recall.taken:
        _take(session, dispute, recall.minor)
    record(session, "record_recall", dispute.id, actor, reason=why, minor=recall.minor)
    return dispute


def close_recall(
    session: Session, actor: Actor, dispute_id: uuid.UUID, *, lost: bool, reason: str
) -> Dispute:
    """An officer records how the recall has ended: the money stays, or the bank has taken it for good.

    Raises:
        Refused: no reason, or the bank account holds less than the bank has taken.
        Conflict: it is closed, or a gateway decides about it.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    dispute = queries.lock_dispute(session, dispute_id)
    text = check_reason(reason)
    if dispute.kind is not DisputeKind.RECALL:
        raise Conflict(DisputeReason.DISPUTE_OF_GATEWAY)
    if dispute.status is not DisputeStatus.OPEN:
        raise Conflict(DisputeReason.DISPUTE_IS_CLOSED)
    _take(session, dispute, dispute.amount_minor if lost else 0)
    _stands(session, dispute, DisputeStatus.LOST if lost else DisputeStatus.WON)
    record(session, "close_recall", dispute.id, actor, reason=text, lost=lost)
    return dispute


def pay_gateway(session: Session, actor: Actor, *, minor: int, currency: str, bank_reference: str) -> None:
    """The bank account has paid what we owed the gateway for money it took back.

    Raises:
        Refused: nothing, or more than is owed, or more than the bank account holds.
        Conflict: this line of the statement is recorded already.
        NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    line = check_reason(bank_reference)[:100]
    owed = accounts.owed_to_gateway(currency)
    if not 0 < minor <= books.balance(session, owed):
        raise Refused(DisputeReason.MORE_THAN_OWED, field="amount")
    key = f"gateway-paid:{line}"
    require_not_on_statement(session, line)
    if debts.line_is_known(session, key, line):
        raise Conflict(Reason.RECORDED_ALREADY, field="bank_reference")
    act_id = uuid.uuid4()
    paid = ledger.movement(owed, ledger.cash(Method.BANK_TRANSFER, currency), minor)
    books.post(session, key, subject_id=act_id, lot_id=None, postings=paid)
    record(session, "pay_gateway", act_id, actor, minor=minor, currency=currency)


def _open(session: Session, row: Deposit | Payment, kind: DisputeKind, *, minor: int, why: str) -> Dispute:
    """A new dispute. The lot's payouts are locked first: whoever releases one comes before it or after it."""
    queries.lock_payouts_on_lot(session, row.lot_id)
    dispute = Dispute(
        kind=kind,
        method=_METHODS[kind],
        payment_id=row.id if isinstance(row, Payment) else None,
        deposit_id=row.id if isinstance(row, Deposit) else None,
        deal_id=row.deal_id,
        lot_id=row.lot_id,
        institution_id=row.institution_id,
        amount_minor=minor,
        taken_minor=0,
        movements=0,
        currency=row.currency,
        why=why[:300],
        status=DisputeStatus.OPEN,
        opened_at=clock.now(),
    )
    session.add(dispute)
    session.flush()
    record(session, "dispute_opened", dispute.id, None, reason=dispute.why, minor=minor, kind=kind)
    _tell(session, dispute, NoticeKind.DISPUTE_OPENED)
    return dispute


def _first_heard(session: Session, row: Deposit | Payment, state: DisputeState) -> Dispute:
    """The money's row is locked, then looked again: of two who hear it at once, one opens the dispute."""
    queries.lock_money(session, row)
    known = queries.dispute_at_gateway(session, state.object_id)
    if known is not None:
        return known
    dispute = _open(session, row, DisputeKind.CHARGEBACK, minor=state.minor, why=state.why)
    dispute.gateway_object = state.object_id
    return dispute


def _take(session: Session, dispute: Dispute, taken: int) -> None:
    """Book the difference between what is taken back now and what was before."""
    more = taken - dispute.taken_minor
    if not more:
        return
    held = accounts.disputed(dispute)
    postings: tuple[Posting, ...]
    if more > 0:
        out = accounts.taken_from(session, dispute.method, dispute.currency, more)
        postings = (Posting(held, more), *out)
    else:
        back = accounts.given_to(session, dispute.method, dispute.currency, -more)
        postings = (*back, Posting(held, more))
    dispute.movements += 1
    key = f"dispute:{dispute.id}:{dispute.movements}"
    books.post(session, key, subject_id=dispute.id, lot_id=dispute.lot_id, postings=postings)
    dispute.taken_minor = taken


def _stands(session: Session, dispute: Dispute, status: DisputeStatus) -> None:
    if status is dispute.status:
        return
    check_move(DISPUTE_MOVES, dispute.status, status)
    queries.lock_payouts_on_lot(session, dispute.lot_id)
    dispute.status = status
    dispute.closed_at = None if status is DisputeStatus.OPEN else clock.now()
    record(session, f"dispute_{status}", dispute.id, None, taken=dispute.taken_minor)
    if status is DisputeStatus.LOST:
        debts.arise(
            session,
            DebtCause.DISPUTE_LOST,
            debtor=str(dispute.institution_id),
            source=accounts.disputed(dispute),
            lot_id=dispute.lot_id,
            deal_id=dispute.deal_id,
            dispute_id=dispute.id,
            minor=dispute.taken_minor,
        )
    _tell(session, dispute, NoticeKind.DISPUTE_CLOSED if dispute.closed_at else NoticeKind.DISPUTE_OPENED)


def _tell(session: Session, dispute: Dispute, kind: NoticeKind) -> None:
    """The operator, and the seller, whose money waits."""
    desk = {operator.id: f"/money/disputes/{dispute.id}" for operator in operators(session)}
    if dispute.deal is not None:
        desk[dispute.deal.seller_id] = f"/money/deals/{dispute.deal_id}/settlement"
    for institution_id, url in sorted(desk.items()):
        notify(
            session,
            institution_id,
            kind,
            url,
            title=dispute.lot.title,
            amount=Money(dispute.amount_minor, dispute.currency),
            due_at=dispute.due_by if kind is NoticeKind.DISPUTE_OPENED else None,
        )
