"""Time stamps (RFC 3161) of an authority outside over checkpoints: that the log was no younger than it says.

A token is asked for the note of a checkpoint and covers, through it, every record below.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import rfc3161_client
from cryptography import x509

from transactions.log.models import CheckpointStamp
from transactions.log.notes import note_text
from transactions.models import Checkpoint

TOKEN_BYTES_LIMIT = 64 * 1024


class BadStamp(Exception):
    """The authority's answer is no time stamp over what was asked; the message says why."""


def request_for(text: bytes) -> rfc3161_client.TimeStampRequest:
    """A request with a nonce, for the authority's certificates too."""
    builder = rfc3161_client.TimestampRequestBuilder(
        text, rfc3161_client.HashAlgorithm.SHA256, nonce=True, cert_req=True
    )
    return builder.build()


def checked(
    token: bytes, text: bytes, roots: Sequence[x509.Certificate], nonce: int | None = None
) -> datetime:
    """The moment that a response states over `text`, aware UTC.

    Args:
        token: the whole response, DER.
        text: what it should stamp.
        roots: the authorities that are trusted; the signature is checked against them.
        nonce: of the request, where the answer to one is checked.

    Raises:
        BadStamp: when it is malformed, refuses, stamps something else or is not signed under a root.
    """
    try:
        response = rfc3161_client.decode_timestamp_response(token)
        verifier = rfc3161_client.VerifierBuilder(roots=list(roots), nonce=nonce).build()
        verifier.verify_message(response, text)
        return response.tst_info.gen_time.astimezone(UTC)
    except (rfc3161_client.VerificationError, ValueError) as fault:
        raise BadStamp(str(fault)) from None


def stamped_digest(token: bytes) -> tuple[bytes, datetime]:
    """What a response says it stamps and when, without checking who signed.

    Raises:
        BadStamp: when it is no time stamp.
    """
    try:
        information = rfc3161_client.decode_timestamp_response(token).tst_info
        return information.message_imprint.message, information.gen_time.astimezone(UTC)
    except ValueError as fault:
        raise BadStamp(str(fault)) from None


def fault_of(stamp: CheckpointStamp, point: Checkpoint, roots: Sequence[x509.Certificate]) -> str:
    """What is wrong with a kept stamp, as the end of a sentence; empty when nothing is.

    Without roots only what it stamps and when is compared; who signed it is left open.
    """
    try:
        text = note_text(point.tree_size, point.root)
        if roots:
            moment = checked(stamp.token, text, roots)
        else:
            digest, moment = stamped_digest(stamp.token)
            if digest != hashlib.sha256(text).digest():
                return "stamps something else"
    except (BadStamp, ValueError):
        return "does not fit"
    return "" if moment == stamp.stamped_at else "states another moment"


def read_roots(file: Path) -> list[x509.Certificate]:
    """The certificates of a PEM file.

    Raises:
        ValueError: when it holds none.
        OSError: when it cannot be read.
    """
    return x509.load_pem_x509_certificates(file.read_bytes())
