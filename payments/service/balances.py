"""The balance of a deal: asked for, paid, or not paid in time."""

import uuid

from sqlalchemy.orm import Session

from marketplace import audit, clock
from marketplace.access import Actor, require
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.errors import Conflict, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move
from payments import commission, ledger, queries
from payments.gateways.bank_transfer import new_reference
from payments.models import Deposit, Payment
from payments.rules import (
    OPEN_PAYMENTS,
    PAYMENT_MOVES,
    CallVerb,
    DepositStatus,
    Method,
    PaymentStatus,
    Reason,
    balance_due,
    check_card_amount,
)
from payments.service import books, calls, claims, outcomes, returns
from payments.service.acts import record
from payments.service.setting_off import set_off, take_over_costs


def prepare_balances(session: Session) -> bool:
    """Ask one buyer for the balance of an agreed deal; True when there was one to ask."""
    deal = queries.deal_without_payment(session)
    if deal is None:
        return False
    take_over_costs(session, deal)
    payment = Payment(
        deal_id=deal.id,
        deal=deal,
        institution_id=deal.buyer_id,
        lot_id=deal.lot_id,
        amount_minor=_due(session, deal),
        set_off_minor=set_off(session, deal),
        currency=deal.currency,
        reference=new_reference(),
        prepared_at=clock.now(),
    )
    session.add(payment)
    session.flush()
    tell(session, deal, NoticeKind.PAYMENT_DUE)
    audit.record(session, "payments.ask_balance", payment.id, amount_minor=payment.amount_minor)
    take_from_balance(session, payment)
    return True


def _due(session: Session, deal: Deal) -> int:
    deposit = queries.deposit_of_deal(session, deal.id)
    counted = deposit.amount_minor if deposit and deposit.status is DepositStatus.HELD else 0
    whole = balance_due(deal.price_minor, buyer_commission(session, deal), counted)
    return whole - set_off(session, deal)


def buyer_commission(session: Session, deal: Deal) -> int:
    """What the buyer pays on top of the price, in minor units."""
    return commission.buyer_borne(claims.commissions_of(session, deal), deal.price_minor, deal.currency)


def due_again(session: Session, deal: Deal) -> None:
    """A deposit that counted toward the deal is gone, or a creditor's share has changed with the costs."""
    payment = queries.payment_of(session, deal.id)
    if payment is not None and payment.status in OPEN_PAYMENTS:
        payment.amount_minor, payment.set_off_minor = _due(session, deal), set_off(session, deal)


def choose_payment_method(
    session: Session, actor: Actor, payment_id: uuid.UUID, method: Method, offered: frozenset[Method]
) -> Payment:
    """The buyer says how the balance will be paid.

    Raises:
        Refused: the method is not offered, or the amount is too large for a card.
        Conflict: the payment is not waiting for that.
        NotFound, NotAllowed: as `access.require`.
    """
    payment = queries.lock_payment(session, payment_id)
    require(actor, deals.paying_verb(payment.deal), deals.subject_of(session, payment.deal))
    if method not in offered:
        raise Refused(Reason.METHOD_NOT_OFFERED, field="method")
    if method is Method.STRIPE:
        check_card_amount(payment.amount_minor, payment.currency)
    move(session, payment, PaymentStatus.SENT, actor=actor)
    payment.method, payment.problem = method, ""
    if method is Method.STRIPE:
        calls.prepare(session, CallVerb.CHARGE, payment, minor=payment.amount_minor)
    return payment


def choose_payment_again(session: Session, actor: Actor, payment_id: uuid.UUID) -> Payment:
    """The buyer wants to pay the balance in another way.

    Raises:
        Conflict: nothing was chosen, or the gateway has not answered yet.
    """
    payment = queries.lock_payment(session, payment_id)
    require(actor, deals.paying_verb(payment.deal), deals.subject_of(session, payment.deal))
    if payment.status is not PaymentStatus.SENT:
        raise Conflict(Reason.NOT_AWAITED)
    if payment.method is Method.BANK_TRANSFER:
        ask_again(session, payment)
    elif payment.gateway_object:
        calls.prepare_once(session, CallVerb.RELEASE, payment, payment.gateway_object)
    else:
        raise Conflict(Reason.NOT_AWAITED)
    return payment


