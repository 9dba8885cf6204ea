"""Holds on cards while the auction runs: placed, renewed by a second hold before the first ends, raised."""

import uuid

from sqlalchemy.orm import Session

from auctions.rules import Outcome
from marketplace.access import Actor, Verb, require
from marketplace.errors import Conflict, Refused
from marketplace.notices.rules import NoticeKind
from payments import queries
from payments.cards.rules import CardReason
from payments.gateways import GatewayState, Phase
from payments.models import Deposit, GatewayCall
from payments.rules import CallVerb, DepositStatus, Method, check_card_amount
from payments.service import calls, deposits
from payments.service.acts import record


def place(session: Session, deposit: Deposit) -> None:
    """Ask for the hold: on the saved card without its holder, or on the gateway's page."""
    calls.prepare(session, CallVerb.HOLD, deposit, minor=deposit.amount_minor, card_id=deposit.card_id)


def place_by_page(session: Session, deposit: Deposit, problem: str) -> None:
    """The bank wants its customer there: the hold is placed on the gateway's page, and the bidder told."""
    deposit.card_id, deposit.problem = None, problem[:300]
    place(session, deposit)
    deposits.tell(session, deposit, NoticeKind.DEPOSIT_DUE)


def renew(session: Session, deposit: Deposit, minor: int, *, by_page: bool = False) -> None:
    """Ask for a second hold of `minor` beside the first, which is let go of once the second is there."""
    if queries.waiting_call(session, CallVerb.RENEW, deposit.gateway_object) is None:
        calls.prepare(
            session,
            CallVerb.RENEW,
            deposit,
            minor=minor,
            gateway_object=deposit.gateway_object,
            card_id=None if by_page else deposit.card_id,
        )


def renew_by_page(session: Session, actor: Actor, deposit_id: uuid.UUID) -> Deposit:
    """The bidder renews the hold on the gateway's page.

    Raises:
        Conflict: nothing is held on a card, or a page is open for it already.
        NotFound, NotAllowed: as `access.require`.
    """
    deposit = _standing(session, actor, deposit_id)
    if deposit.renewal_object or not deposit.gateway_object:
        raise Conflict(CardReason.NOTHING_TO_RENEW)
    renew(session, deposit, deposit.amount_minor, by_page=True)
    return deposit


def raise_to(session: Session, actor: Actor, deposit_id: uuid.UUID, minor: int) -> Deposit:
    """The bidder has more held: by the same hold where the card allows it, else by a second one for all.

    Raises:
        Refused: not more than is held, or too large for a card.
        Conflict: nothing is held on a card, or a renewal is under way.
        NotFound, NotAllowed: as `access.require`.
    """
    deposit = _standing(session, actor, deposit_id)
    if minor <= deposit.amount_minor:
        raise Refused(CardReason.NOT_RAISED, field="amount")
    check_card_amount(minor, deposit.currency, field="amount")
    if deposit.renewal_object or queries.waiting_call(session, CallVerb.RENEW, deposit.gateway_object):
        raise Conflict(CardReason.NOTHING_TO_RENEW)
    if not deposit.may_increment:
        renew(session, deposit, minor)
    elif queries.waiting_call(session, CallVerb.INCREMENT, deposit.gateway_object) is None:
        calls.prepare(
            session, CallVerb.INCREMENT, deposit, minor=minor, gateway_object=deposit.gateway_object
        )
    return deposit


def _standing(session: Session, actor: Actor, deposit_id: uuid.UUID) -> Deposit:
    deposit = queries.lock_deposit(session, deposit_id)
    require(actor, Verb.PAY_DEAL, deposits.subject_of(deposit))
    if not _stands(deposit):
        raise Conflict(CardReason.NOTHING_TO_RENEW)
    return deposit


def _stands(deposit: Deposit) -> bool:
    """Whether something is held on a card for an auction that has not ended."""
    held = deposit.status is DepositStatus.HELD and deposit.method is Method.STRIPE
    running = deposit.registration.auction.outcome is Outcome.OPEN
    return held and running and not deposit.captured_minor and deposit.deal_id is None


def renewal_is(session: Session, deposit: Deposit, state: GatewayState) -> None:
    """The gateway says how the second hold stands."""
    if state.phase is Phase.HELD and _stands(deposit):
        _swap(session, deposit, state)
    elif state.phase is Phase.HELD:
        calls.prepare_once(session, CallVerb.RELEASE, deposit, state.object_id)
    elif state.phase is Phase.AWAITING and _stands(deposit):
        deposit.renewal_object, deposit.hosted_url = state.object_id, state.hosted_url
    elif state.phase is Phase.CANCELLED:
        deposit.renewal_object, deposit.hosted_url = "", ""


def _swap(session: Session, deposit: Deposit, state: GatewayState) -> None:
    """The second hold takes the first one's place, which is let go of."""
    if state.object_id == deposit.gateway_object:
        return
    old, deposit.gateway_object = deposit.gateway_object, state.object_id
    stands(deposit, state)
    deposit.renewal_object = deposit.hosted_url = deposit.problem = ""
    calls.prepare_once(session, CallVerb.RELEASE, deposit, old)
    raised(session, deposit, state.minor)
    record(session, "renew_hold", deposit.id, None, old=old, new=state.object_id)
    deposits.tell(session, deposit, NoticeKind.HOLD_RENEWED)


def stands(deposit: Deposit, state: GatewayState) -> None:
    """What the gateway says about the hold that stands: until when, and whether it may be raised."""
    deposit.may_increment = state.may_increment
    if state.expires_at is not None and state.expires_at != deposit.hold_expires_at:
        deposit.hold_expires_at, deposit.warned_at = state.expires_at, None


def raised(session: Session, deposit: Deposit, minor: int) -> None:
    """The gateway holds `minor` now: what the first hold promised is promised anew."""
    if minor != deposit.amount_minor:
        deposits.promise_again(session, deposit, minor)


def renewal_refused(
    session: Session, deposit: Deposit, call: GatewayCall, problem: str, *, by_page: bool
) -> None:
    """The second hold was refused; where only its holder can place it, the gateway's page is prepared."""
    if not _stands(deposit) or deposit.gateway_object != call.gateway_object:
        return
    deposit.problem = problem[:300]
    deposits.tell(session, deposit, NoticeKind.HOLD_NOT_RENEWED)
    if by_page:
        renew(session, deposit, call.amount_minor, by_page=True)
