"""The door to the gateways: a call is claimed and committed, then made, then its answer written down."""

from collections.abc import Callable
from datetime import timedelta

from flask import current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.db import atomic
from marketplace.errors import Refused
from payments import queries
from payments.gateways import Ask, Gateway, GatewayRefused, GatewayState, GatewayUnreachable
from payments.gateways.registry import Gateways, gateways
from payments.models import GatewayCall
from payments.rules import CallStatus, CallVerb
from payments.service import events, states

# While one worker makes a call no other does; a crashed worker's is made again after this, by the same key.
CLAIM = timedelta(minutes=2)
_LONGEST_WAIT = timedelta(hours=1)
LIMIT = 200


def send_due(known: Gateways | None = None) -> int:
    """Make the calls that are due and try parked notices again; returns how many items were done."""
    known = gateways() if known is None else known
    done = 0
    while done < LIMIT and _retry_one():
        done += 1
    while done < LIMIT and send_next(known):
        done += 1
    return done


def send_next(known: Gateways) -> bool:
    """Make one call; True when one was due."""
    with atomic() as session:
        call = _claim(session)
        if call is None:
            return False
        gateway = known.get(call.method)
        ask = _ask(call)
        session.expunge_all()
    if gateway is None:
        _postpone(call, "this gateway is switched off")
        return True
    try:
        state = _make(gateway, call, ask)
    except (GatewayRefused, Refused) as refusal:
        problem = str(refusal)
        _write(call, CallStatus.REFUSED, problem, lambda session, row: states.refused(session, row, problem))
    except GatewayUnreachable as unreachable:
        _postpone(call, str(unreachable))
    else:
        _write(call, CallStatus.ANSWERED, "", lambda session, row: states.answered(session, row, state))
    return True


def _retry_one() -> bool:
    with atomic() as session:
        return events.retry_parked(session)


def _claim(session: Session) -> GatewayCall | None:
    now = clock.now()
    call = queries.call_due(session, now)
    if call is None:
        return None
    claimed = (
        update(GatewayCall)
        .where(
            GatewayCall.id == call.id,
            GatewayCall.status == CallStatus.PREPARED,
            GatewayCall.due_at == call.due_at,
        )
        .values(due_at=now + CLAIM, attempts=GatewayCall.attempts + 1)
        .returning(GatewayCall.id)
    )
    if session.execute(claimed).scalar_one_or_none() is None:
        return None
    session.refresh(call)
    return call


def _ask(call: GatewayCall) -> Ask:
    """What a hold or charge asks for; read inside the transaction because it names the lot."""
    if call.deposit is not None:
        row_id, lot = call.deposit.id, call.deposit.lot
        page = f"/money/registrations/{call.deposit.registration_id}/deposit"
    elif call.payment is not None:
        row_id, lot = call.payment.id, call.payment.deal.lot
        page = f"/money/deals/{call.payment.deal_id}/payment"
    else:
        raise AssertionError("a call is about a deposit or a payment")
    return Ask(
        key=f"luochui-{call.id}",
        minor=call.amount_minor,
        currency=call.currency,
        row_id=row_id,
        label=lot.title[:200],
        return_url=current_app.extensions["settings"].public_url + page,
    )


def _make(gateway: Gateway, call: GatewayCall, ask: Ask) -> GatewayState:
    """The call itself: the only moment in which the network is used."""
    match call.verb:
        case CallVerb.HOLD:
            return gateway.hold(ask)
        case CallVerb.CHARGE:
            return gateway.charge(ask)
        case CallVerb.CAPTURE:
            return gateway.capture(call.gateway_object, call.amount_minor, ask.key)
        case CallVerb.RELEASE:
            return gateway.release(call.gateway_object, ask.key)
        case CallVerb.REFUND:
            return gateway.refund(call.gateway_object, call.amount_minor, ask.key)
        case CallVerb.LOOK_UP:
            return gateway.look_up(call.gateway_object)


def _write(
    call: GatewayCall,
    status: CallStatus,
    problem: str,
    effect: Callable[[Session, GatewayCall], None],
) -> None:
    """Write the answer and its effect in one transaction; an answer that came twice has one effect."""
    with atomic() as session:
        row = queries.lock_call(session, call.id)
        if row.status is not CallStatus.PREPARED:
            return
        row.status, row.problem, row.answered_at = status, problem[:300], clock.now()
        effect(session, row)


def _postpone(call: GatewayCall, problem: str) -> None:
    """No answer: ask again later, each time after twice the wait."""
    with atomic() as session:
        row = queries.lock_call(session, call.id)
        wait = min(timedelta(seconds=2 ** min(row.attempts, 12)), _LONGEST_WAIT)
        row.due_at, row.problem = clock.now() + wait, problem[:300]
