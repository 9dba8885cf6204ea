"""Deals that end without their price: the buyer did not pay, or was disqualified."""

from sqlalchemy.orm import Session

from auctions import service as auctions
from marketplace import clock
from marketplace.deals import queries as deal_queries
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.deals.rules import DealSource
from marketplace.notices.rules import NoticeKind
from payments import queries
from payments.models import Payment
from payments.rules import CallVerb, DepositStatus, PaymentStatus
from payments.service import balances, calls, outcomes, returns


def lapse_unpaid(session: Session) -> bool:
    """One deal was not paid in time: forfeit its deposit, default it, tell the auction."""
    found = queries.deal_unpaid(session, clock.now())
    if found is None:
        return _end_struck(session)
    deal = deal_queries.lock_deal(session, found.id)
    payment = queries.payment_of(session, deal.id)
    if payment is not None:
        _give_up(session, payment)
    _forfeit_deposit(session, deal)
    deals.mark_defaulted(session, deal)
    balances.tell(session, deal, NoticeKind.PAYMENT_LAPSED)
    if deal.source is DealSource.AUCTION:
        auctions.record_default(session, deal.source_id, deal.buyer_id)
    returns.return_free(session, deal.lot_id, deal.buyer_id, deal.currency)
    return True


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
