"""An estimate in its envelope: locked with a key of the operator, bound by a public commitment. Pure.

The row tells neither who estimates nor what: the estimator's name stands inside, and outside a token that
only this marketplace can compute, so that one institution's later estimate replaces its earlier one.
"""

import base64
import hmac
import json
import uuid
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random

from marketplace.canonical import canonical_bytes, digest
from transactions.contest.rules import Range

PLATFORM = "platform"

_SCHEME = "luochui sealed estimate 1"
# Every envelope is equally long: its length tells nothing of the amounts or the note.
_PADDED_BYTES = 4096


class Unopenable(Exception):
    """The envelope was altered, or does not hold what its commitment names."""


@dataclass(frozen=True, slots=True)
class Content:
    """What an envelope holds.

    Attributes:
        estimator: the institution's id as text, or `PLATFORM`.
        salt: 64 hexadecimal digits; with them and the estimate anybody computes the commitment.
    """

    lot: str
    round: int
    estimator: str
    currency: str
    estimate: Range
    note: str
    salt: str

    @property
    def institution_id(self) -> uuid.UUID | None:
        """None for the platform's model."""
        return None if self.estimator == PLATFORM else uuid.UUID(self.estimator)


def new_salt() -> str:
    """A salt from the system's source of randomness."""
    return random(32).hex()


def sealing_key(field_key: str) -> bytes:
    """The key of all envelopes, made of the operator's key for fields (urlsafe base64)."""
    return hmac.digest(base64.urlsafe_b64decode(field_key), b"estimates under seal", "sha256")


def token(key: bytes, lot_id: uuid.UUID, number: int, estimator: str) -> str:
    """By which the estimates of one estimator for one sale are known to be of one, and not of whom."""
    return hmac.digest(key, f"{lot_id} {number} {estimator}".encode(), "sha256").hex()


def commitment_of(content: Content) -> str:
    """SHA-256 over everything in the envelope, written canonically."""
    return digest(_plain(content))


def seal(key: bytes, content: Content) -> tuple[str, bytes]:
    """The commitment, and the content locked to it."""
    commitment = commitment_of(content)
    text = canonical_bytes(_plain(content))
    if len(text) > _PADDED_BYTES:
        raise ValueError("the note is too long for an envelope")
    return commitment, bytes(Aead(key).encrypt(text.ljust(_PADDED_BYTES, b" "), aad=commitment.encode()))


def unseal(key: bytes, commitment: str, sealed: bytes) -> Content:
    """What was sealed.

    Raises:
        Unopenable: when the envelope was altered or its content is not what the commitment names.
    """
    try:
        found = json.loads(Aead(key).decrypt(sealed, aad=commitment.encode()))
        estimate = Range(found["value"], found["low"], found["high"])
        content = Content(
            found["lot"],
            found["round"],
            found["estimator"],
            found["currency"],
            estimate,
            found["note"],
            found["salt"],
        )
    except (CryptoError, ValueError, KeyError, TypeError) as fault:
        raise Unopenable(str(fault)) from None
    if commitment_of(content) != commitment:
        raise Unopenable("not what was committed to")
    return content


def _plain(content: Content) -> dict[str, str | int]:
    return {
        "scheme": _SCHEME,
        "lot": content.lot,
        "round": content.round,
        "estimator": content.estimator,
        "currency": content.currency,
        "value": content.estimate.value,
        "low": content.estimate.low,
        "high": content.estimate.high,
        "note": content.note,
        "salt": content.salt,
    }
