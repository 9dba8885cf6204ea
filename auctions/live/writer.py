"""One thread that writes to all streams of this process that were handed over to it."""

import selectors
import socket
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass

from auctions.live import stream
from auctions.live.fanout import Hub
from auctions.live.stream import Seats, heartbeat, state_event

_BEAT_SECONDS = 1.0


@dataclass(slots=True, eq=False)
class Watcher:
    """One stream that was taken over.

    Attributes:
        chunked: whether HTTP/1.1 wants the length before each text.
        version, sequence: of what was sent last.
        sent_at, ends_at: seconds of the monotonic clock.
    """

    connection: socket.socket
    auction_id: uuid.UUID
    address: str
    chunked: bool
    sequence: int
    sent_at: float
    ends_at: float
    version: int = 0

    def framed(self, text: bytes) -> bytes:
        """The text as it goes over this connection."""
        return b"%X\r\n%s\r\n" % (len(text), text) if self.chunked else text


class Writer:
    """Writes to every stream of this process that was taken over; its thread runs while there is any."""

    def __init__(self, hub: Hub, seats: Seats) -> None:
        self._hub, self._seats = hub, seats
        self._watchers: dict[uuid.UUID, set[Watcher]] = {}
        self._arrived: deque[Watcher] = deque()
        self._changed: set[uuid.UUID] = set()
        self._gate = threading.Lock()
        self._running = False
        self._bell, self._button = socket.socketpair()
        self._bell.setblocking(False)
        self._button.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)
        hub.listen(self._note_change)

    def take(self, watcher: Watcher) -> None:
        """Write to this one too, the present state first; its seat and its place in the hub are taken."""
        watcher.connection.setblocking(False)
        with self._gate:
            self._arrived.append(watcher)
            if not self._running:
                self._running = True
                threading.Thread(target=self._write, name="live-writer", daemon=True).start()
        self._ring()

    def _note_change(self, auction_id: uuid.UUID) -> None:
        with self._gate:
            self._changed.add(auction_id)
        self._ring()

    def _ring(self) -> None:
        try:
            self._button.send(b"\0")
        except BlockingIOError:  # it rings already
            return

    def _write(self) -> None:
        next_beat = time.monotonic() + _BEAT_SECONDS
        while self._goes_on():
            for key, _ in self._selector.select(max(next_beat - time.monotonic(), 0)):
                if key.data is None:
                    self._bell.recv(4096)
                else:
                    self._listen(key.data)
            with self._gate:
                arrived, self._arrived = self._arrived, deque()
                changed, self._changed = self._changed, set()
            self._admit(arrived)
            for auction_id in changed | {watcher.auction_id for watcher in arrived}:
                self._tell(auction_id)
            if time.monotonic() >= next_beat:
                next_beat = time.monotonic() + _BEAT_SECONDS
                self._beat()

    def _goes_on(self) -> bool:
        with self._gate:
            self._running = bool(self._watchers or self._arrived)
            return self._running

    def _admit(self, arrived: deque[Watcher]) -> None:
        for watcher in arrived:
            self._selector.register(watcher.connection, selectors.EVENT_READ, watcher)
            self._watchers.setdefault(watcher.auction_id, set()).add(watcher)

    def _listen(self, watcher: Watcher) -> None:
        """A watcher has nothing to say; what can be read is the end of its connection."""
        try:
            gone = not watcher.connection.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            gone = True
        if gone:
            self._drop(watcher)

    def _tell(self, auction_id: uuid.UUID) -> None:
        """Send the latest state to those who have not got it, written once for all of them."""
        watchers = self._watchers.get(auction_id)
        if not watchers:
            return
        version, snapshot = self._hub.current(auction_id)
        if snapshot is None:
            return
        text = state_event(snapshot).encode()
        for watcher in [watcher for watcher in watchers if watcher.version < version]:
            watcher.version, watcher.sequence = version, snapshot.sequence
            self._send(watcher, text)

    def _beat(self) -> None:
        """Proof of life to those who have heard nothing for long; the end to those whose time is over."""
        now = time.monotonic()
        for watcher in [watcher for group in self._watchers.values() for watcher in group]:
            if now >= watcher.ends_at:
                self._send(watcher, b"")
                self._drop(watcher)
            elif now - watcher.sent_at >= stream.HEARTBEAT_SECONDS:
                looked_at = self._hub.looked_at(watcher.auction_id)
                self._send(watcher, heartbeat(watcher.sequence, looked_at).encode())

    def _send(self, watcher: Watcher, text: bytes) -> None:
        """Send at once. Who takes nothing in any more is dropped: its browser resumes when it can."""
        data = watcher.framed(text)
        try:
            whole = watcher.connection.send(data) == len(data)
        except OSError:
            whole = False
        watcher.sent_at = time.monotonic()
        if not whole:
            self._drop(watcher)

    def _drop(self, watcher: Watcher) -> None:
        group = self._watchers.get(watcher.auction_id, set())
        if watcher not in group:
            return
        group.remove(watcher)
        if not group:
            del self._watchers[watcher.auction_id]
        self._selector.unregister(watcher.connection)
        watcher.connection.close()
        self._hub.leave(watcher.auction_id)
        self._seats.give_back(watcher.address)
