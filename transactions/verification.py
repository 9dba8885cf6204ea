"""Does the record still say what it said? Recomputed from the stored rows, trusting nothing but the keys."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.clock import moment_text
from transactions import log, signing
from transactions.models import Checkpoint, TransactionRecord
from transactions.rules.facts import leaf_data

_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes:
        size, root: of the log as recomputed.
        checkpoints: how many were checked.
        problems: what differs, in plain English, each naming the leaf or the checkpoint.
    """

    size: int
    root: str
    checkpoints: int
    problems: tuple[str, ...]


def verify(session: Session, own_name: str, own_key: str) -> Verdict:
    """Recompute every leaf, every checkpoint's root and signature, and every inclusion proof.

    Args:
        session: reads both the records and the checkpoints.
        own_name: of this marketplace; what it signed must bear `own_key`.
        own_key: its public key in base64. Other marketplaces' keys stand in their checkpoints.
    """
    leaves: list[bytes] = []
    stored: list[bytes] = []
    problems = list(_leaf_problems(session, leaves, stored))
    points = list(session.scalars(select(Checkpoint).order_by(Checkpoint.tree_size)))
    problems += _checkpoint_problems(points, leaves, own_name, own_key)
    problems += _proof_problems(leaves, stored, points[-1:])
    return Verdict(len(leaves), log.root(leaves).hex(), len(points), tuple(problems))


def _leaf_problems(session: Session, leaves: list[bytes], stored: list[bytes]) -> Iterator[str]:
    query = select(TransactionRecord).order_by(TransactionRecord.leaf_index)
    for record in session.scalars(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        if record.leaf_index != len(leaves):
            yield f"leaf {len(leaves)} is missing: the next record is leaf {record.leaf_index}"
        data = leaf_data(record.id, moment_text(record.recorded_at), record.salt, record.facts())
        leaf = log.leaf_hash(data)
        if leaf.hex() != record.leaf_hash:
            yield f"leaf {record.leaf_index}: record {record.id} is not what was sealed"
        leaves.append(leaf)
        stored.append(bytes.fromhex(record.leaf_hash))


def _checkpoint_problems(
    points: list[Checkpoint], leaves: list[bytes], own_name: str, own_key: str
) -> Iterator[str]:
    frontier = log.Frontier(0, ())
    for point in points:
        name = f"checkpoint {point.tree_size}"
        message = signing.statement(point.tree_size, point.root, point.at, point.signer)
        if not signing.is_signed(point.public_key, point.signature, message):
            yield f"{name}: the signature of {point.signer} does not fit"
        if point.signer == own_name and point.public_key != own_key:
            yield f"{name}: signed for this marketplace with another key"
        if point.tree_size > len(leaves):
            yield f"{name}: the log has only {len(leaves)} records"
            continue
        for leaf in leaves[frontier.size : point.tree_size]:
            frontier = frontier.append(leaf)
        if frontier.root().hex() != point.root:
            yield f"{name}: the records give another root"
    covered = points[-1].tree_size if points else 0
    if covered < len(leaves):
        yield f"{len(leaves) - covered} records stand in no signed checkpoint"


def _proof_problems(leaves: list[bytes], stored: list[bytes], last: list[Checkpoint]) -> Iterator[str]:
    """The paths come from the stored hashes, as on the pages, and must lead the rows to the signed root."""
    for point in last:
        tree, root = log.Tree(stored[: point.tree_size]), bytes.fromhex(point.root)
        failing = [
            index
            for index, leaf in enumerate(leaves[: point.tree_size])
            if not log.verify_inclusion(leaf, index, point.tree_size, tree.inclusion_proof(index), root)
        ]
        if failing:
            yield f"{len(failing)} inclusion proofs fail, the first of leaf {failing[0]}"
