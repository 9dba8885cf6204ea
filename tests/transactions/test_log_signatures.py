"""A signature has one key, one message and one spelling."""

import base64

from transactions.log import signatures

SEED = bytes(range(32))


def test_a_signature_fits_its_key_and_message_alone() -> None:
    key, signature = signatures.public_key(SEED), signatures.sign(SEED, b"tree")
    assert signatures.is_signed(key, signature, b"tree")
    assert not signatures.is_signed(key, signature, b"three")
    assert not signatures.is_signed(signatures.public_key(SEED[::-1]), signature, b"tree")
    assert not signatures.is_signed("no key", signature, b"tree")


def test_another_spelling_of_the_same_signature_is_refused() -> None:
    key, signature = signatures.public_key(SEED), signatures.sign(SEED, b"tree")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spelled = f"{signature[:-3]}{letters[letters.index(signature[-3]) + 1]}=="
    assert base64.b64decode(spelled) == base64.b64decode(signature)
    assert not signatures.is_signed(key, spelled, b"tree")
