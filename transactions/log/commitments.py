"""What a leaf seals: for each field of a record a commitment, so that any one of them can be shown alone.

Pure. A leaf holds no value, only SHA-256(field salt ‖ canonical value) for each field; a field's salt is
HMAC-SHA-256(record salt, field name). Whoever may see a field gets its value and its salt and computes the
commitment again; nobody who has the leaf can try values out, for a salt has 128 unknown bits behind it.
"""

import hashlib
import hmac
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from json.encoder import encode_basestring
from typing import Any

from marketplace.canonical import canonical_bytes
from transactions.rules.facts import FACT_NAMES, SaleFacts

# What a record of version 0 sealed, in clear: the fields that stand before the version.
FIRST_NAMES = FACT_NAMES[: FACT_NAMES.index("record_version")]


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of a record as it is shown to somebody: its canonical value and what proves it.

    Attributes:
        value: as JSON has it: text, number, true or false, list or nothing.
        salt: of the field, hexadecimal.
    """

    value: Any
    salt: str


def leaf_data(record_id: uuid.UUID, recorded_at: str, salt: str, facts: SaleFacts) -> bytes:
    """The bytes a record's leaf is hashed from; the moment is in the spelling of `clock.moment_text`.

    A record of version 0, from before there were commitments, seals its facts in clear with the salt beside.

    Raises:
        ValueError: when the salt is not hexadecimal.
    """
    if not facts.record_version:
        sealed = {name: plain(getattr(facts, name)) for name in FIRST_NAMES}
        return canonical_bytes(sealed | {"id": str(record_id), "recorded_at": recorded_at, "salt": salt})
    key = bytes.fromhex(salt)
    commitments = {
        name: _commitment(_field_salt(key, encoded), getattr(facts, name)) for name, encoded in _ENCODED
    }
    return canonical_bytes(
        {
            "id": str(record_id),
            "recorded_at": recorded_at,
            "record_version": facts.record_version,
            "commitments": commitments,
        }
    )


_ENCODED = tuple((name, name.encode()) for name in FACT_NAMES)


def field_salt(record_salt: str, name: str) -> str:
    """The salt of one field, hexadecimal: of it no other field's can be computed."""
    return _field_salt(bytes.fromhex(record_salt), name.encode()).hex()


def _field_salt(key: bytes, name: bytes) -> bytes:
    return hmac.digest(key, name, "sha256")


def commitment(salt: str, value: Any) -> str:
    """SHA-256 over the field's salt and the value's canonical bytes, 64 hexadecimal digits.

    Raises:
        ValueError: when the salt is not hexadecimal.
        TypeError: for a value that has no canonical spelling.
    """
    return _commitment(bytes.fromhex(salt), value)


def _commitment(salt: bytes, value: Any) -> str:
    return hashlib.sha256(salt + _spelled(value)).hexdigest()


def _spelled(value: Any) -> bytes:
    """`canonical_bytes` of the plain value, quicker for what most fields are."""
    if value is None:
        return b"null"
    if type(value) is bool:
        return b"true" if value else b"false"
    if type(value) is int:
        return b"%d" % value
    if isinstance(value, str):
        return encode_basestring(value).encode()
    return canonical_bytes(plain(value))


def plain(value: Any) -> Any:
    """A fact as JSON has it: a date in ISO 8601, an identity as text, a tuple as a list."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def shown(facts: SaleFacts, salt: str, names: Collection[str]) -> dict[str, Shown]:
    """What somebody gets who may see these fields exactly; nothing of a record of version 0."""
    if not facts.record_version:
        return {}
    return {
        name: Shown(plain(getattr(facts, name)), field_salt(salt, name))
        for name in FACT_NAMES
        if name in names
    }


def is_committed(commitments: Mapping[str, Any], name: str, field: Shown) -> bool:
    """Whether a shown field is what a leaf's commitments seal; False too for what is no salt or no value."""
    try:
        expected = commitment(field.salt, field.value)
    except (ValueError, TypeError):
        return False
    return commitments.get(name) == expected
