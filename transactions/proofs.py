"""That a record stands in the signed log, and that the log only grew: for pages and for programs outside."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from marketplace.clock import moment_text
from transactions import log, queries, signing
from transactions.models import Checkpoint, TransactionRecord
from transactions.rules.facts import leaf_data


@dataclass(frozen=True, slots=True)
class Proof:
    """The path from a record's leaf to the root of a checkpoint, hexadecimal.

    Attributes:
        holds: whether the record, as it stands now, is what was sealed and leads to the signed root.
    """

    checkpoint: Checkpoint
    path: tuple[str, ...]
    holds: bool


def of_record(session: Session, record: TransactionRecord) -> Proof | None:
    """The proof under the latest checkpoint; None while no checkpoint covers the record."""
    point = queries.checkpoint_at_least(session, record.leaf_index + 1)
    if point is None:
        return None
    leaves = queries.leaf_hashes(session, point.tree_size)
    if record.leaf_index >= len(leaves):
        return None
    path = log.Tree(leaves).inclusion_proof(record.leaf_index)
    leaf = log.leaf_hash(_sealed(record))
    root = bytes.fromhex(point.root)
    holds = log.verify_inclusion(leaf, record.leaf_index, point.tree_size, path, root)
    return Proof(point, tuple(part.hex() for part in path), holds)


def _sealed(record: TransactionRecord) -> bytes:
    return leaf_data(record.id, moment_text(record.recorded_at), record.salt, record.facts())


def as_json(record: TransactionRecord, proof: Proof | None) -> dict[str, Any]:
    """The leaf's bytes as text, the path and the signed checkpoint."""
    answer = {
        "leaf_data": _sealed(record).decode(),
        "leaf_hash": record.leaf_hash,
        "leaf_index": record.leaf_index,
        "checkpoint": None,
        "path": [],
    }
    if proof is not None:
        answer |= {"checkpoint": _checkpoint(proof.checkpoint), "path": list(proof.path)}
    return answer


def checkpoint_json(session: Session, since: int | None) -> dict[str, Any]:
    """The latest checkpoint, and the consistency proof from a smaller size where one is asked for."""
    point = queries.latest_checkpoint(session)
    if point is None:
        return {"checkpoint": None}
    answer: dict[str, Any] = {"checkpoint": _checkpoint(point)}
    leaves = queries.leaf_hashes(session, point.tree_size)
    if since is not None and 1 <= since <= len(leaves):
        proof = log.Tree(leaves).consistency_proof(since)
        answer["consistency"] = {"since": since, "path": [part.hex() for part in proof]}
    return answer


def _checkpoint(point: Checkpoint) -> dict[str, Any]:
    signed = signing.statement(point.tree_size, point.root, point.at, point.signer)
    return {
        "statement": signed.decode(),
        "tree_size": point.tree_size,
        "root": point.root,
        "signer": point.signer,
        "public_key": point.public_key,
        "signature": point.signature,
    }
