"""Signed checkpoints: the statement that the log had this root at this size, and how to check it."""

import base64
import binascii
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from marketplace.canonical import canonical_bytes
from marketplace.clock import moment_text

LOG_NAME = "luochui/transactions/1"


def statement(tree_size: int, root: str, at: datetime, signer: str) -> bytes:
    """The bytes that a checkpoint signs."""
    return canonical_bytes(
        {"log": LOG_NAME, "tree_size": tree_size, "root": root, "at": moment_text(at), "signer": signer}
    )


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
        verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        verifier.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
