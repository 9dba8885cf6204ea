"""The door to the gateways: a call is claimed and committed, then made, then its answer written down."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.db import atomic
from marketplace.errors import Refused
from payments import queries
from payments.asking import ACTS
from payments.gateways import GatewayRefused, GatewayUnreachable
from payments.gateways.registry import Gateways, gateways
from payments.models import GatewayCall
from payments.rules import CallStatus
from payments.service import events

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
        gateway, act = known.get(call.method), ACTS[call.verb]
        ask = act.ask(session, call)
        session.expunge_all()
    if gateway is None:
        _postpone(call, "this gateway is switched off")
        return True
    try:
        answer = act.make(gateway, call, ask)
    except (GatewayRefused, Refused) as refusal:
        no = refusal
        _write(call, CallStatus.REFUSED, str(no), lambda session, row: act.refused(session, row, no))
    except GatewayUnreachable as unreachable:
        _postpone(call, str(unreachable))
    else:
        _write(call, CallStatus.ANSWERED, "", lambda session, row: act.answered(session, row, answer))
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
