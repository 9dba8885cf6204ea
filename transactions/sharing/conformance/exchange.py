"""Talking to the API from outside: requests, signatures, answers. It knows an address and a key only."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from marketplace import clock
from transactions.log import signing
from transactions.sharing.rules.statements import (
    fingerprint,
    line_digest,
    line_statement,
    request_statement,
)

PREFIX: Final = "/api/v1/transactions"
_SECONDS: Final = 30
_ANSWER_LIMIT: Final = 16 * 1024 * 1024


class Unreachable(Exception):
    """Nobody answers at the address, or not as the API would."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer.

    Attributes:
        facts: its JSON; empty where it has none.
    """

    status: int
    facts: Any
    headers: Mapping[str, str]


# Method, target (path and query), headers, body.
Transport = Callable[[str, str, Mapping[str, str], bytes | None], Answer]


def over_http(url: str) -> Transport:
    """Requests over HTTP to a server; raises Unreachable for an address that is none."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise Unreachable(f"{url} is not an address that begins with http:// or https://")
    base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"

    def ask(method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            base + target, data=body, headers=dict(headers), method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310
                return _answer(response.status, response.read(_ANSWER_LIMIT), dict(response.headers))
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.read(_ANSWER_LIMIT), dict(error.headers))
        except (OSError, ValueError) as error:
            raise Unreachable(f"{base}: {error}") from None

    return ask


def _answer(status: int, body: bytes, headers: Mapping[str, str]) -> Answer:
    try:
        facts = json.loads(body)
    except ValueError:
        facts = {}
    return Answer(status, facts, headers)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with a key, at one server.

    Attributes:
        seed: 32 bytes of Ed25519. code: under which the key is registered.
    """

    transport: Transport
    code: str
    seed: bytes
    sandbox: bool = True

    @property
    def mark(self) -> str:
        """The fingerprint of its key."""
        return fingerprint(signing.public_key(self.seed))

    def signed(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """A line with key and signature."""
        statement = line_statement(self.code, line_digest(line), sandbox=self.sandbox)
        return {**line, "key": self.mark, "signature": signing.sign(self.seed, statement)}

    def send(self, *lines: Any) -> Answer:
        """Submit lines as they are."""
        body = json.dumps({"contributor": self.code, "lines": lines}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        return self.transport("POST", f"{PREFIX}/submissions", headers, body)

    def get(self, path: str) -> Answer:
        """Read as anybody."""
        return self.transport("GET", PREFIX + path, {"Accept-Language": "en"}, None)

    def get_signed(self, path: str, **changed: str) -> Answer:
        """Read as oneself; `changed` puts something else into a header, by its last word."""
        headers = signed_headers(self.code, self.seed, "GET", PREFIX + path, sandbox=self.sandbox)
        headers |= {f"Luochui-{name.capitalize()}": value for name, value in changed.items()}
        return self.transport("GET", PREFIX + path, headers, None)


def signed_headers(code: str, seed: bytes, method: str, target: str, *, sandbox: bool) -> dict[str, str]:
    """The headers that sign a request for reading."""
    time = clock.moment_text(clock.now())
    statement = request_statement(code, method, target, time, sandbox=sandbox)
    return {
        "Luochui-Contributor": code,
        "Luochui-Key": fingerprint(signing.public_key(seed)),
        "Luochui-Time": time,
        "Luochui-Signature": signing.sign(seed, statement),
    }
