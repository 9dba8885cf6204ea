"""Pure: the exact bytes that contributors sign. They are described in docs/sharing.md."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marketplace.canonical import canonical_bytes, digest
from marketplace.errors import Refused
from transactions.sharing.rules.reasons import Reason

# What of a line is not covered by its own signature.
UNSIGNED_FIELDS = frozenset({"key", "signature"})

# A signed request is good for so long before and after its time: clocks differ.
REQUEST_TIME = timedelta(minutes=5)


def protocol(name: str, *, sandbox: bool) -> str:
    """What a signature is for: one made for a sandbox says nothing outside of it."""
    return f"luochui/transactions/{name}/1" + ("/sandbox" if sandbox else "")


def fingerprint(public_key: str) -> str:
    """By which a key is named: the SHA-256 of its 32 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(base64.b64decode(public_key)).hexdigest()


def line_digest(line: Mapping[str, Any]) -> str:
    """The SHA-256 of a line's canonical bytes, without its key and signature."""
    return digest({name: value for name, value in line.items() if name not in UNSIGNED_FIELDS})


def line_statement(contributor: str, content_digest: str, *, sandbox: bool) -> bytes:
    """The bytes that are signed for one line of a submission.

    They hold its digest and not its content, so that the signature can be checked for ever from what is kept.
    """
    return canonical_bytes(
        {
            "protocol": protocol("submission", sandbox=sandbox),
            "contributor": contributor,
            "digest": content_digest,
        }
    )


def request_statement(contributor: str, method: str, target: str, time: str, *, sandbox: bool) -> bytes:
    """The bytes that are signed for reading: `target` is the path with its query as it is sent."""
    return canonical_bytes(
        {
            "protocol": protocol("request", sandbox=sandbox),
            "contributor": contributor,
            "method": method,
            "target": target,
            "time": time,
        }
    )


def check_request_time(time: datetime, now: datetime) -> None:
    """Raise Refused for a request signed too long ago, or by a clock that is ahead."""
    if abs(now - time) > REQUEST_TIME:
        raise Refused(Reason.TIME_WRONG, field="Luochui-Time", minutes=REQUEST_TIME.seconds // 60)


def receipt_statement(receipt: Mapping[str, Any]) -> bytes:
    """The bytes of a receipt that the marketplace which took the record signs: all but the signature."""
    return canonical_bytes({name: value for name, value in receipt.items() if name != "signature"})
