"""What the gateway says about a hold or a charge, applied in any order, as often as it is said."""

from sqlalchemy.orm import Session

from auctions.rules import Outcome
from marketplace import clock
from marketplace.deals.models import Deal
from marketplace.errors import MarketplaceError
from payments import queries
from payments.gateways import AuthenticationNeeded, GatewayState, Phase
from payments.models import Deposit, GatewayCall, Payment
from payments.rules import CallVerb, DepositStatus, Method, PaymentStatus
from payments.service import balances, calls, deposits, holds, outcomes, virtual_accounts


def answered(session: Session, call: GatewayCall, state: GatewayState) -> None:
    """The gateway has answered a call."""
    if call.deposit_id is not None:
        deposit = queries.lock_deposit(session, call.deposit_id)
        if call.verb is CallVerb.RENEW or _about_renewal(deposit, call):
            holds.renewal_is(session, deposit, state)
        elif _current(deposit, call, state):
            _deposit_is(session, deposit, state)
        elif state.phase is Phase.HELD:
            calls.prepare_once(session, CallVerb.RELEASE, deposit, state.object_id)
    elif call.payment_id is not None:
        payment = queries.lock_payment(session, call.payment_id)
        if call.verb is CallVerb.REFUND:
            balances.refunded(session, payment, call)
        elif _current(payment, call, state):
            _payment_is(session, payment, call, state)


def refused(session: Session, call: GatewayCall, refusal: MarketplaceError) -> None:
    """The gateway has refused a call for good: choose again, or ask it how things stand."""
    problem, by_page = str(refusal), isinstance(refusal, AuthenticationNeeded)
    if call.verb in {CallVerb.CAPTURE, CallVerb.RELEASE}:
        row = call.deposit or call.payment
        if row is not None:
            calls.prepare_once(session, CallVerb.LOOK_UP, row, call.gateway_object)
    elif call.deposit_id is not None:
        deposit = queries.lock_deposit(session, call.deposit_id)
        _deposit_refused(session, deposit, call, problem, by_page=by_page)
    elif call.verb is CallVerb.CHARGE and call.payment_id is not None:
        payment = queries.lock_payment(session, call.payment_id)
        if payment.status is PaymentStatus.SENT:
            balances.ask_again(session, payment, problem)
    elif call.verb is CallVerb.REFUND and call.payment_id is not None:
        balances.refund_refused(session, queries.lock_payment(session, call.payment_id))


def _deposit_refused(
    session: Session, deposit: Deposit, call: GatewayCall, problem: str, *, by_page: bool
) -> None:
    if call.verb is CallVerb.RENEW:
        holds.renewal_refused(session, deposit, call, problem, by_page=by_page)
    elif call.verb is CallVerb.INCREMENT:
        holds.renew(session, deposit, call.amount_minor)
    elif call.verb is CallVerb.HOLD and deposit.status is DepositStatus.PENDING:
        if by_page and deposit.card_id is not None:
            holds.place_by_page(session, deposit, problem)
        else:
            deposits.ask_again(session, deposit, problem)


def expire_holds(session: Session) -> bool:
    """One card hold has run out: the bidder is asked again; True when there was one."""
    deposit = queries.hold_run_out(session, clock.now())
    if deposit is None:
        return False
    calls.prepare_once(session, CallVerb.RELEASE, deposit, deposit.gateway_object)
    _lose_hold(session, deposit)
    return True


def _about_renewal(deposit: Deposit, call: GatewayCall) -> bool:
    return deposit.renewal_object != "" and call.gateway_object == deposit.renewal_object


def _current(row: Deposit | Payment, call: GatewayCall, state: GatewayState) -> bool:
    """Whether the answer is about what the row has now, not about an earlier attempt."""
    if call.verb in {CallVerb.HOLD, CallVerb.CHARGE}:
        waiting = row.status in {DepositStatus.PENDING, PaymentStatus.SENT}
        return waiting and row.gateway_object in {"", state.object_id}
    return row.gateway_object in {call.gateway_object, state.object_id}


def _deposit_is(session: Session, deposit: Deposit, state: GatewayState) -> None:
    deposit.gateway_object = state.object_id
    if not deposit.renewal_object:
        before = deposit.problem if state.phase is Phase.AWAITING else ""
        deposit.problem, deposit.hosted_url = state.problem[:300] or before, state.hosted_url
    if state.phase in {Phase.HELD, Phase.PAID}:
        _held(session, deposit, state)
    if state.phase is Phase.PAID:
        _captured(session, deposit, state.received_minor)
    if state.phase is Phase.CANCELLED:
        _cancelled(session, deposit)


def _held(session: Session, deposit: Deposit, state: GatewayState) -> None:
    holds.stands(deposit, state)
    if deposit.status is DepositStatus.PENDING:
        deposits.hold_promised(session, deposit, Method.STRIPE)
    elif deposit.status is not DepositStatus.HELD and state.phase is Phase.HELD:
        calls.prepare_once(session, CallVerb.RELEASE, deposit, state.object_id)
    elif state.phase is Phase.HELD:
        holds.raised(session, deposit, state.minor)


def _captured(session: Session, deposit: Deposit, minor: int) -> None:
    if deposit.captured_minor or deposit.status is not DepositStatus.HELD:
        return
    outcomes.captured(session, deposit, minor)
    deal = session.get(Deal, deposit.deal_id) if deposit.deal_id else None
    if deal is not None:
        balances.due_again(session, deal)
    payment = queries.payment_of(session, deposit.deal_id) if deposit.deal_id else None
    if payment is not None:
        balances.take_from_balance(session, queries.lock_payment(session, payment.id))


def _cancelled(session: Session, deposit: Deposit) -> None:
    if deposit.status is DepositStatus.PENDING:
        deposits.ask_again(session, deposit)
    elif deposit.status is DepositStatus.HELD:
        ended = deposit.registration.auction.outcome is not Outcome.OPEN
        if ended and deposit.deal_id is None:
            outcomes.released_by_gateway(session, deposit)
        else:
            _lose_hold(session, deposit)


def _lose_hold(session: Session, deposit: Deposit) -> None:
    """The card hold is gone; where it counted toward a deal, the buyer owes its part too."""
    deposits.lose_hold(session, deposit)
    deal = session.get(Deal, deposit.deal_id) if deposit.deal_id else None
    if deal is not None:
        balances.due_again(session, deal)


def _payment_is(session: Session, payment: Payment, call: GatewayCall, state: GatewayState) -> None:
    payment.gateway_object, payment.problem = state.object_id, state.problem[:300]
    payment.hosted_url = state.hosted_url
    if state.customer:
        virtual_accounts.stands(session, payment, call, state)
    if state.phase is Phase.PAID:
        balances.charged(session, payment, state.received_minor)
    elif state.phase is Phase.CANCELLED and payment.status is PaymentStatus.SENT:
        balances.ask_again(session, payment)
