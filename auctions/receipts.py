"""Receipts: an Ed25519 signature over a journal entry's hash, which anybody can check with the public key."""

import base64
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from flask import current_app

from marketplace.canonical import read_base64
from marketplace.config import Config

_PREFIX = b"luochui bid receipt 1\n"


def signing_key() -> Ed25519PrivateKey:
    """This marketplace's key, from its configuration."""
    settings: Config = current_app.extensions["settings"]
    return _key_of(settings.receipt_key)


@lru_cache(maxsize=4)
def _key_of(seed: bytes) -> Ed25519PrivateKey:
    """Reading the key takes longer than signing with it, and every bid is signed."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def sign(key: Ed25519PrivateKey, entry_hash: str) -> str:
    """The receipt over an entry's hash, as base64."""
    return sign_statement(key, statement(entry_hash))


def sign_statement(key: Ed25519PrivateKey, message: bytes) -> str:
    """A signature over the message, as base64."""
    return base64.b64encode(key.sign(message)).decode("ascii")


def statement(entry_hash: str) -> bytes:
    """The bytes that a receipt signs."""
    return _PREFIX + entry_hash.encode("utf-8")


def read_public_key(public_key_pem: str) -> Ed25519PublicKey | None:
    """The key in the PEM text; None for what is no Ed25519 public key."""
    try:
        key = load_pem_public_key(public_key_pem.encode("utf-8"))
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def fingerprint(public_key_pem: str) -> str | None:
    """SHA-256 of the key's DER form, as 64 hexadecimal digits; None for what is no key."""
    key = read_public_key(public_key_pem)
    if key is None:
        return None
    form = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(form).hexdigest()


def verify(public_key_pem: str, entry_hash: str, receipt: str) -> bool:
    """Whether the holder of the key gave the receipt for this hash; needs nothing but its arguments."""
    key = load_pem_public_key(public_key_pem.encode("ascii"))
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(read_base64(receipt), statement(entry_hash))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key_text(key: Ed25519PrivateKey | None = None) -> str:
    """The public key as PEM, for whoever keeps receipts."""
    public = (key or signing_key()).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
