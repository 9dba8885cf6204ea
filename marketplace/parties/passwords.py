"""Passwords: which are accepted, and how they are kept. The only user of Argon2 here.

Length and refusal of common words instead of rules about signs: NIST SP 800-63B-4, section 3.1.1.2. A second
factor is asked of everybody, so that twelve characters are above the eight which that section asks.
"""

import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from marketplace.errors import MarketplaceError, Refused
from marketplace.parties.rules import Reason

LEAST_LENGTH = 12
GREATEST_LENGTH = 128

# One hash takes 64 MiB: a flood of sign-ins must queue rather than exhaust the memory.
CONCURRENT_HASHES = 2
_QUEUE_SECONDS = 10.0

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_places = BoundedSemaphore(CONCURRENT_HASHES)

# No 0, 1, i, l, o: a one-time password is read from a sheet of paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class TooBusy(MarketplaceError):
    """More people sign in at this moment than the memory allows (503)."""

    status = 503


def check_password(password: str, personal: tuple[str, ...] = ()) -> None:
    """Raise Refused for a password that is too short, too long, common, or made of personal words.

    Args:
        password: as typed.
        personal: the person's e-mail address and names.
    """
    text = _normal(password)
    if len(text) < LEAST_LENGTH:
        raise Refused(Reason.PASSWORD_SHORT, field="password", least=LEAST_LENGTH)
    if len(text) > GREATEST_LENGTH:
        raise Refused(Reason.PASSWORD_LONG, field="password", most=GREATEST_LENGTH)
    folded = text.casefold()
    if _is_common(folded):
        raise Refused(Reason.PASSWORD_COMMON, field="password")
    if any(len(part) >= 5 and part in folded for part in _parts(personal)):
        raise Refused(Reason.PASSWORD_PERSONAL, field="password")


def hash_password(password: str) -> str:
    """The Argon2id hash to store; takes about a tenth of a second, so call it outside `atomic()`."""
    with _place():
        return _hasher.hash(_normal(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. With None, for an unknown person, the same work is done in vain."""
    text = _normal(password)[: GREATEST_LENGTH + 1]
    with _place():
        try:
            right = _hasher.verify(password_hash or _dummy_hash(), text)
        except (VerificationError, InvalidHashError):
            return False
    return right and password_hash is not None and len(text) <= GREATEST_LENGTH


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def one_time_password() -> str:
    """Twenty readable characters in groups of five, about 99 bits."""
    letters = [secrets.choice(_READABLE) for _ in range(20)]
    return "-".join("".join(letters[start : start + 5]) for start in range(0, 20, 5))


@cache
def _dummy_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(32))


def _normal(password: str) -> str:
    """NFKC, so that a password typed with a Chinese input method in full width is the same (RFC 8265)."""
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=_QUEUE_SECONDS):
        raise TooBusy("password hashing")
    try:
        yield
    finally:
        _places.release()


def _parts(personal: tuple[str, ...]) -> Iterator[str]:
    for text in personal:
        whole = _normal(text).casefold().partition("@")[0]
        yield from {whole, whole.replace(" ", ""), *whole.replace(".", " ").split()}


def _is_common(folded: str) -> bool:
    """A listed word, also with figures and signs around it, repeated, or one run of neighbours."""
    core = "".join(character for character in folded if not character.isspace())
    stripped = core.strip("0123456789!@#$%^&*()-_=+.,?/")
    words = _common_words()
    return (
        len(set(core)) < 5
        or core in words
        or stripped in words
        or stripped == ""
        or _unit(core) in words
        or _is_run(core)
    )


def _unit(text: str) -> str:
    """The part of which the text is a repetition; the text itself if of none."""
    size = (text + text).index(text, 1)
    return text[:size]


def _is_run(text: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    return steps in ({1}, {-1}, {0})


@cache
def _common_words() -> frozenset[str]:
    lines = resources.files(__package__).joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(lines.split())
