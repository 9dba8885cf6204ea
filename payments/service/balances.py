"""The balance of a deal: asked for, paid, or not paid in time."""

import uuid

from sqlalchemy.orm import Session

from marketplace import audit, clock, commission
from marketplace.access import Actor, require
from marketplace.deals import service as deals
from marketplace.deals.models import Deal
from marketplace.errors import Conflict, Refused
from marketplace.money import Money
from marketplace.notices.rules import NoticeKind
from marketplace.notices.service import notify
from marketplace.status import check_move
from payments import ledger, queries, ways
from payments.disputes import accounts
from payments.gateways.bank_transfer import new_reference
from payments.models import Deposit, GatewayCall, Payment
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
from payments.taxes.charging import tax_on_top
from payments.ways import Way


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
    counted = deposit.amount_minor if deposit and _counts(deposit) else 0
    whole = balance_due(deal.price_minor, beside_price(session, deal), counted)
    return whole - set_off(session, deal)


def buyer_commission(session: Session, deal: Deal) -> int:
    """What the buyer pays for agencies beside the price, in minor units."""
    return commission.buyer_borne(claims.commissions_of(session, deal), deal.price_minor, deal.currency)


def beside_price(session: Session, deal: Deal) -> int:
    """What the buyer pays beside the price: commission, and tax where the lot puts it on the buyer."""
    return buyer_commission(session, deal) + tax_on_top(deal)


def due_again(session: Session, deal: Deal) -> None:
    """A deposit that counted toward the deal is gone, or a creditor's share has changed with the costs."""
    payment = queries.payment_of(session, deal.id)
    if payment is not None and payment.status in OPEN_PAYMENTS:
        payment.amount_minor, payment.set_off_minor = _due(session, deal), set_off(session, deal)


def choose_payment_method(
    session: Session,
    actor: Actor,
    payment_id: uuid.UUID,
    way: Way | Method,
    offered: frozenset[Method],
) -> Payment:
    """The buyer says how the balance will be paid.

    Raises:
        Refused: the way is not offered, does not take the currency, or so large an amount.
        Conflict: the payment is not waiting for that.
        NotFound, NotAllowed: as `access.require`.
    """
    payment = queries.lock_payment(session, payment_id)
    require(actor, deals.paying_verb(payment.deal), deals.subject_of(session, payment.deal))
    chosen = way if isinstance(way, Way) else ways.PLAIN[way]
    _check_way(payment, chosen, offered)
    move(session, payment, PaymentStatus.SENT, actor=actor, way=chosen)
    payment.way, payment.method, payment.problem = chosen, ways.METHODS[chosen], ""
    if payment.method is Method.STRIPE:
        calls.prepare(session, CallVerb.CHARGE, payment, minor=payment.amount_minor)
    return payment


def _check_way(payment: Payment, way: Way, offered: frozenset[Method]) -> None:
    """Refuse what stands in the way, naming the bank transfer."""
    match ways.barrier(way, payment.amount_minor, payment.currency, offered):
        case ways.Barrier.NO_GATEWAY:
            raise Refused(Reason.METHOD_NOT_OFFERED, field="method")
        case ways.Barrier.OTHER_CURRENCY:
            raise Refused(Reason.CURRENCY_NOT_TAKEN, field="method", currency=payment.currency)
        case ways.Barrier.ABOVE_CEILING:
            check_card_amount(payment.amount_minor, payment.currency)


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
    payment.way, payment.method, payment.gateway_object, payment.hosted_url = None, None, "", ""
    payment.transfer_details = []
    payment.attempt, payment.problem = payment.attempt + 1, problem[:300]


def charged(session: Session, payment: Payment, minor: int) -> None:
    """The gateway has taken the amount; where it is not needed any more, it goes back to whom it came from.

    It says so as often as it is asked: a charge is booked once, and only a new one can be too much.
    """
    if queries.transaction_by_key(session, _key(payment, f"{payment.attempt}:charged")) is not None:
        return
    own = books.buyer_balance(payment.lot_id, payment.institution_id, payment.currency)
    taken = ledger.movement(ledger.cash(Method.STRIPE, payment.currency), own, minor)
    post(session, payment, f"{payment.attempt}:charged", taken)
    if payment.status in OPEN_PAYMENTS:
        take_from_balance(session, payment)
    else:
        calls.prepare_once(session, CallVerb.REFUND, payment, payment.gateway_object, minor=minor)


def refunded(session: Session, payment: Payment, call: GatewayCall) -> None:
    """The gateway has given the amount of a call back."""
    minor = call.amount_minor
    own = books.buyer_balance(payment.lot_id, payment.institution_id, payment.currency)
    taken = accounts.taken_from(session, Method.STRIPE, payment.currency, minor)
    post(session, payment, f"refunded:{call.id.hex}", (ledger.Posting(own, minor), *taken))


def refund_refused(session: Session, payment: Payment) -> None:
    """The gateway will not give it back, as after half a year: the bank does, released by two persons."""
    returns.return_free(session, payment.lot_id, payment.institution_id, payment.currency)


def take_from_balance(session: Session, payment: Payment) -> None:
    """Pay the deal out of the buyer's balance and deposit once both are here; until then the money waits."""
    if payment.status not in OPEN_PAYMENTS:
        return
    deal, deposit = payment.deal, queries.deposit_of_deal(session, payment.deal_id)
    counted = deposit if deposit is not None and _counts(deposit) else None
    own = books.buyer_balance(payment.lot_id, payment.institution_id, payment.currency)
    if books.balance(session, own) < payment.amount_minor or _on_card_only(counted):
        return
    if payment.amount_minor:
        target = books.escrow(deal.lot_id, deal.id, deal.currency)
        post(session, payment, "succeeded", ledger.movement(own, target, payment.amount_minor))
    move(session, payment, PaymentStatus.SUCCEEDED)
    payment.ended_at = clock.now()
    if counted is not None:
        price = deal.price_minor + beside_price(session, deal)
        outcomes.apply_to_price(session, counted, deal, price - payment.amount_minor)
    deals.mark_paid(session, deal)
    tell(session, deal, NoticeKind.PAYMENT_RECEIVED)
    returns.return_free(session, payment.lot_id, payment.institution_id, payment.currency)


def _counts(deposit: Deposit) -> bool:
    """Whether the deposit is money that becomes part of the price; a guarantor's promise is not."""
    return deposit.status is DepositStatus.HELD and not outcomes.on_letter(deposit)


def _on_card_only(deposit: Deposit | None) -> bool:
    return deposit is not None and deposit.method is Method.STRIPE and not deposit.captured_minor


def move(
    session: Session, payment: Payment, new: PaymentStatus, *, actor: Actor | None = None, **facts: str
) -> None:
    """Move the status by its table, and record it."""
    check_move(PAYMENT_MOVES, payment.status, new)
    old, payment.status = payment.status, new
    record(session, f"payment_{new}", payment.id, actor, old=old, **facts)


def post(session: Session, payment: Payment, what: str, postings: tuple[ledger.Posting, ...]) -> None:
    """Post once per payment and event."""
    key = _key(payment, what)
    books.post(session, key, subject_id=payment.id, lot_id=payment.lot_id, postings=postings)


def _key(payment: Payment, what: str) -> str:
    return f"payment:{payment.id}:{what}"


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
