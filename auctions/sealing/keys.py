"""An officer's key as files: the private half under a passphrase, the public half to hand over.

The key file is made and used on the officer's own machine only. Its private half is encrypted
(XSalsa20-Poly1305) under a key that Argon2id derives from the passphrase.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import CryptoError
from nacl.hash import sha256
from nacl.public import PrivateKey
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random

from auctions.sealing.envelopes import KEY_BYTES, decode, text_of

PRIVATE_KIND = "luochui opening key"
PUBLIC_KIND = "luochui opening key, public half"
SHORTEST_PASSPHRASE = 12
MOST_BYTES = 16 * 1024

# A file that asks for more than this is not one of ours, and would only tie up the machine.
_MOST_OPERATIONS = 20
_MOST_MEMORY = 1024**3


class BadKeyFile(Exception):
    """A key file cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a passphrase is to try out: Argon2id's operations and bytes of memory."""

    operations: int = argon2id.OPSLIMIT_MODERATE
    memory: int = argon2id.MEMLIMIT_MODERATE


def fingerprint_of(public_key: bytes) -> str:
    """SHA-256 of the public key: what people compare and what an opening names."""
    return sha256(public_key).decode("ascii")


def make_key_file(holder: str, passphrase: str, effort: Effort | None = None) -> dict[str, Any]:
    """A new key pair as the content of a key file; raises BadKeyFile for a short passphrase."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadKeyFile(f"the passphrase needs at least {SHORTEST_PASSPHRASE} characters")
    effort, private, salt = effort or Effort(), PrivateKey.generate(), random(argon2id.SALTBYTES)
    locked = SecretBox(_derive(passphrase, salt, effort)).encrypt(bytes(private))
    public = bytes(private.public_key)
    return {
        "kind": PRIVATE_KIND,
        "version": 1,
        "holder": holder,
        "public_key": text_of(public),
        "fingerprint": fingerprint_of(public),
        "passphrase": {
            "scheme": "argon2id",
            "salt": text_of(salt),
            "operations": effort.operations,
            "memory": effort.memory,
        },
        "private_key": text_of(bytes(locked)),
    }


def public_half(key_file: Mapping[str, Any]) -> dict[str, Any]:
    """What the platform and everybody may know of a key file."""
    kept = {name: key_file[name] for name in ("version", "holder", "public_key", "fingerprint")}
    return {"kind": PUBLIC_KIND, **kept}


def unlock(key_file: Mapping[str, Any], passphrase: str) -> PrivateKey:
    """The private key of a key file.

    Raises:
        BadKeyFile: it is none, asks for too much work, the passphrase is wrong, or the halves do not fit.
    """
    if key_file.get("kind") != PRIVATE_KIND or key_file.get("version") != 1:
        raise BadKeyFile("this is not the private file of an opening key")
    try:
        asked = key_file["passphrase"]
        effort = Effort(int(asked["operations"]), int(asked["memory"]))
        salt, locked = decode(asked["salt"]), decode(key_file["private_key"])
    except (KeyError, TypeError, ValueError):
        raise BadKeyFile("the key file is incomplete") from None
    if not (1 <= effort.operations <= _MOST_OPERATIONS and 8192 <= effort.memory <= _MOST_MEMORY):
        raise BadKeyFile("the key file asks for more work than any of ours")
    try:
        private = PrivateKey(SecretBox(_derive(passphrase, salt, effort)).decrypt(locked))
    except (CryptoError, ValueError, TypeError):
        raise BadKeyFile("the passphrase is wrong, or the key file was altered") from None
    if fingerprint_of(bytes(private.public_key)) != key_file.get("fingerprint"):
        raise BadKeyFile("the two halves of the key file do not fit each other")
    return private


def _derive(passphrase: str, salt: bytes, effort: Effort) -> bytes:
    return argon2id.kdf(KEY_BYTES, passphrase.encode(), salt, effort.operations, effort.memory)


def read_public_key(text: str) -> bytes:
    """The public key in what somebody pasted or uploaded: base64 alone, or the file with the public half.

    Raises:
        ValueError: it is neither, or a key with which nothing can be locked.
        PermissionError: it is the private file, which nobody may hand over.
    """
    text = text.strip()
    if text.startswith("{"):
        raw = json.loads(text)
        if raw.get("kind") == PRIVATE_KIND or "private_key" in raw:
            raise PermissionError("this is the private file")
        text = str(raw.get("public_key", ""))
    key = decode(text)
    if len(key) != KEY_BYTES or key in _WEAK:
        raise ValueError("not a public key of 32 bytes")
    return key


# Points of small order: what is locked to them can be opened by anybody (RFC 7748, section 6.1).
_WEAK = frozenset(
    bytes.fromhex(point)
    for point in (
        "00" * 32,
        "01" + "00" * 31,
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ec" + "ff" * 30 + "7f",
        "ed" + "ff" * 30 + "7f",
        "ee" + "ff" * 30 + "7f",
    )
)
