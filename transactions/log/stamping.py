"""The worker's errand to the time stamp authority, the one file that talks to it."""

import urllib.request
from datetime import datetime, timedelta

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.config import Config
from marketplace.db import atomic, db
from transactions import queries
from transactions.log import stamps
from transactions.log.models import CheckpointStamp
from transactions.log.notes import note_text

# One stamp covers every record before it, so an authority need not be asked for each checkpoint.
STAMP_EVERY = timedelta(minutes=10)
RETRY_AFTER = timedelta(minutes=5)

_SECONDS_FOR_AN_ANSWER = 10

_log = structlog.get_logger()
_not_before: dict[str, datetime] = {}


def stamp_due() -> int:
    """Have the latest checkpoint stamped, if an authority is configured and it is time; 1 if it was."""
    settings: Config = current_app.extensions["settings"]
    url, now = settings.time_stamp_url, clock.now()
    if not url or now < _not_before.get(url, now):
        return 0
    due = _due(db.session(), url, now)
    db.session.rollback()
    if due is None:
        return 0
    try:
        stamp = _stamp(settings, *due)
    except (OSError, stamps.BadStamp) as fault:
        _not_before[url] = now + RETRY_AFTER
        _log.warning("no_time_stamp", authority=url, reason=str(fault))
        return 0
    with atomic() as session:
        queries.lock_head(session)
        if session.get(CheckpointStamp, (stamp.tree_size, url)) is None:
            session.add(stamp)
    return 1


def _due(session: Session, url: str, now: datetime) -> tuple[int, str] | None:
    point = queries.latest_checkpoint(session)
    newest = select(CheckpointStamp).where(CheckpointStamp.authority == url)
    last = session.scalars(newest.order_by(CheckpointStamp.tree_size.desc()).limit(1)).one_or_none()
    if point is None or (last and (last.tree_size >= point.tree_size or last.stamped_at + STAMP_EVERY > now)):
        return None
    return point.tree_size, point.root


def _stamp(settings: Config, tree_size: int, root: str) -> CheckpointStamp:
    text = note_text(tree_size, root)
    request = stamps.request_for(text)
    token = _ask(settings.time_stamp_url, request.as_bytes())
    roots = stamps.read_roots(settings.time_stamp_roots) if settings.time_stamp_roots else []
    moment = stamps.checked(token, text, roots, request.nonce)
    return CheckpointStamp(
        tree_size=tree_size, authority=settings.time_stamp_url, token=token, stamped_at=moment
    )


def _ask(url: str, request: bytes) -> bytes:
    """The authority's answer (RFC 3161 §3.4); OSError when there is none."""
    asked = urllib.request.Request(  # noqa: S310 - the configuration admits http and https alone
        url, data=request, headers={"Content-Type": "application/timestamp-query"}
    )
    with urllib.request.urlopen(asked, timeout=_SECONDS_FOR_AN_ANSWER) as answer:  # noqa: S310
        token: bytes = answer.read(stamps.TOKEN_BYTES_LIMIT + 1)
    if len(token) > stamps.TOKEN_BYTES_LIMIT:
        raise stamps.BadStamp("the answer is too long")
    return token
