"""How the log grows: leaves below, perfect subtrees kept as they become whole, a signed checkpoint on top.

The caller holds the lock on the head (`queries.lock_head`), so that there is no gap and no fork.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.config import Config
from transactions import queries
from transactions.log import nodes, signing
from transactions.log.models import CheckpointSignature
from transactions.log.notes import note_text
from transactions.log.tree import Frontier, Node
from transactions.models import Checkpoint, LogHead


def frontier_of(head: LogHead) -> Frontier:
    """What the head remembers of the tree."""
    return Frontier(head.size, tuple(bytes.fromhex(text) for text in head.frontier))


def append(session: Session, head: LogHead, leaves: Iterable[bytes]) -> None:
    """Grow the log by these leaf hashes."""
    frontier, whole = frontier_of(head), list[Node]()
    for leaf in leaves:
        frontier, new = frontier.grown(leaf)
        whole += new
    nodes.keep(session, whole)
    head.size, head.frontier = frontier.size, [part.hex() for part in frontier.hashes]


def sign(session: Session, head: LogHead, settings: Config) -> Checkpoint:
    """Add the signed checkpoint of the log as it now stands, in both of its forms."""
    latest = queries.latest_checkpoint(session)
    # Several marketplaces sign, each by its own clock: a checkpoint never claims to be older than the last.
    at = max(clock.now(), latest.at) if latest else clock.now()
    root = frontier_of(head).root().hex()
    message = signing.statement(head.size, root, at, settings.marketplace_name)
    point = Checkpoint(
        tree_size=head.size,
        root=root,
        at=at,
        signer=settings.marketplace_name,
        public_key=signing.public_key(settings.receipt_key),
        signature=signing.sign(settings.receipt_key, message),
    )
    session.add(point)
    session.flush()
    sign_note(session, point, settings)
    return point


def sign_note(session: Session, point: Checkpoint, settings: Config) -> None:
    """Add this marketplace's signature to a checkpoint's note."""
    session.add(
        CheckpointSignature(
            tree_size=point.tree_size,
            signer=settings.marketplace_name,
            public_key=signing.public_key(settings.receipt_key),
            signature=signing.sign(settings.receipt_key, note_text(point.tree_size, point.root)),
            signed_at=clock.now(),
        )
    )
