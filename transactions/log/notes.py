"""Checkpoints as signed notes (C2SP tlog-checkpoint and signed-note), which tools of other logs read.

Pure. The text is three lines: the log's name, its size, its root in base64. Each signer adds a line below.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from transactions.log.signatures import LOG_NAME, is_signed

_ED25519 = b"\x01"
_FORBIDDEN = re.compile(r"[\s+%]")
_DASH = "\N{EM DASH} "

LENGTH_LIMIT = 20_000


class MalformedNote(ValueError):
    """The text is not a checkpoint as a signed note."""


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature: the signer's name as the note spells it, the key's id, the raw signature in base64."""

    name: str
    key_id: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class Note:
    """A parsed checkpoint: the bytes that are signed, what they say, who signed."""

    text: bytes
    origin: str
    tree_size: int
    root: str
    signatures: tuple[NoteSignature, ...]


def note_text(tree_size: int, root: str) -> bytes:
    """The bytes that every signer of a checkpoint signs; the root is hexadecimal."""
    spelled = base64.b64encode(bytes.fromhex(root)).decode()
    return f"{LOG_NAME}\n{tree_size}\n{spelled}\n".encode()


def key_name(signer: str) -> str:
    """A marketplace's name as a key name may be: spaces and plus signs are written as %XX."""
    return _FORBIDDEN.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), signer)


def key_id(name: str, public_key: str) -> bytes:
    """The four bytes by which a note's signature names its key; the key is base64."""
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + base64.b64decode(public_key)).digest()[:4]


def verifier_key(signer: str, public_key: str) -> str:
    """The line that a tool of signed notes takes to trust this signer (`vkey`)."""
    name = key_name(signer)
    key = base64.b64encode(_ED25519 + base64.b64decode(public_key)).decode()
    return f"{name}+{key_id(name, public_key).hex()}+{key}"


def signed_note(tree_size: int, root: str, signatures: Iterable[tuple[str, str, str]]) -> str:
    """The note with the signatures given as (signer, public key, signature), each base64."""
    lines = []
    for signer, public_key, signature in signatures:
        name = key_name(signer)
        raw = key_id(name, public_key) + base64.b64decode(signature)
        lines.append(f"{_DASH}{name} {base64.b64encode(raw).decode()}\n")
    return note_text(tree_size, root).decode() + "\n" + "".join(lines)


def read_note(note: str) -> Note:
    """A checkpoint's note taken apart; nothing is verified yet.

    Raises:
        MalformedNote: saying which line is wrong.
    """
    if len(note) > LENGTH_LIMIT:
        raise MalformedNote(f"longer than {LENGTH_LIMIT} characters")
    text, separator, below = note.partition("\n\n")
    lines = text.split("\n")
    if not separator or len(lines) < 3:
        raise MalformedNote("three lines, an empty line and signatures are expected")
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise MalformedNote("line 2 is not a size")
    root = _decoded(lines[2], "line 3 is not a root in base64")
    if len(root) != 32:
        raise MalformedNote("line 3 is not a root of 32 bytes")
    signatures = tuple(_signature(line) for line in below.splitlines() if line)
    return Note(f"{text}\n".encode(), lines[0], int(lines[1]), root.hex(), signatures)


def _signature(line: str) -> NoteSignature:
    name, _, spelled = line.removeprefix(_DASH).partition(" ")
    raw = _decoded(spelled, "a signature is not base64")
    if not line.startswith(_DASH) or not name or len(raw) < 5:
        raise MalformedNote("a line below is no signature")
    return NoteSignature(name, raw[:4], base64.b64encode(raw[4:]).decode())


def _decoded(text: str, complaint: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise MalformedNote(complaint) from None


def is_note_signed_by(note: Note, signer: str, public_key: str) -> bool:
    """Whether one of the note's signatures is of this signer with this key."""
    name = key_name(signer)
    expected = key_id(name, public_key)
    return any(
        one.name == name and one.key_id == expected and is_signed(public_key, one.signature, note.text)
        for one in note.signatures
    )
