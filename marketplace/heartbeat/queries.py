"""Named selects of heartbeats and outages."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.heartbeat.models import Heartbeat, Outage
from marketplace.heartbeat.rules import WORKER, gap_between

OUTAGES_SHOWN = 50


def last_heartbeat(session: Session, part: str = WORKER) -> Heartbeat | None:
    """The part's row as it is now; None where it never lived here."""
    statement = select(Heartbeat).where(Heartbeat.part == part)
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def worker_is_silent(session: Session, now: datetime) -> bool:
    """Whether a worker that once lived counts as down at `now`."""
    row = last_heartbeat(session)
    return row is not None and gap_between(row.beat_at, now) is not None


def lock_heartbeat(session: Session, part: str = WORKER) -> Heartbeat | None:
    """The part's row, locked and read anew; None where it never lived here."""
    statement = select(Heartbeat).where(Heartbeat.part == part).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def recent_outages(session: Session) -> Sequence[Outage]:
    """The last outages, the newest first."""
    return session.scalars(select(Outage).order_by(Outage.ended_at.desc()).limit(OUTAGES_SHOWN)).all()
