"""Deals that end without their price: the buyer did not pay, or was disqualified.

A deadline only flags. That a buyer has defaulted, which costs it the deposit, an officer says with a reason.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from auctions import service as auctions
from auctions.fair_play.queries import operators
from marketplace import clock, rule_packs
from marketplace.access import Actor, Verb, require
from marketplace.deals import queries as deal_queries
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource
from marketplace.errors import Conflict
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from payments import queries
from payments.defaults.rules import check_more_time
from payments.models import Payment
from payments.rules import OPEN_PAYMENTS, CallVerb, DepositStatus, PaymentStatus, Reason, check_reason
from payments.service import balances, calls, outcomes, returns
from payments.service.acts import record


def flag_overdue(session: Session) -> bool:
    """One deal was not paid in time: flag it and tell the operator; True when there was one.

    Nothing is taken from anybody. Money that arrives still pays the deal until an officer has decided.
    """
    payment = queries.payment_overdue(session, clock.now())
    if payment is None:
        return _end_struck(session)
    payment.overdue_at = clock.now()
    deal = payment.deal
    record(session, "payment_overdue", payment.id, None, pay_by=deal.pay_by.isoformat())
    for operator in operators(session):
        notify(
            session,
            operator.id,
            NoticeKind.PAYMENT_OVERDUE,
            "/money/desk",
            title=deal.lot.title,
            due_at=deal.pay_by,
        )
    return True


def declare_default(session: Session, actor: Actor, payment_id: uuid.UUID, reason: str) -> Payment:
    """An officer says that the buyer has defaulted: the deposit is forfeited, the deal ends.

    An auctioned lot goes on by its rule pack.

    Raises:
        Refused: without a reason.
        Conflict: it is not overdue, was paid meanwhile, or is decided.
        NotFound, NotAllowed: as `access.require`, or no such payment.
    """
    payment, text = _overdue(session, actor, payment_id, reason)
    deal = deal_queries.lock_deal(session, payment.deal_id)
    record(session, "declare_default", payment.id, actor, reason=text)
    _give_up(session, payment)
    _forfeit_deposit(session, deal)
    deals.mark_defaulted(session, deal)
    balances.tell(session, deal, NoticeKind.PAYMENT_LAPSED)
    if deal.source is DealSource.AUCTION:
        auctions.record_default(session, deal.source_id, deal.buyer_id)
    returns.return_free(session, deal.lot_id, deal.buyer_id, deal.currency)
    return payment


def give_more_time(session: Session, actor: Actor, payment_id: uuid.UUID, days: int, reason: str) -> Payment:
    """An officer lets the buyer pay until so many days from now.

    Raises:
        Refused: without a reason, or more days than the rule pack allows at once.
        Conflict: it was given as often as the pack allows.
        NotFound, NotAllowed: as `declare_default`.
    """
    payment, text = _overdue(session, actor, payment_id, reason)
    prolong(session, payment, days, clock.now())
    record(session, "give_more_time", payment.id, actor, reason=text, days=days)
    return payment


def prolong(session: Session, payment: Payment, days: int, since: datetime) -> None:
    """Move the deadline to so many days from `since`, within what the lot's rule pack allows; tell the buyer.

    Raises:
        Refused: more days than the pack allows at once.
        Conflict: it was moved as often as the pack allows.
    """
    deal = payment.deal
    pack = rule_packs.load(deal.lot.rule_pack, deal.lot.rule_pack_version)
    check_more_time(pack, payment.prolongations, days)
    payment.overdue_at, payment.prolongations = None, payment.prolongations + 1
    deals.postpone(session, deal, since + timedelta(days=days) - deal.pay_by)
    balances.tell(session, deal, NoticeKind.PAYMENT_DUE)


def _overdue(session: Session, actor: Actor, payment_id: uuid.UUID, reason: str) -> tuple[Payment, str]:
    """The payment, locked, that waits for an officer, and the reason."""
    payment = queries.lock_payment(session, payment_id)
    require(actor, Verb.CONFIRM_MONEY)
    text = check_reason(reason)
    if payment.overdue_at is None or payment.status not in OPEN_PAYMENTS:
        raise Conflict(Reason.NOT_AWAITED)
    return payment, text


def _end_struck(session: Session) -> bool:
    """A disqualified winner pays nothing and gets the deposit back, as a loser does."""
    payment = queries.payment_of_struck_deal(session)
    if payment is None:
        return False
    _give_up(session, payment)
    deposit = queries.deposit_of_deal(session, payment.deal_id)
    if deposit is not None and deposit.status is DepositStatus.HELD:
        deposit.deal_id = None
    returns.return_free(session, payment.lot_id, payment.institution_id, payment.currency)
    return True


def _forfeit_deposit(session: Session, deal: Deal) -> None:
    deposit = queries.deposit_of_bidder(session, deal.source_id, deal.buyer_id)
    if deposit is None or deposit.status is not DepositStatus.HELD:
        return
    if deposit.deal_id is None:
        outcomes.bind(session, deposit, deal)
    outcomes.forfeit(session, deposit, deal)


def _give_up(session: Session, payment: Payment) -> None:
    """The payment will not be waited for; a card page that is still open is closed."""
    payment = queries.lock_payment(session, payment.id)
    if payment.status is PaymentStatus.SENT and payment.gateway_object:
        calls.prepare_once(session, CallVerb.RELEASE, payment, payment.gateway_object)
    balances.move(session, payment, PaymentStatus.FAILED)
    payment.ended_at = clock.now()