def ask_again(session: Session, payment: Payment, problem: str = "") -> None:
    """Back to the choice of a method."""
    move(session, payment, PaymentStatus.PREPARED)
    payment.method, payment.gateway_object, payment.hosted_url = None, "", ""
    payment.attempt, payment.problem = payment.attempt + 1, problem[:300]


def charged(session: Session, payment: Payment, minor: int) -> None:
    """The gateway has taken the amount; where the deal has ended meanwhile, it goes back to the card."""
    own = books.buyer_balance(payment.lot_id, payment.institution_id, payment.currency)
    taken = ledger.movement(ledger.cash(Method.STRIPE, payment.currency), own, minor)
    post(session, payment, f"{payment.attempt}:charged", taken)
    if payment.status in OPEN_PAYMENTS:
        take_from_balance(session, payment)
    elif queries.waiting_call(session, CallVerb.REFUND, payment.gateway_object, status=None) is None:
        calls.prepare_once(session, CallVerb.REFUND, payment, payment.gateway_object, minor=minor)


def refunded(session: Session, payment: Payment, minor: int) -> None:
    """The gateway has given the amount back."""
    own = books.buyer_balance(payment.lot_id, payment.institution_id, payment.currency)
    back = ledger.movement(own, ledger.cash(Method.STRIPE, payment.currency), minor)
    post(session, payment, f"{payment.attempt}:refunded", back)


def take_from_balance(session: Session, payment: Payment) -> None:
    """Pay the deal out of the buyer's balance and deposit once both are here; until then the money waits."""
    if payment.status not in OPEN_PAYMENTS:
        return
    deal, deposit = payment.deal, queries.deposit_of_deal(session, payment.deal_id)
    counted = deposit if deposit is not None and deposit.status is DepositStatus.HELD else None
    own = books.buyer_balance(payment.lot_id, payment.institution_id, payment.currency)
    if books.balance(session, own) < payment.amount_minor or _on_card_only(counted):
        return
    if payment.amount_minor:
        target = books.escrow(deal.lot_id, deal.id, deal.currency)
        post(session, payment, "succeeded", ledger.movement(own, target, payment.amount_minor))
    move(session, payment, PaymentStatus.SUCCEEDED)
    payment.ended_at = clock.now()
    if counted is not None:
        price = deal.price_minor + buyer_commission(session, deal)
        outcomes.apply_to_price(session, counted, deal, price - payment.amount_minor)
    deals.mark_paid(session, deal)
    tell(session, deal, NoticeKind.PAYMENT_RECEIVED)
    returns.return_free(session, payment.lot_id, payment.institution_id, payment.currency)


def _on_card_only(deposit: Deposit | None) -> bool:
    return deposit is not None and deposit.method is Method.STRIPE and not deposit.captured_minor


def move(session: Session, payment: Payment, new: PaymentStatus, *, actor: Actor | None = None) -> None:
    """Move the status by its table, and record it."""
    check_move(PAYMENT_MOVES, payment.status, new)
    old, payment.status = payment.status, new
    record(session, f"payment_{new}", payment.id, actor, old=old)


def post(session: Session, payment: Payment, what: str, postings: tuple[ledger.Posting, ...]) -> None:
    """Post once per payment and event."""
    key = f"payment:{payment.id}:{what}"
    books.post(session, key, subject_id=payment.id, lot_id=payment.lot_id, postings=postings)


def tell(session: Session, deal: Deal, kind: NoticeKind) -> None:
    """A notice about the money of a deal to its parties: of money that is due only to those who pay."""
    parties = deals.subject_of(session, deal).parties
    readers = parties if kind is NoticeKind.PAYMENT_DUE else parties | {deal.seller_id}
    for institution_id in sorted(readers):
        notify(
            session,
            institution_id,
            kind,
            f"/money/deals/{deal.id}/payment",
            title=deal.lot.title,
            amount=Money(deal.price_minor, deal.currency),
            due_at=deal.pay_by if kind is NoticeKind.PAYMENT_DUE else None,
        )
