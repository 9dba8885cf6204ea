"""Saying that one lives, and recording that one did not."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.heartbeat import queries
from marketplace.heartbeat.models import Heartbeat, Outage
from marketplace.heartbeat.rules import WORKER, gap_between


def beat(session: Session) -> Outage | None:
    """The worker lives; after a long silence the outage is recorded, once however many workers return."""
    row = queries.lock_heartbeat(session)
    now = clock.now()
    if row is None:
        session.add(Heartbeat(part=WORKER, beat_at=now, noticed_at=now))
        return None
    outage = _record_gap(session, row)
    row.beat_at = now
    session.flush()
    return outage


def notice_silence(session: Session) -> Outage | None:
    """Record the outage so far when the worker is silent right now; whoever needs to know calls this.

    Where no worker ever lived nothing is an outage.
    """
    seen = queries.last_heartbeat(session)
    if seen is None or gap_between(_heard_at(seen), clock.now()) is None:
        return None
    row = queries.lock_heartbeat(session)
    return _record_gap(session, row) if row else None


def _record_gap(session: Session, row: Heartbeat) -> Outage | None:
    """The row must be locked; the time is read after that."""
    now = clock.now()
    gap = gap_between(_heard_at(row), now)
    if gap is None:
        return None
    outage = Outage(part=row.part, began_at=gap.began_at, ended_at=gap.ended_at)
    row.noticed_at = now
    session.add(outage)
    session.flush()
    return outage


def _heard_at(row: Heartbeat) -> datetime:
    return max(row.beat_at, row.noticed_at)
