"""Signed checkpoints: the statement that the log had this root at this size, and how to check it."""

from datetime import datetime

from marketplace.canonical import canonical_bytes
from marketplace.clock import moment_text
from transactions.log.signatures import LOG_NAME, is_signed, public_key, sign

__all__ = ["LOG_NAME", "is_signed", "public_key", "sign", "statement"]


def statement(tree_size: int, root: str, at: datetime, signer: str) -> bytes:
    """The bytes that a checkpoint signs."""
    return canonical_bytes(
        {"log": LOG_NAME, "tree_size": tree_size, "root": root, "at": moment_text(at), "signer": signer}
    )
