"""The seal: the marketplace's signature over a whole record."""

from collections.abc import Mapping
from typing import Any

from marketplace.canonical import digest

_PREFIX = b"luochui auction record 1\n"


def sealed_digest(raw: Mapping[str, Any]) -> str:
    """SHA-256 over everything in the record but the seal itself."""
    return digest({name: value for name, value in raw.items() if name != "seal"})


def statement(record_digest: str) -> bytes:
    """The bytes that the seal signs."""
    return _PREFIX + record_digest.encode("ascii")
