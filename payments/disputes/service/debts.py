"""Debts: how they arise, are paid, set off against what the debtor gets, and reminded of."""

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

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
from payments.disputes.models import Debt
from payments.disputes.rules import (
    DEBT_MOVES,
    REMIND_AFTER_DAYS,
    DebtCause,
    DebtStatus,
    DisputeReason,
    next_reminder_days,
    set_off_minor,
)
from payments.disputes.service import withholding
from payments.disputes.service.giving_back import give_back
from payments.ledger import AccountName, Posting, Purpose
from payments.rules import Method, Reason, check_reason
from payments.service import books
from payments.service.acts import record
from payments.service.distributing import institution_of
from payments.service.on_statements import require_not_on_statement


def arise(
    session: Session,
    cause: DebtCause,
    *,
    debtor: str,
    source: AccountName,
    lot_id: uuid.UUID,
    deal_id: uuid.UUID | None,
    minor: int,
    dispute_id: uuid.UUID | None = None,
    payout_id: uuid.UUID | None = None,
) -> Debt:
    """A new debt of `minor`; `source` is the account that is made good by it (it is credited)."""
    institution = institution_of(session, debtor)
    now = clock.now()
    debt = Debt(
        id=uuid.uuid4(),
        cause=cause,
        institution_id=institution.id if institution else None,
        debtor=debtor,
        debtor_name=institution.name if institution else debtor,
        lot_id=lot_id,
        deal_id=deal_id,
        dispute_id=dispute_id,
        payout_id=payout_id,
        amount_minor=minor,
        covered_minor=0,
        currency=source.currency,
        status=DebtStatus.OPEN,
        reminders=0,
        remind_at=now + timedelta(days=REMIND_AFTER_DAYS[0]),
        arose_at=now,
    )
    session.add(debt)
    session.flush()
    owed = ledger.movement(accounts.owed_by(debt), source, minor)
    books.post(session, f"debt:{debt.id}:arose", subject_id=debt.id, lot_id=lot_id, postings=owed)
    record(session, "debt_arose", debt.id, None, cause=cause, minor=minor, debtor=debt.debtor_name)
    _tell(session, debt, NoticeKind.DEBT_AROSE)
    return debt


