"""Checkpoints as signed notes: what we write is what tools of other logs read."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transactions.log import signing
from transactions.log.notes import (
    LENGTH_LIMIT,
    MalformedNote,
    is_note_signed_by,
    key_id,
    key_name,
    note_text,
    read_note,
    signed_note,
    verifier_key,
)

SEED = bytes(range(32))
KEY = signing.public_key(SEED)
ROOT = hashlib.sha256(b"").hexdigest()


def a_note(size: int = 7, signer: str = "a market", seed: bytes = SEED) -> str:
    signature = signing.sign(seed, note_text(size, ROOT))
    return signed_note(size, ROOT, [(signer, signing.public_key(seed), signature)])


def test_the_form_of_a_note() -> None:
    text, _, signature = a_note().partition("\n\n")
    assert text.split("\n") == ["luochui/transactions/1", "7", base64.b64encode(bytes.fromhex(ROOT)).decode()]
    assert signature.startswith("— a%20market ")
    raw = base64.b64decode(signature.split(" ")[2])
    assert len(raw) == 4 + 64
    expected = hashlib.sha256(b"a%20market\n\x01" + base64.b64decode(KEY)).digest()[:4]
    assert raw[:4] == expected == key_id("a%20market", KEY)
    assert verifier_key("a market", KEY) == (
        f"a%20market+{expected.hex()}+{base64.b64encode(bytes([1]) + base64.b64decode(KEY)).decode()}"
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_a_key_name_has_no_space_and_no_plus(name: str) -> None:
    spelled = key_name(name)
    assert spelled
    assert not any(letter.isspace() or letter == "+" for letter in spelled)


@given(st.integers(0, 2**62), st.binary(min_size=32, max_size=32))
def test_a_note_is_read_back(size: int, root: bytes) -> None:
    signature = signing.sign(SEED, note_text(size, root.hex()))
    note = read_note(signed_note(size, root.hex(), [("m", KEY, signature)]))
    assert (note.tree_size, note.root, note.origin) == (size, root.hex(), signing.LOG_NAME)
    assert is_note_signed_by(note, "m", KEY)


def test_a_signature_is_of_one_signer_one_key_and_one_text() -> None:
    note = read_note(a_note())
    other = signing.public_key(bytes(32))
    assert is_note_signed_by(note, "a market", KEY)
    assert not is_note_signed_by(note, "another", KEY)
    assert not is_note_signed_by(note, "a market", other)
    changed = read_note(a_note().replace("\n7\n", "\n8\n"))
    assert not is_note_signed_by(changed, "a market", KEY)


GOOD = a_note()


@pytest.mark.parametrize(
    ("note", "complaint"),
    [
        ("", "three lines"),
        ("one\n\ntwo", "three lines"),
        (GOOD.replace("\n7\n", "\n07\n"), "line 2"),
        (GOOD.replace("\n7\n", "\n-7\n"), "line 2"),
        (GOOD.replace("=\n\n", "\n\n"), "line 3"),
        ("a\n7\nAAAA\n\n", "32 bytes"),
        (GOOD + "no signature\n", "signature"),
        (GOOD + "— name AAAA\n", "no signature"),
        (GOOD + "x" * LENGTH_LIMIT, "longer"),
    ],
)
def test_what_is_no_note_is_refused(note: str, complaint: str) -> None:
    with pytest.raises(MalformedNote, match=complaint):
        read_note(note)
