"""Ed25519 in base64: signing, and whether a signature fits. Pure."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from marketplace.canonical import read_base64

LOG_NAME = "luochui/transactions/1"


def sign(seed: bytes, message: bytes) -> str:
    """An Ed25519 signature in base64; the seed is 32 bytes."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).sign(message)).decode()


def public_key(seed: bytes) -> str:
    """The key to check it with, in base64."""
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def is_signed(key: str, signature: str, message: bytes) -> bool:
    """Whether the signature over the message is of this key; False too for what is no key or signature."""
    try:
        Ed25519PublicKey.from_public_bytes(read_base64(key)).verify(read_base64(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True
