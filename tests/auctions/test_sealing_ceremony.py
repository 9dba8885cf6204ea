"""Key files and the officers' documents: what is right opens, whatever was altered is named."""

import json
from typing import Any

import pytest
from nacl.public import PrivateKey
from nacl.pwhash import argon2id

from auctions.sealing import ceremony, keys
from auctions.sealing.ceremony import BadDocument
from auctions.sealing.envelopes import Custodian, SealedBid, is_share, seal
from auctions.sealing.keys import BadKeyFile, Effort, fingerprint_of

LEAST = Effort(argon2id.OPSLIMIT_MIN, argon2id.MEMLIMIT_MIN)
PASSPHRASE = "a passphrase of seven short words"
MINE, COLLEAGUE, OTHER = (PrivateKey.generate() for _ in range(3))


def public(key: PrivateKey) -> bytes:
    return bytes(key.public_key)


def opening(keys_of_bank: list[PrivateKey], count: int = 2) -> dict[str, Any]:
    """An opening file for the bank over `count` bids, with a challenge for each of its keys."""
    both = [
        Custodian("bank", {fingerprint_of(public(key)): public(key) for key in keys_of_bank}),
        Custodian("operator", {fingerprint_of(public(OTHER)): public(OTHER)}),
    ]
    bids = []
    for sequence in range(1, count + 1):
        envelope = seal(SealedBid("A1", "FOX", f"{sequence}.00", f"{sequence:064x}"), both)
        share = envelope.sealed["shares"]["bank"]
        bids.append({"sequence": sequence, "commitment": envelope.commitment, **share})
    prints = {fingerprint_of(public(key)): key for key in keys_of_bank}
    return {
        "kind": ceremony.OPENING_KIND,
        "version": 1,
        "auction": "A1",
        "custodian": "bank",
        "closing_hash": "c0" * 32,
        "bids": bids,
        "challenges": {
            name: ceremony.lock_challenge(
                ceremony.challenge_for("secret", "A1", "c0" * 32, name), public(key)
            )
            for name, key in prints.items()
        },
    }


def test_an_officer_unlocks_the_shares_of_the_institution_and_proves_the_key() -> None:
    file = opening([MINE, COLLEAGUE])
    given = ceremony.read_contribution(json.loads(json.dumps(ceremony.contribute(file, MINE))))
    assert (given.auction, given.custodian, given.unopenable) == ("A1", "bank", ())
    assert given.fingerprint == fingerprint_of(public(MINE))
    assert given.challenge == ceremony.challenge_for("secret", "A1", "c0" * 32, given.fingerprint)
    for bid in file["bids"]:
        sealed = {"shares": {"bank": bid}}
        assert is_share(bid["commitment"], sealed, "bank", given.shares[bid["sequence"]])


def test_a_share_that_was_exchanged_is_named() -> None:
    file = opening([MINE])
    file["bids"][0]["boxes"] = file["bids"][1]["boxes"]
    file["bids"][1]["boxes"] = {fingerprint_of(public(MINE)): "AAAA"}
    given = ceremony.contribute(file, MINE)
    assert (given["shares"], given["unopenable"]) == ({}, [1, 2])


def test_a_bid_that_was_locked_before_the_key_was_made_is_passed_over() -> None:
    file, newer = opening([COLLEAGUE]), opening([MINE])
    file["challenges"] |= newer["challenges"]
    file["bids"][1]["boxes"] |= newer["bids"][1]["boxes"]
    file["bids"][1]["digest"] = newer["bids"][1]["digest"]
    file["bids"][1]["commitment"] = newer["bids"][1]["commitment"]
    given = ceremony.contribute(file, MINE)
    assert (list(given["shares"]), given["unopenable"]) == (["2"], [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "something else"}, "not an opening file"),
        ({"version": 2}, "not an opening file"),
        ({"challenges": {}}, "locked to this key"),
        ({"challenges": {fingerprint_of(public(MINE)): "AAAA"}}, "altered"),
        ({"bids": "none"}, "altered"),
        ({"bids": [{}]}, "lacks boxes"),
    ],
)
def test_an_opening_file_that_cannot_be_used_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadDocument, match=message):
        ceremony.contribute(opening([MINE]) | change, MINE)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "x"},
        {"version": None},
        {"shares": {"1": "AAAA"}},
        {"shares": {"one": ""}},
        {"shares": []},
        {"unopenable": ["x"]},
        {"auction": 3},
        {"challenge": "x" * 201},
    ],
)
def test_a_contribution_that_cannot_be_read_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadDocument):
        ceremony.read_contribution(ceremony.contribute(opening([MINE]), MINE) | change)


def test_a_contribution_must_be_an_object() -> None:
    with pytest.raises(BadDocument):
        ceremony.read_contribution(["kind"])


def test_a_key_file_opens_with_its_passphrase_only() -> None:
    file = json.loads(json.dumps(keys.make_key_file("Alice", PASSPHRASE, LEAST)))
    assert fingerprint_of(public(keys.unlock(file, PASSPHRASE))) == file["fingerprint"]
    with pytest.raises(BadKeyFile, match="passphrase is wrong"):
        keys.unlock(file, PASSPHRASE + " ")


def test_the_public_half_holds_nothing_private() -> None:
    file = keys.make_key_file("Alice", PASSPHRASE, LEAST)
    half = keys.public_half(file)
    assert set(half) == {"kind", "version", "holder", "public_key", "fingerprint"}
    assert keys.read_public_key(json.dumps(half)) == keys.read_public_key(half["public_key"])
    with pytest.raises(PermissionError):
        keys.read_public_key(json.dumps(file))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": keys.PUBLIC_KIND}, "not the private file"),
        ({"private_key": "AAAA"}, "wrong, or"),
        ({"private_key": "?"}, "incomplete"),
        ({"passphrase": {}}, "incomplete"),
        ({"passphrase": {"salt": "AAAA", "operations": 99, "memory": 8192}}, "more work"),
        ({"passphrase": {"salt": "AAAA", "operations": 1, "memory": 2**40}}, "more work"),
        ({"fingerprint": "00"}, "do not fit"),
    ],
)
def test_a_key_file_that_cannot_be_used_is_refused(change: dict[str, Any], message: str) -> None:
    file = keys.make_key_file("Alice", PASSPHRASE, LEAST)
    with pytest.raises(BadKeyFile, match=message):
        keys.unlock(file | change, PASSPHRASE)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(BadKeyFile, match="at least 12"):
        keys.make_key_file("Alice", "eleven char", LEAST)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "AAAA", "{", "é" * 44, "A" * 43 + "=", "AQ" + "A" * 41 + "="]
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        keys.read_public_key(text)
