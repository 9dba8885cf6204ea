"""Receipts: an Ed25519 signature over a journal entry's hash, which anybody can check with the public key."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from flask import current_app

from marketplace.config import Config

_PREFIX = b"luochui bid receipt 1\n"


def signing_key() -> Ed25519PrivateKey:
    """This marketplace's key, from its configuration."""
    settings: Config = current_app.extensions["settings"]
    return Ed25519PrivateKey.from_private_bytes(settings.receipt_key)


def sign(key: Ed25519PrivateKey, entry_hash: str) -> str:
    """The receipt over an entry's hash, as base64."""
    return base64.b64encode(key.sign(_PREFIX + entry_hash.encode("ascii"))).decode("ascii")


def verify(public_key_pem: str, entry_hash: str, receipt: str) -> bool:
    """Whether the holder of the key gave the receipt for this hash; needs nothing but its arguments."""
    key = load_pem_public_key(public_key_pem.encode("ascii"))
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(base64.b64decode(receipt, validate=True), _PREFIX + entry_hash.encode("utf-8"))
    except (InvalidSignature, binascii.Error):
        return False
    return True


def public_key_text(key: Ed25519PrivateKey | None = None) -> str:
    """The public key as PEM, for whoever keeps receipts."""
    public = (key or signing_key()).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
