"""Checking a proof that somebody has downloaded, with nothing but the file: no database, no network.

Pure. A file that is no proof raises `MalformedProof`, which names the field; a proof that does not hold says
so step by step.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from transactions.log import tree
from transactions.log.commitments import Shown, is_committed
from transactions.log.notes import MalformedNote, Note, is_note_signed_by, note_text, read_note
from transactions.log.signatures import is_signed

BYTES_LIMIT = 256 * 1024
PATH_LIMIT = 64
_HASH = re.compile(r"[0-9a-f]{64}")


class MalformedProof(ValueError):
    """The file is not a proof; `field` is what is wrong with it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


class Step(StrEnum):
    """What is checked, in order."""

    LEAF = "leaf"
    PATH = "path"
    STATEMENT = "statement"
    NOTE = "note"
    FIELDS = "fields"
    SIGNER = "signer"


@dataclass(frozen=True, slots=True)
class Finding:
    """One step: whether it holds; None where the file leaves it open. `about` names what does not hold."""

    step: Step
    holds: bool | None
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a proof shows.

    Attributes:
        record_id: of the record that the leaf is about; empty where the leaf is not shown.
        shown: the fields that were proved, by name.
    """

    findings: tuple[Finding, ...]
    record_id: str
    leaf_index: int
    tree_size: int
    root: str
    signer: str
    public_key: str
    shown: Mapping[str, Any]

    @property
    def holds(self) -> bool:
        return all(finding.holds is not False for finding in self.findings)


def read_proof(text: str | bytes) -> dict[str, Any]:
    """The JSON object of a downloaded proof.

    Raises:
        MalformedProof: when it is too long, no JSON or no object.
    """
    if len(text) > BYTES_LIMIT:
        raise MalformedProof("file", f"longer than {BYTES_LIMIT} bytes")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedProof("file", "not JSON") from None
    if not isinstance(document, dict):
        raise MalformedProof("file", "not a JSON object")
    return document


def check(document: Mapping[str, Any], trusted_key: str = "") -> Report:
    """Check a proof file.

    Args:
        document: as `proofs.as_json` writes it.
        trusted_key: the signer's public key in base64, had from elsewhere than the file; "" leaves it open.

    Raises:
        MalformedProof: naming the field that is not as it must be.
    """
    leaf, index = _hash(document, "leaf_hash"), _number(document, "leaf_index")
    point = _mapping(document, "checkpoint")
    root, size = _hash(point, "root"), _number(point, "tree_size")
    path = _path(document)
    sealed = _sealed(document)
    found, fields = _fields(document, sealed)
    signer, key = _text(point, "signer"), _text(point, "public_key")
    note = _note(point)
    findings = (
        Finding(Step.LEAF, None if sealed is None else _is_leaf(document, leaf)),
        Finding(Step.PATH, tree.verify_inclusion(leaf, index, size, path, root)),
        Finding(Step.STATEMENT, _is_stated(point, root, size)),
        Finding(Step.NOTE, _is_noted(note, signer, key, root, size)),
        Finding(Step.FIELDS, not found if fields else None, found),
        Finding(Step.SIGNER, key == trusted_key if trusted_key else None),
    )
    identity = str(sealed.get("id", "")) if sealed else ""
    return Report(findings, identity, index, size, root.hex(), signer, key, fields)


def _is_leaf(document: Mapping[str, Any], leaf: bytes) -> bool:
    return tree.leaf_hash(_text(document, "leaf_data").encode()) == leaf


def _is_stated(point: Mapping[str, Any], root: bytes, size: int) -> bool:
    """Whether the statement is signed and says what the checkpoint says."""
    text = _text(point, "statement")
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedProof("checkpoint.statement", "not JSON") from None
    same = isinstance(said, dict) and (said.get("root"), said.get("tree_size"), said.get("signer")) == (
        root.hex(),
        size,
        point["signer"],
    )
    return same and is_signed(_text(point, "public_key"), _text(point, "signature"), text.encode())


def _is_noted(note: Note | None, signer: str, key: str, root: bytes, size: int) -> bool | None:
    if note is None or not note.signatures:
        return None
    try:
        return note.text == note_text(size, root.hex()) and is_note_signed_by(note, signer, key)
    except ValueError:
        return False


def _note(point: Mapping[str, Any]) -> Note | None:
    text = point.get("note")
    if not text:
        return None
    try:
        return read_note(str(text))
    except MalformedNote as fault:
        raise MalformedProof("checkpoint.note", str(fault)) from None


def _sealed(document: Mapping[str, Any]) -> dict[str, Any] | None:
    if document.get("leaf_data") is None:
        return None
    try:
        sealed = json.loads(_text(document, "leaf_data"))
    except (ValueError, RecursionError):
        raise MalformedProof("leaf_data", "not JSON") from None
    if not isinstance(sealed, dict):
        raise MalformedProof("leaf_data", "not a JSON object")
    return sealed


def _fields(
    document: Mapping[str, Any], sealed: Mapping[str, Any] | None
) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The names of shown fields that the leaf does not seal, and all shown fields."""
    shown = document.get("shown") or {}
    if not isinstance(shown, dict):
        raise MalformedProof("shown", "not a JSON object")
    commitments = (sealed or {}).get("commitments", {})
    if not isinstance(commitments, dict):
        raise MalformedProof("leaf_data", "its commitments are no JSON object")
    wrong, values = [], {}
    for name, field in shown.items():
        if not isinstance(field, dict) or "value" not in field or not isinstance(field.get("salt"), str):
            raise MalformedProof(f"shown.{name}", "a value and its salt are expected")
        values[name] = field["value"]
        if not is_committed(commitments, name, Shown(field["value"], field["salt"])):
            wrong.append(name)
    return tuple(wrong), values


def _path(document: Mapping[str, Any]) -> list[bytes]:
    path = document.get("path")
    if not isinstance(path, list) or len(path) > PATH_LIMIT:
        raise MalformedProof("path", f"a list of at most {PATH_LIMIT} hashes is expected")
    return [_hash({f"path[{place}]": part}, f"path[{place}]") for place, part in enumerate(path)]


def _mapping(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = document.get(name)
    if not isinstance(value, dict):
        raise MalformedProof(name, "missing, or not a JSON object")
    return value


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise MalformedProof(name, "missing, or not a text")
    return value


def _number(document: Mapping[str, Any], name: str) -> int:
    value = document.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise MalformedProof(name, "missing, or not a whole number")
    return value


def _hash(document: Mapping[str, Any], name: str) -> bytes:
    value = document.get(name)
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise MalformedProof(name, "64 hexadecimal digits are expected")
    return bytes.fromhex(value)
