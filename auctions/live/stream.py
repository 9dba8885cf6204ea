"""The event stream of one auction, and how many of them there may be.

Each ends after some minutes, from which the browser resumes by itself. `Stream` holds a thread of the web
server; where the server lets go of the connection, `auctions.live.handover` needs none.
"""

import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from auctions.live.fanout import Hub
from auctions.live.snapshot import Snapshot
from marketplace import clock

HEARTBEAT_SECONDS = 15.0
LIFE_SECONDS = 290.0
RETRY = "retry: 2000\n\n"
STREAMS_MOST_PER_ADDRESS = 12


class Seats:
    """Who holds how many streams of this process."""

    def __init__(self, most: int, most_per_address: int = STREAMS_MOST_PER_ADDRESS) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self._taken: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, address: str) -> bool:
        """Take a seat; False when the process or the address has no more."""
        with self._lock:
            full = self._taken.total() >= self._most or self._taken[address] >= self._most_per_address
            if not full:
                self._taken[address] += 1
            return not full

    def give_back(self, address: str) -> None:
        """Free a seat that was taken."""
        with self._lock:
            self._taken[address] -= 1
            if not self._taken[address]:
                del self._taken[address]

    def taken(self) -> int:
        """How many streams are running."""
        with self._lock:
            return self._taken.total()


class Stream:
    """An iterator of event texts; closing it gives the seat back, even when it was never begun."""

    def __init__(self, hub: Hub, seats: Seats, address: str, auction_id: uuid.UUID, last_seen: int) -> None:
        self._hub, self._seats = hub, seats
        self._address, self._auction_id = address, auction_id
        self._lock = threading.Lock()
        self._closed = False
        hub.join(auction_id)
        self._events = events(hub, auction_id, last_seen)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            return next(self._events)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the stream; may be called twice."""
        with self._lock:
            closed, self._closed = self._closed, True
        if not closed:
            self._hub.leave(self._auction_id)
            self._seats.give_back(self._address)


def events(hub: Hub, auction_id: uuid.UUID, last_seen: int) -> Iterator[str]:
    """The state at once, then after every change; a heartbeat when nothing changes.

    Whoever resumes with a sequence gets the fresh state, which says all that a missed event said; the bids
    in between are read from the page's fragment.
    """
    begun, version, sequence = time.monotonic(), 0, last_seen
    yield RETRY
    while (left := LIFE_SECONDS - (time.monotonic() - begun)) > 0:
        newer, snapshot = hub.wait(auction_id, version, min(HEARTBEAT_SECONDS, left))
        if newer > version and snapshot is not None:
            version, sequence = newer, snapshot.sequence
            yield state_event(snapshot)
        else:
            yield heartbeat(sequence, hub.looked_at(auction_id))


def state_event(snapshot: Snapshot) -> str:
    """One event with the whole public state; its id is the sequence to resume from."""
    data = json.dumps(snapshot.as_json(clock.now()), separators=(",", ":"))
    return f"id: {snapshot.sequence}\nevent: state\ndata: {data}\n\n"


def heartbeat(sequence: int, looked_at: datetime | None) -> str:
    """Proof of life with the last sequence, so that a watcher notices a gap.

    `as_of` says when the database was last read: a line that lives proves nothing about the price.
    """
    facts = {
        "sequence": sequence,
        "server_now": clock.moment_text(clock.now()),
        "as_of": looked_at and clock.moment_text(looked_at),
    }
    data = json.dumps(facts, separators=(",", ":"))
    return f"event: heartbeat\ndata: {data}\n\n"
