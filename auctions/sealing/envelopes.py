"""A bid in its envelope: what is locked to whom, and the public commitment that binds what is inside.

The amount is encrypted under a key made for this one bid (XChaCha20-Poly1305). That key is the sum (xor) of
one share per custodian, and each share is locked to every key of that custodian's officers (X25519 sealed
boxes of libsodium): one officer of each institution can open, all officers of one institution cannot, and
an officer's lost key loses no bid. The commitment is a salted hash, so it hides the amount and binds it.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PublicKey, SealedBox
from nacl.secret import Aead
from nacl.utils import random

from auctions.sealing.rules import Fault
from marketplace.canonical import canonical_bytes, digest

VERSION = 1
KEY_BYTES = 32
# Every envelope is equally long: otherwise its length would tell how many digits the amount has.
PADDED_BYTES = 512
SALT = re.compile(r"[0-9a-f]{64}")

_BID_SCHEME = "luochui sealed bid 1"
_SHARE_SCHEME = "luochui opening share 1"


class Unopenable(Exception):
    """An envelope does not give back the bid that its commitment names.

    Attributes:
        fault: which of the steps failed.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class SealedBid:
    """What an envelope holds: enough to compute its commitment.

    Attributes:
        amount: the text as it arrived.
        salt: 64 hexadecimal digits that nobody can guess; without them the commitment could be tried out.
    """

    auction: str
    bidder: str
    amount: str
    salt: str


@dataclass(frozen=True, slots=True)
class Custodian:
    """An institution without which nothing opens; `keys` are its officers' public keys by fingerprint."""

    id: str
    keys: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A locked bid. `sealed` holds JSON values only; its digest stands in the journal's hash chain."""

    commitment: str
    sealed: dict[str, Any]


def new_salt() -> str:
    """A salt from the system's source of randomness."""
    return random(KEY_BYTES).hex()


def commitment_of(bid: SealedBid) -> str:
    """SHA-256 over auction, bidder, amount and salt, written canonically: what is public."""
    return digest(
        {
            "scheme": _BID_SCHEME,
            "auction": bid.auction,
            "bidder": bid.bidder,
            "amount": bid.amount,
            "salt": bid.salt,
        }
    )


def share_digest(commitment: str, custodian_id: str, share: bytes) -> str:
    """By what a share is known to be right once it is shown; a share is random, so its digest hides it."""
    return digest(
        {
            "scheme": _SHARE_SCHEME,
            "commitment": commitment,
            "custodian": custodian_id,
            "share": share.hex(),
        }
    )


def seal(bid: SealedBid, custodians: Sequence[Custodian]) -> Envelope:
    """Lock a bid to its custodians.

    Raises:
        ValueError: fewer than two custodians, one of them twice or without a key, or a malformed salt.
    """
    _check(bid, custodians)
    key, commitment = random(KEY_BYTES), commitment_of(bid)
    shares = [random(KEY_BYTES) for _ in custodians[1:]]
    shares.append(_sum([key, *shares]))
    content = canonical_bytes({"amount": bid.amount, "salt": bid.salt}).ljust(PADDED_BYTES, b" ")
    locked = Aead(key).encrypt(content, aad=_bound(commitment))
    sealed: dict[str, Any] = {
        "version": VERSION,
        "locked": text_of(bytes(locked)),
        "shares": {
            custodian.id: _lock_share(commitment, custodian, share)
            for custodian, share in zip(custodians, shares, strict=True)
        },
    }
    return Envelope(commitment, sealed)


def _check(bid: SealedBid, custodians: Sequence[Custodian]) -> None:
    if len({custodian.id for custodian in custodians}) != len(custodians) or len(custodians) < 2:
        raise ValueError("a bid is locked to at least two different custodians")
    if not all(custodian.keys for custodian in custodians):
        raise ValueError("a custodian without a key could never open")
    if SALT.fullmatch(bid.salt) is None:
        raise ValueError("a salt has 64 hexadecimal digits")


def _lock_share(commitment: str, custodian: Custodian, share: bytes) -> dict[str, Any]:
    return {
        "digest": share_digest(commitment, custodian.id, share),
        "boxes": {
            fingerprint: text_of(SealedBox(PublicKey(key)).encrypt(share))
            for fingerprint, key in sorted(custodian.keys.items())
        },
    }


def is_share(commitment: str, sealed: Mapping[str, Any], custodian_id: str, share: bytes) -> bool:
    """Whether this is the share that was locked to the custodian."""
    locked = sealed["shares"].get(custodian_id)
    return locked is not None and locked["digest"] == share_digest(commitment, custodian_id, share)


def open_envelope(envelope: Envelope, auction: str, bidder: str, shares: Mapping[str, bytes]) -> SealedBid:
    """Give back the bid, with its commitment checked.

    Args:
        envelope: what stands in the journal.
        auction: whose bid it is by the journal, together with `bidder`.
        bidder: the alias; an envelope moved to another bidder or auction fails.
        shares: one per custodian, by the custodian's id.

    Raises:
        Unopenable: a share lacks or is not the one, the content was altered, or the commitment differs.
    """
    custodians = envelope.sealed["shares"]
    if any(custodian_id not in shares for custodian_id in custodians):
        raise Unopenable(Fault.SHARE_MISSING)
    try:
        key = _sum([shares[custodian_id] for custodian_id in custodians])
        content = Aead(key).decrypt(decode(envelope.sealed["locked"]), aad=_bound(envelope.commitment))
        inside = json.loads(content)
        bid = SealedBid(auction, bidder, str(inside["amount"]), str(inside["salt"]))
    except (CryptoError, ValueError, KeyError, TypeError):
        raise Unopenable(Fault.CONTENT_BROKEN) from None
    if commitment_of(bid) != envelope.commitment:
        raise Unopenable(Fault.COMMITMENT_DIFFERS)
    return bid


def _bound(commitment: str) -> bytes:
    """The content is authentic only together with its commitment."""
    return f"{_BID_SCHEME} {commitment}".encode("ascii")


def _sum(parts: Iterable[bytes]) -> bytes:
    return reduce(lambda left, right: bytes(a ^ b for a, b in zip(left, right, strict=True)), parts)


def text_of(content: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(content).decode("ascii")


def decode(text: str) -> bytes:
    """Bytes from base64; raises ValueError for anything else."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, UnicodeError):
        raise ValueError("not base64") from None
