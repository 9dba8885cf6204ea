"""What the log's pages show."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from transactions.log import proofs, tree
from transactions.log.models import CheckpointSignature, CheckpointStamp
from transactions.log.notes import verifier_key
from transactions.models import Checkpoint


@dataclass(frozen=True, slots=True)
class Vouched:
    """A checkpoint with whoever vouches for it.

    Attributes:
        keys: each signer's line for tools that read signed notes.
    """

    point: Checkpoint
    note: str
    signatures: Sequence[CheckpointSignature]
    stamps: Sequence[CheckpointStamp]
    keys: Sequence[str]
    before: int | None
    after: int | None


def vouched(session: Session, point: Checkpoint) -> Vouched:
    """A checkpoint as its page shows it."""
    signatures = proofs.signatures_of(session, point.tree_size)
    size = Checkpoint.tree_size
    return Vouched(
        point=point,
        note=proofs.note_of(session, point),
        signatures=signatures,
        stamps=proofs.stamps_of(session, point.tree_size),
        keys=[verifier_key(one.signer, one.public_key) for one in signatures],
        before=session.scalar(select(size).where(size < point.tree_size).order_by(size.desc()).limit(1)),
        after=session.scalar(select(size).where(size > point.tree_size).order_by(size).limit(1)),
    )


@dataclass(frozen=True, slots=True)
class Growth:
    """Two checkpoints and whether the smaller log is the beginning of the larger."""

    old: Checkpoint
    new: Checkpoint
    path: Sequence[str]
    holds: bool


def growth(session: Session, old: Checkpoint, new: Checkpoint) -> Growth:
    """The proof between two checkpoints, checked as a reader would."""
    if old.tree_size > new.tree_size:
        old, new = new, old
    path = proofs.consistency(session, old.tree_size, new.tree_size)
    holds = path is not None and tree.verify_consistency(
        old.tree_size,
        new.tree_size,
        bytes.fromhex(old.root),
        bytes.fromhex(new.root),
        [bytes.fromhex(part) for part in path],
    )
    return Growth(old, new, path or (), holds)
