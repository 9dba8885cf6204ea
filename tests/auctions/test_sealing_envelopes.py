"""Sealing and opening as pure functions: both institutions, hiding, binding, one length."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.public import PrivateKey, SealedBox

from auctions.sealing import envelopes
from auctions.sealing.envelopes import Custodian, Envelope, SealedBid, Unopenable, commitment_of, seal
from auctions.sealing.keys import fingerprint_of
from auctions.sealing.rules import Fault

BANK, OPERATOR = [PrivateKey.generate() for _ in range(2)], [PrivateKey.generate()]
SALT = "5a" * 32

amounts = st.text(max_size=64) | st.decimals(0, 10**12, places=2).map(str)
salts = st.binary(min_size=32, max_size=32).map(bytes.hex)


def custodian(name: str, keys: list[PrivateKey]) -> Custodian:
    return Custodian(name, {fingerprint_of(bytes(key.public_key)): bytes(key.public_key) for key in keys})


def locked(amount: str = "1234567.89", salt: str = SALT) -> Envelope:
    return seal(
        SealedBid("A1", "FOX", amount, salt), [custodian("bank", BANK), custodian("operator", OPERATOR)]
    )


def unlocked(envelope: Envelope, **holders: PrivateKey) -> dict[str, bytes]:
    """The shares that these officers can unlock, by custodian."""
    found = {}
    for name, key in holders.items():
        box = envelope.sealed["shares"][name]["boxes"][fingerprint_of(bytes(key.public_key))]
        found[name] = SealedBox(key).decrypt(envelopes.decode(box))
    return found


@settings(max_examples=60)
@given(amounts, salts, st.integers(0, 1))
def test_one_officer_of_each_institution_opens(amount: str, salt: str, officer: int) -> None:
    try:
        amount.encode()
    except UnicodeEncodeError:
        amount = amount.encode("utf-8", "replace").decode()
    envelope = locked(amount, salt)
    shares = unlocked(envelope, bank=BANK[officer], operator=OPERATOR[0])
    assert envelopes.open_envelope(envelope, "A1", "FOX", shares) == SealedBid("A1", "FOX", amount, salt)


def test_all_officers_of_one_institution_open_nothing() -> None:
    envelope = locked()
    for share in unlocked(envelope, bank=BANK[0]), unlocked(envelope, bank=BANK[1]):
        with pytest.raises(Unopenable) as refused:
            envelopes.open_envelope(envelope, "A1", "FOX", share)
        assert refused.value.fault is Fault.SHARE_MISSING
        same_twice = {"bank": share["bank"], "operator": share["bank"]}
        with pytest.raises(Unopenable) as refused:
            envelopes.open_envelope(envelope, "A1", "FOX", same_twice)
        assert refused.value.fault is Fault.CONTENT_BROKEN


def test_an_envelope_moved_to_another_bidder_or_auction_does_not_open() -> None:
    envelope = locked()
    shares = unlocked(envelope, bank=BANK[0], operator=OPERATOR[0])
    for auction, bidder in (("A1", "OWL"), ("A2", "FOX")):
        with pytest.raises(Unopenable) as refused:
            envelopes.open_envelope(envelope, auction, bidder, shares)
        assert refused.value.fault is Fault.COMMITMENT_DIFFERS


def test_altered_content_and_an_altered_commitment_are_found() -> None:
    envelope, other = locked(), locked("9.00")
    shares = unlocked(envelope, bank=BANK[0], operator=OPERATOR[0])
    exchanged = Envelope(envelope.commitment, {**envelope.sealed, "locked": other.sealed["locked"]})
    renamed = Envelope(other.commitment, envelope.sealed)
    for forged in (exchanged, renamed):
        with pytest.raises(Unopenable) as refused:
            envelopes.open_envelope(forged, "A1", "FOX", shares)
        assert refused.value.fault is Fault.CONTENT_BROKEN


@settings(max_examples=100)
@given(amounts, amounts, salts, salts)
def test_a_commitment_binds_and_hides(amount: str, other: str, salt: str, fresh: str) -> None:
    def of(text: str, grain: str) -> str:
        return commitment_of(SealedBid("A1", "FOX", text, grain))

    assert (of(amount, salt) == of(other, salt)) == (amount == other)
    assert (of(amount, salt) == of(amount, fresh)) == (salt == fresh)


def test_nothing_in_the_envelope_tells_how_long_the_amount_is() -> None:
    lengths = {len(json.dumps(locked(amount).sealed)) for amount in ("1", "1234567.89", "9" * 64, "元" * 64)}
    assert len(lengths) == 1


@pytest.mark.parametrize(
    "custodians",
    [
        [custodian("bank", BANK)],
        [custodian("bank", BANK), custodian("bank", OPERATOR)],
        [custodian("bank", BANK), custodian("operator", [])],
    ],
)
def test_one_institution_alone_is_never_enough_to_lock_to(custodians: list[Custodian]) -> None:
    with pytest.raises(ValueError, match="custodian"):
        seal(SealedBid("A1", "FOX", "1", SALT), custodians)


@pytest.mark.parametrize("salt", ["", "5a", "5A" * 32, "5a" * 33])
def test_a_salt_that_could_be_guessed_is_refused(salt: str) -> None:
    both: list[Any] = [custodian("bank", BANK), custodian("operator", OPERATOR)]
    with pytest.raises(ValueError, match="salt"):
        seal(SealedBid("A1", "FOX", "1", salt), both)
