"""That a record stands in the signed log, and that the log only grew: for pages and for programs outside."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.clock import moment_text
from transactions import queries
from transactions.log import commitments, nodes, signing, tree
from transactions.log.models import CheckpointSignature, CheckpointStamp
from transactions.log.notes import signed_note
from transactions.models import Checkpoint, TransactionRecord

FORMAT = "luochui/proof/1"


@dataclass(frozen=True, slots=True)
class Proof:
    """The path from a record's leaf to the root of a checkpoint, hexadecimal.

    Attributes:
        holds: whether the record, as it stands now, is what was sealed and leads to the signed root.
    """

    checkpoint: Checkpoint
    path: tuple[str, ...]
    holds: bool


def of_record(session: Session, record: TransactionRecord, size: int | None = None) -> Proof | None:
    """The proof under the checkpoint of that size, or the latest one; None where none covers the record."""
    point = _checkpoint(session, size) if size else queries.latest_checkpoint(session)
    if point is None or point.tree_size <= record.leaf_index:
        return None
    try:
        path = nodes.inclusion_proof(session, record.leaf_index, point.tree_size)
    except nodes.MissingNode:
        return None
    root = bytes.fromhex(point.root)
    leaf = tree.leaf_hash(sealed(record))
    holds = tree.verify_inclusion(leaf, record.leaf_index, point.tree_size, path, root)
    return Proof(point, tuple(part.hex() for part in path), holds)


def _checkpoint(session: Session, size: int) -> Checkpoint | None:
    return session.get(Checkpoint, size) if 0 < size < 2**63 else None


def sealed(record: TransactionRecord) -> bytes:
    """The bytes of a record's leaf, from the record as it stands now."""
    return commitments.leaf_data(record.id, moment_text(record.recorded_at), record.salt, record.facts())


def as_json(
    session: Session, record: TransactionRecord, proof: Proof | None, visible: Collection[str]
) -> dict[str, Any]:
    """A proof as a file: the leaf, the path, the signed checkpoint, and the fields that the reader may see.

    Args:
        session: reads the checkpoint's signatures.
        record: as it stands now.
        proof: None while no checkpoint covers the record.
        visible: names of the fields that the reader may see exactly.
    """
    facts = record.facts()
    in_clear = not facts.record_version
    hidden = in_clear and not set(commitments.FIRST_NAMES) <= set(visible)
    shown = commitments.shown(facts, record.salt, visible)
    answer: dict[str, Any] = {
        "format": FORMAT,
        "leaf_data": None if hidden else sealed(record).decode(),
        "leaf_hash": record.leaf_hash,
        "leaf_index": record.leaf_index,
        "shown": {name: asdict(field) for name, field in shown.items()},
        "checkpoint": None,
        "path": [],
    }
    if proof is not None:
        answer |= {"checkpoint": checkpoint_json(session, proof.checkpoint), "path": list(proof.path)}
    return answer


def consistency(session: Session, old_size: int, size: int) -> list[str] | None:
    """What shows the log of `old_size` is the beginning of that of `size`; None for impossible sizes."""
    try:
        proof = nodes.consistency_proof(session, old_size, size)
    except (IndexError, nodes.MissingNode):
        return None
    return [part.hex() for part in proof]


def signatures_of(session: Session, tree_size: int) -> list[CheckpointSignature]:
    """The signatures over a checkpoint's note, the first one first."""
    one = CheckpointSignature
    query = select(one).where(one.tree_size == tree_size).order_by(one.signed_at, one.signer)
    return list(session.scalars(query))


def stamps_of(session: Session, tree_size: int) -> list[CheckpointStamp]:
    """The time stamps over a checkpoint's note."""
    query = select(CheckpointStamp).where(CheckpointStamp.tree_size == tree_size)
    return list(session.scalars(query.order_by(CheckpointStamp.stamped_at)))


def note_of(session: Session, point: Checkpoint) -> str:
    """The checkpoint as a signed note, with everybody's signature."""
    signed = [(one.signer, one.public_key, one.signature) for one in signatures_of(session, point.tree_size)]
    return signed_note(point.tree_size, point.root, signed)


def checkpoint_json(session: Session, point: Checkpoint) -> dict[str, Any]:
    """A checkpoint with all that one needs to check it."""
    statement = signing.statement(point.tree_size, point.root, point.at, point.signer)
    return {
        "statement": statement.decode(),
        "tree_size": point.tree_size,
        "root": point.root,
        "signer": point.signer,
        "public_key": point.public_key,
        "signature": point.signature,
        "note": note_of(session, point),
        "signers": [
            {"name": one.signer, "public_key": one.public_key}
            for one in signatures_of(session, point.tree_size)
        ],
    }
