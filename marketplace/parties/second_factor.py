"""The second factor: time-based one-time passwords (RFC 6238), each accepted once."""

import base64
import hashlib
import hmac
import unicodedata
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet

from marketplace.errors import Refused
from marketplace.parties.rules import Reason

STEP_SECONDS = 30
CODE_DIGITS = 6
_DASHES = dict.fromkeys(map(ord, "-‐‑‒–—"))


def canonical_code(text: str) -> str:
    """The six ASCII digits of a code as people type it: with spaces, dashes or full-width digits.

    Raises:
        Refused: anything else; digits of other scripts are not taken.
    """
    digits = "".join(unicodedata.normalize("NFKC", text[:40]).translate(_DASHES).split())
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Refused(Reason.CODE_WRONG, field="code")
    return digits


def step_of(moment: datetime) -> int:
    """The number of the 30-second step the moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: str, moment: datetime) -> str:
    """The code an authenticator shows at the moment."""
    return pyotp.TOTP(secret, digits=CODE_DIGITS, interval=STEP_SECONDS).at(moment)


def accepted_step(secret: str, text: str, last_step: int, now: datetime) -> int:
    """The step whose code was typed: the present one only, and only once.

    The caller stores the step with a guarded update (`second_factor_step < step`), so that of two requests
    with the same code one is refused.

    Args:
        secret: base32 seed.
        text: what was typed.
        last_step: the last step accepted from this person.
        now: aware time.

    Raises:
        Refused: wrong, used, early or late code, without saying which.
    """
    code, step = canonical_code(text), step_of(now)
    if not hmac.compare_digest(code_at(secret, now), code) or step <= last_step:
        raise Refused(Reason.CODE_WRONG, field="code")
    return step


def proposed_secret(field_key: str, token_hash: str) -> str:
    """The seed offered to one sign-in: always the same for it, so that showing the page stores nothing."""
    key = base64.urlsafe_b64decode(field_key)
    return base64.b32encode(hmac.digest(key, b"second factor of " + token_hash.encode(), hashlib.sha256))[
        :32
    ].decode()


def encrypt(field_key: str, secret: str) -> str:
    return Fernet(field_key).encrypt(secret.encode()).decode()


def decrypt(field_key: str, encrypted: str) -> str:
    return Fernet(field_key).decrypt(encrypted.encode()).decode()


def address(secret: str, email: str, issuer: str) -> str:
    """The otpauth:// address that authenticator programs read."""
    return pyotp.TOTP(secret, digits=CODE_DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=email, issuer_name=issuer
    )


def picture(otpauth: str) -> str:
    """A QR code as an SVG data URI for an `img`; the policy of the pages allows images from `data:`."""
    return segno.make(otpauth, error="m", micro=False).svg_data_uri(
        scale=5, border=4, dark="#000", light="#fff"
    )


def grouped(secret: str) -> str:
    """The seed in groups of four, to be typed by hand."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
