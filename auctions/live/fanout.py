"""From a commit to everybody who watches: one hub per process, Redis between processes when there is one.

A stream never touches the database: it waits for the hub's latest snapshot of its auction. The hub looks at
the database when it is told of a change, and of its own accord every second, or every five while Redis
answers; so losing Redis, or another process that cannot tell, delays a price and changes nothing. Changes are
announced by `_after_commit`, below, whichever door the command came through.
"""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from auctions.live import snapshot
from auctions.live.queries import find_auction
from auctions.live.redis_channel import Listener, RedisChannel
from auctions.live.snapshot import Snapshot
from auctions.models import Auction
from marketplace import clock
from marketplace.db import db
from marketplace.errors import NotFound

log = structlog.get_logger()

LOOK_SECONDS = 1.0
LOOK_SECONDS_WITH_REDIS = 5.0
# Of a hundred bids within a moment the room shows the last; no eye would follow more.
LOOK_PAUSE_SECONDS = 0.05
_CHANGED = "changed_auctions"


@dataclass(slots=True)
class Watched:
    """An auction somebody watches: how many do, its latest snapshot, and a count of its changes.

    Attributes:
        looked_at: when the database was last read for it: a snapshot may be old and still the latest.
    """

    watchers: int = 0
    version: int = 0
    latest: Snapshot | None = None
    looked_at: datetime | None = None


class Hub:
    """The latest snapshots of the auctions watched in this process; a thread runs while any is."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._watched: dict[uuid.UUID, Watched] = {}
        self._dirty: set[uuid.UUID] = set()
        self._changed = threading.Condition()
        self._listeners: list[Callable[[uuid.UUID], None]] = []
        self._running = False
        settings = app.extensions["settings"]
        self.channel = (
            RedisChannel(settings.redis_url, settings.marketplace_name, self.wake)
            if settings.redis_url
            else None
        )

    def announce(self, auction_id: uuid.UUID) -> None:
        """Tell this process and the others that the auction changed. Never raises, never waits long."""
        self.wake(auction_id)
        if self.channel:
            self.channel.publish(auction_id)

    def wake(self, auction_id: uuid.UUID) -> None:
        """Have the thread look at this auction at once, if anybody here watches it."""
        with self._changed:
            if auction_id in self._watched:
                self._dirty.add(auction_id)
                self._changed.notify_all()

    def join(self, auction_id: uuid.UUID) -> None:
        """One watcher more."""
        with self._changed:
            self._watched.setdefault(auction_id, Watched()).watchers += 1
            self._dirty.add(auction_id)
            self._changed.notify_all()
            if not self._running:
                self._running = True
                threading.Thread(target=self._look_around, name="live-room", daemon=True).start()

    def leave(self, auction_id: uuid.UUID) -> None:
        """One watcher less; the last one out stops the thread."""
        with self._changed:
            watched = self._watched[auction_id]
            watched.watchers -= 1
            if watched.watchers == 0:
                del self._watched[auction_id]
            self._changed.notify_all()

    def wait(self, auction_id: uuid.UUID, seen: int, timeout: float) -> tuple[int, Snapshot | None]:
        """The version and snapshot once it is newer than `seen`, or what there is after `timeout` seconds."""
        with self._changed:
            watched = self._watched[auction_id]
            self._changed.wait_for(lambda: watched.version > seen, timeout)
            return watched.version, watched.latest

    def looked_at(self, auction_id: uuid.UUID) -> datetime | None:
        """When the auction was last read from the database; None before the first time."""
        with self._changed:
            watched = self._watched.get(auction_id)
            return watched.looked_at if watched else None

    def watchers(self) -> dict[uuid.UUID, int]:
        """How many streams of this process watch which auction."""
        with self._changed:
            return {auction_id: watched.watchers for auction_id, watched in self._watched.items()}

    def current(self, auction_id: uuid.UUID) -> tuple[int, Snapshot | None]:
        """The version and snapshot that there are now; for those who joined."""
        with self._changed:
            watched = self._watched[auction_id]
            return watched.version, watched.latest

    def listen(self, listener: Callable[[uuid.UUID], None]) -> None:
        """Have the listener called, in the hub's thread, after every change of an auction watched here."""
        with self._changed:
            self._listeners.append(listener)

    def idle(self, timeout: float) -> bool:
        """Whether the thread has stopped within `timeout` seconds; for tests and an orderly end."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, timeout)

    def _look_around(self) -> None:
        listener = Listener(self.channel) if self.channel else None
        next_look = time.monotonic()
        while (due := self._next(next_look)) is not None:
            if time.monotonic() >= next_look:
                with_redis = listener is not None and listener.alive
                next_look = time.monotonic() + (LOOK_SECONDS_WITH_REDIS if with_redis else LOOK_SECONDS)
            for auction_id in due:
                self._look(auction_id)
            time.sleep(LOOK_PAUSE_SECONDS)
        if listener:
            listener.stop()

    def _next(self, next_look: float) -> set[uuid.UUID] | None:
        """What to look at now: what was announced, or everything when a look is due; None to stop."""
        with self._changed:
            pause = max(next_look - time.monotonic(), 0)
            self._changed.wait_for(lambda: bool(self._dirty) or not self._watched, pause)
            watched = set(self._watched)
            due = watched if time.monotonic() >= next_look else self._dirty & watched
            self._dirty.clear()
            if not watched:
                self._running = False
                self._changed.notify_all()
                return None
            return due

    def _look(self, auction_id: uuid.UUID) -> None:
        """Read the auction in a transaction of its own that ends before anybody is told."""
        with self._app.app_context():
            try:
                now = clock.now()
                latest = snapshot.take(db.session(), find_auction(db.session(), auction_id), now)
            except NotFound:
                return
            except Exception:
                log.exception("live_look_failed", auction=str(auction_id))
                return
            finally:
                db.session.remove()
        with self._changed:
            watched = self._watched.get(auction_id)
            if watched:
                watched.looked_at = now
            if watched is None or watched.latest == latest:
                return
            watched.latest, watched.version = latest, watched.version + 1
            self._changed.notify_all()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(auction_id)


def hub() -> Hub:
    """This application's hub, made when it is first asked for."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - threads need the app itself
    found: Hub = app.extensions.get("auctions.live") or app.extensions.setdefault("auctions.live", Hub(app))
    return found


def announce(auction_id: uuid.UUID) -> None:
    """Tell everybody who watches that the auction changed; after the commit, never before."""
    hub().announce(auction_id)


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, _context: object) -> None:
    changed = {row.id for row in (*session.new, *session.dirty) if isinstance(row, Auction)}
    session.info.setdefault(_CHANGED, set()).update(changed)


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    for auction_id in session.info.pop(_CHANGED, ()):
        announce(auction_id)


@event.listens_for(Session, "after_rollback")
def _forget_changes(session: Session) -> None:
    session.info.pop(_CHANGED, None)