def record_payment(
    session: Session, actor: Actor, debt_id: uuid.UUID, *, minor: int, bank_reference: str
) -> Debt:
    """An officer finds a payment of the debt on the bank statement.

    Raises:
        Refused: nothing, or more than is still owed.
        Conflict: this line is recorded already, or the debt has ended.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    debt = _open_debt(session, debt_id)
    line = check_reason(bank_reference)[:100]
    if not 0 < minor <= debt.open_minor:
        raise Refused(DisputeReason.MORE_THAN_OWED, field="amount")
    key = f"debt-paid:{line}"
    require_not_on_statement(session, line)
    if line_is_known(session, key, line):
        raise Conflict(Reason.RECORDED_ALREADY, field="bank_reference")
    bank = ledger.cash(Method.BANK_TRANSFER, debt.currency)
    cover(session, debt, (Posting(bank, minor),), minor, key=key)
    record(session, "record_debt_payment", debt.id, actor, minor=minor, bank_reference=line)
    return debt


def set_off(session: Session, actor: Actor, debt_id: uuid.UUID, payout_id: uuid.UUID, reason: str) -> Debt:
    """An officer keeps what the debtor is to be paid, or a part of it, for the debt.

    Raises:
        Refused: no reason is given, or the payout is not the debtor's or of another currency.
        Conflict: the debt has ended; the payout is paid, on its way, or must not leave.
        NotFound, NotAllowed: as `access.require`.
    """
    require(actor, Verb.CONFIRM_MONEY)
    text = check_reason(reason)
    payout = payment_queries.lock_payout(session, payout_id)
    debt = _open_debt(session, debt_id)
    if payout.institution_id != debt.institution_id or payout.currency != debt.currency:
        raise Refused(DisputeReason.DEBT_OF_ANOTHER, field="payout")
    if queries.open_dispute_about(session, payout) is not None:
        raise Conflict(DisputeReason.DISPUTE_IS_OPEN)
    minor = set_off_minor(debt.open_minor, payout.amount_minor)
    kept = AccountName(Purpose.CREDIT, debt.currency, None, debt.debtor)
    part = withholding.withhold(session, payout, minor, kept, text)
    cover(session, debt, (Posting(kept, minor),), minor, key=f"debt:{debt.id}:set-off:{part.id}")
    record(session, "set_off", debt.id, actor, reason=text, minor=minor, payout=str(payout.id))
    return debt


def cover(
    session: Session,
    debt: Debt,
    sources: tuple[Posting, ...],
    minor: int,
    *,
    key: str,
    ends_as: DebtStatus = DebtStatus.PAID,
) -> None:
    """Book that `minor` of a debt is covered by the debits in `sources`; where nothing is left it ends.

    A refund that waited for the money is the buyer's then, and goes back.
    """
    postings = (*sources, Posting(accounts.owed_by(debt), -minor))
    books.post(session, key, subject_id=debt.id, lot_id=debt.lot_id, postings=postings)
    debt.covered_minor += minor
    if not debt.open_minor:
        _end(session, debt, ends_as)
    if debt.cause is DebtCause.REFUND and ends_as is DebtStatus.PAID and debt.deal is not None:
        waiting = accounts.refund_due(debt.lot_id, debt.deal.buyer_id, debt.currency)
        own = books.buyer_balance(debt.lot_id, debt.deal.buyer_id, debt.currency)
        passed = ledger.movement(waiting, own, minor)
        books.post(session, f"{key}:refund", subject_id=debt.id, lot_id=debt.lot_id, postings=passed)
        give_back(session, debt.deal, minor)


def end_charged(session: Session, debt: Debt) -> None:
    """The payees' withheld money and their debts have made the account good; the buyer's debt ends."""
    debt.covered_minor = debt.amount_minor
    _end(session, debt, DebtStatus.CHARGED_TO_SALE)


def _end(session: Session, debt: Debt, ends_as: DebtStatus) -> None:
    check_move(DEBT_MOVES, debt.status, ends_as)
    debt.status, debt.ended_at = ends_as, clock.now()
    record(session, f"debt_{ends_as}", debt.id, None)
    _tell(session, debt, NoticeKind.DEBT_ENDED)


def remind_due(session: Session) -> bool:
    """Remind one debtor; True when there was one to remind."""
    debt = queries.debt_to_remind(session, clock.now())
    if debt is None:
        return False
    debt.reminders += 1
    debt.remind_at = debt.arose_at + timedelta(days=next_reminder_days(debt.reminders))
    _tell(session, debt, NoticeKind.DEBT_REMINDER)
    record(session, "debt_reminded", debt.id, None, reminders=debt.reminders)
    return True


def line_is_known(session: Session, key: str, line: str) -> bool:
    """Whether a line of the bank statement was recorded, here or as money that came in."""
    posted = payment_queries.transaction_by_key(session, key)
    return posted is not None or queries.receipt_by_line(session, line) is not None


def _open_debt(session: Session, debt_id: uuid.UUID) -> Debt:
    debt = queries.lock_debt(session, debt_id)
    if debt.status is not DebtStatus.OPEN:
        raise Conflict(DisputeReason.DEBT_ENDED)
    return debt


def _tell(session: Session, debt: Debt, kind: NoticeKind) -> None:
    """The debtor, where it is one of ours."""
    if debt.institution_id is None:
        return
    amount = Money(debt.open_minor or debt.amount_minor, debt.currency)
    notify(session, debt.institution_id, kind, f"/money/debts/{debt.id}", title=debt.lot.title, amount=amount)
