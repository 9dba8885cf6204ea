"""Records of played auctions, for the tests of the verifier."""

import copy
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auctions import receipts
from auctions.record.form import parse
from auctions.record.seal import sealed_digest, statement
from auctions.record.verify import verify
from marketplace.canonical import canonical_bytes, digest


def failed(content: bytes | dict[str, Any], trusted: tuple[str, ...] = ()) -> set[str]:
    """The names of the checks that fail."""
    written = content if isinstance(content, bytes) else canonical_bytes(content)
    answer = verify(parse(written), trusted)
    assert answer["ok"] is all(check["ok"] for check in answer["checks"])
    return {check["name"] for check in answer["checks"] if not check["ok"]}


def values(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)
    return found


@cache
def forgers_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)


def resealed(raw: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """The record with every hash made to fit, and everything signed anew with `key`."""
    forged = copy.deepcopy(raw)
    pem = receipts.public_key_text(key)
    forged["keys"] = [{"fingerprint": receipts.fingerprint(pem), "public_key": pem}]
    previous = ""
    for entry in forged["entries"]:
        entry["previous_hash"] = previous
        said = {name: value for name, value in entry.items() if name not in {"hash", "receipt"}}
        previous = entry["hash"] = digest({"auction": forged["auction"], **said})
        entry["receipt"] = receipts.sign(key, entry["hash"])
    forged["last_hash"] = previous
    return sealed_again(forged, key)


def sealed_again(raw: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """The record sealed anew with `key`, and nothing else changed."""
    forged = {name: value for name, value in raw.items() if name != "seal"}
    fingerprint = receipts.fingerprint(receipts.public_key_text(key))
    signature = receipts.sign_statement(key, statement(sealed_digest(forged)))
    return {**forged, "seal": {"key": fingerprint, "signature": signature}}
