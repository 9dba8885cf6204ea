"""Streams without a thread each: a stream that has begun is taken out of the web server's hands.

gunicorn's threaded worker gives the application the connection's socket. A stream sends its first line as
any answer, keeps a duplicate of the socket for `auctions.live.writer`, and leaves the server one that is
closed at its other end; so the server ends the request, and its thread is free. On any other server, or over
TLS or HTTP/2 spoken by the server itself, a stream holds a thread as `auctions.live.stream` does.
"""

import os
import socket
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from flask import current_app, request

from auctions.live import stream
from auctions.live.fanout import Hub
from auctions.live.stream import RETRY, Seats, Stream
from auctions.live.writer import Watcher, Writer

_PROTOCOLS = {"HTTP/1.0", "HTTP/1.1"}


def begin(
    hub: Hub, seats: Seats, address: str, auction_id: uuid.UUID, last_seen: int
) -> "Stream | HandedOver":
    """The answer to whoever asks for the stream; its seat is taken already."""
    connection = _plain_socket(request.environ)
    if connection is None or request.method != "GET":
        return Stream(hub, seats, address, auction_id, last_seen)
    chunked = request.environ["SERVER_PROTOCOL"] == "HTTP/1.1"
    return HandedOver(hub, seats, _writer(hub, seats), connection, (address, auction_id, last_seen, chunked))


def _plain_socket(environ: Mapping[str, Any]) -> socket.socket | None:
    """The connection's socket where it may be taken: the server's own, nothing between it and the text."""
    connection = environ.get("gunicorn.socket")
    plain = type(connection) is socket.socket and environ.get("SERVER_PROTOCOL") in _PROTOCOLS
    return connection if plain else None


def _writer(hub: Hub, seats: Seats) -> Writer:
    """This application's writer, made when it is first needed."""
    extensions = current_app.extensions
    found: Writer = extensions.get("auctions.writer") or extensions.setdefault(
        "auctions.writer", Writer(hub, seats)
    )
    return found


class HandedOver:
    """Gives the server the first line, and the writer the connection when the server asks for the next."""

    def __init__(
        self,
        hub: Hub,
        seats: Seats,
        writer: Writer,
        connection: socket.socket,
        watching: tuple[str, uuid.UUID, int, bool],
    ) -> None:
        self._hub, self._seats, self._writer, self._connection = hub, seats, writer, connection
        self._address, self._auction_id, self._last_seen, self._chunked = watching
        self._texts, self._taken = self._begin(), False
        hub.join(self._auction_id)

    def __iter__(self) -> Iterator[str]:
        return self._texts

    def _begin(self) -> Iterator[str]:
        yield RETRY
        now = time.monotonic()
        watcher = Watcher(
            connection=_take(self._connection),
            auction_id=self._auction_id,
            address=self._address,
            chunked=self._chunked,
            sequence=self._last_seen,
            sent_at=now,
            ends_at=now + stream.LIFE_SECONDS,
        )
        self._taken = True
        self._writer.take(watcher)

    def close(self) -> None:
        """End what was never handed over; from then on the writer does."""
        if not self._taken:
            self._taken = True
            self._hub.leave(self._auction_id)
            self._seats.give_back(self._address)


def _take(connection: socket.socket) -> socket.socket:
    """A duplicate of the connection; the server's own socket becomes one whose other end is closed."""
    taken = socket.socket(fileno=os.dup(connection.fileno()))
    blind, other = socket.socketpair()
    os.dup2(blind.fileno(), connection.fileno(), inheritable=False)
    blind.close()
    other.close()
    return taken
