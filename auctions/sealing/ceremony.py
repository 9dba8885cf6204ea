"""The opening as documents: what an officer takes from the platform, and what goes back.

An *opening file* lists one institution's shares, each locked to its officers' keys. On the officer's own
machine `contribute` unlocks them and makes a *contribution*: the bare shares of this institution, which open
nothing without those of the other one. The private key stays where it is. A challenge locked to the
officer's key comes back in the contribution: whoever sends it holds that key, for this auction's journal.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from auctions.sealing.envelopes import KEY_BYTES, decode, share_digest, text_of
from auctions.sealing.keys import fingerprint_of

OPENING_KIND = "luochui opening file"
CONTRIBUTION_KIND = "luochui opening contribution"
MOST_BYTES = 10 * 1024 * 1024


class BadDocument(Exception):
    """An opening file or a contribution cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One officer's shares, read but not yet checked against the journal.

    Attributes:
        closing_hash: of the last journal entry at the close: what the officer saw.
        shares: by the sequence of the entry.
        unopenable: entries whose share would not open with this key though it is locked to it.
    """

    auction: str
    custodian: str
    fingerprint: str
    closing_hash: str
    challenge: str
    shares: dict[int, bytes]
    unopenable: tuple[int, ...]


def challenge_for(secret: str, auction: str, closing_hash: str, fingerprint: str) -> str:
    """What the holder of a key must give back: not to be known without unlocking it."""
    said = f"luochui opening challenge 1\n{auction}\n{closing_hash}\n{fingerprint}"
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def lock_challenge(challenge: str, public_key: bytes) -> str:
    """The challenge as it stands in an opening file."""
    return text_of(SealedBox(PublicKey(public_key)).encrypt(challenge.encode("ascii")))


def contribute(opening: Mapping[str, Any], private_key: PrivateKey) -> dict[str, Any]:
    """An officer's contribution from an opening file, as JSON values.

    A share locked to this key that does not open, or is not the one whose digest the journal holds, is
    named as unopenable. A bid locked to other keys only (made before this one) is passed over.

    Raises:
        BadDocument: it is no opening file, or nothing in it is locked to this key.
    """
    if opening.get("kind") != OPENING_KIND or opening.get("version") != 1:
        raise BadDocument("this is not an opening file of this version")
    fingerprint, box = fingerprint_of(bytes(private_key.public_key)), SealedBox(private_key)
    try:
        challenge = box.decrypt(decode(opening["challenges"][fingerprint])).decode("ascii")
        shares, unopenable = _unlock(opening, fingerprint, box)
        said = {name: str(opening[name]) for name in ("auction", "custodian", "closing_hash")}
    except KeyError as missing:
        if missing.args[0] == fingerprint:
            raise BadDocument("nothing in the opening file is locked to this key") from None
        raise BadDocument(f"the opening file lacks {missing.args[0]}") from None
    except (CryptoError, ValueError, TypeError, AttributeError):
        raise BadDocument("the opening file was altered") from None
    return {
        "kind": CONTRIBUTION_KIND,
        "version": 1,
        **said,
        "fingerprint": fingerprint,
        "challenge": challenge,
        "shares": shares,
        "unopenable": unopenable,
    }


def _unlock(opening: Mapping[str, Any], fingerprint: str, box: Any) -> tuple[dict[str, str], list[int]]:
    shares: dict[str, str] = {}
    unopenable: list[int] = []
    for bid in opening["bids"]:
        locked = bid["boxes"].get(fingerprint)
        if locked is None:
            continue
        share = _unlock_share(locked, box)
        right = share and share_digest(bid["commitment"], opening["custodian"], share) == bid["digest"]
        if share is not None and right:
            shares[str(bid["sequence"])] = text_of(share)
        else:
            unopenable.append(int(bid["sequence"]))
    return shares, unopenable


def _unlock_share(locked: str, box: Any) -> bytes | None:
    try:
        return bytes(box.decrypt(decode(locked)))
    except (CryptoError, ValueError):
        return None


def read_contribution(raw: Any) -> Contribution:
    """Read a contribution that somebody handed in; raises BadDocument."""
    if not isinstance(raw, dict) or raw.get("kind") != CONTRIBUTION_KIND or raw.get("version") != 1:
        raise BadDocument("this is not a contribution to an opening")
    try:
        texts = {
            name: _text_of(raw[name])
            for name in ("auction", "custodian", "fingerprint", "closing_hash", "challenge")
        }
        shares = {int(sequence): _share(share) for sequence, share in raw["shares"].items()}
        unopenable = tuple(int(sequence) for sequence in raw["unopenable"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadDocument("the contribution is incomplete or was altered") from None
    return Contribution(**texts, shares=shares, unopenable=unopenable)


def _text_of(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 200:
        raise ValueError("not a short text")
    return value


def _share(text: str) -> bytes:
    share = decode(text)
    if len(share) != KEY_BYTES:
        raise ValueError("not a share")
    return share
