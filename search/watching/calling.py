"""The one file that calls strangers' servers: an address that somebody typed must not open our own network.

A name is looked up once, every address it has must be one of the open internet, and the connection goes to
just that address: a name that means something else a moment later leads nowhere. No redirect is followed,
nothing of the answer but its status is read, and after `SECONDS` the line is cut whatever comes.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from search.watching.rules.destinations import is_public
from search.watching.rules.words import Failure

SECONDS = 10.0
_SECONDS_TO_CONNECT = 5.0
_HTTPS = 443


class NotDelivered(Exception):
    """Nobody took the message; nothing of what the stranger sent is kept."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(frozen=True)
class Caller:
    """Posts messages over HTTPS.

    Attributes:
        allowed: whether an address may be called.
        context: which certificates are believed.
        seconds: after which the line is cut.
    """

    allowed: Callable[[str], bool] = is_public
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """The status of the answer.

        Raises:
            NotDelivered: no public address, no connection, no trusted certificate, or no answer in time.
        """
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _HTTPS
        if parts.scheme != "https":
            raise NotDelivered(Failure.ADDRESS)
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        try:
            with self._connect(host, port) as line, self._limited(line):
                line.do_handshake()
                connection = http.client.HTTPSConnection(host, port, context=self.context)
                connection.sock = line
                connection.request("POST", target, body, {**headers, "Connection": "close"})
                with connection.getresponse() as answer:
                    return answer.status
        except ssl.SSLCertVerificationError:
            raise NotDelivered(Failure.CERTIFICATE) from None
        except (OSError, http.client.HTTPException, ValueError):
            raise NotDelivered(Failure.NO_ANSWER) from None

    def _connect(self, host: str, port: int) -> ssl.SSLSocket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(map(self.allowed, addresses)):
            raise NotDelivered(Failure.ADDRESS)
        plain = socket.create_connection((addresses[0], port), timeout=min(_SECONDS_TO_CONNECT, self.seconds))
        try:
            return self.context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
        except BaseException:
            plain.close()
            raise

    @contextmanager
    def _limited(self, line: ssl.SSLSocket) -> Iterator[None]:
        """Cut the line when the time is over: its own limit begins anew with every byte that comes."""
        end = threading.Timer(self.seconds, _cut, [line])
        end.start()
        try:
            yield
        finally:
            end.cancel()


def _cut(line: ssl.SSLSocket) -> None:
    try:
        socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:
        return  # it was closed already
