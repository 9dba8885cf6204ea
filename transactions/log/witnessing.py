"""Each marketplace remembers the roots it has seen and signs those that follow from them.

The shared database has one keeper, who could rewrite it and sign anew; what the others remember, and their
signatures, cannot be rewritten with it. A look takes two steps, one in each database, as no command writes
into both: first it remembers, at the next call it signs.
"""

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.config import Config
from transactions import queries
from transactions.log import growing, nodes, tree
from transactions.log.models import CheckpointSignature, SeenCheckpoint
from transactions.models import Checkpoint


class RewrittenLog(AssertionError):
    """The log is not a continuation of what this marketplace has seen of it."""


def witness_due(session: Session) -> bool:
    """Remember, or sign, the latest checkpoint; False when both was done.

    Raises:
        RewrittenLog: when it does not follow from the last one seen. Nothing is remembered or signed then.
    """
    point = queries.latest_checkpoint(session)
    if point is None:
        return False
    seen = last_seen(session)
    if seen is None or seen.tree_size < point.tree_size:
        _require_growth(session, seen, point)
        session.add(SeenCheckpoint(tree_size=point.tree_size, root=point.root, seen_at=clock.now()))
        return True
    return _sign(session, point, seen)


def _sign(session: Session, point: Checkpoint, seen: SeenCheckpoint) -> bool:
    settings: Config = current_app.extensions["settings"]
    if (point.tree_size, point.root) != (seen.tree_size, seen.root):
        raise RewrittenLog(f"the log had {seen.tree_size} records, now it ends with {point.tree_size}")
    # The head serialises everybody who writes into the log, two workers of this marketplace too.
    queries.lock_head(session)
    if session.get(CheckpointSignature, (point.tree_size, settings.marketplace_name)) is not None:
        return False
    growing.sign_note(session, point, settings)
    return True


def last_seen(session: Session) -> SeenCheckpoint | None:
    """The largest checkpoint that this marketplace remembers."""
    query = select(SeenCheckpoint).order_by(SeenCheckpoint.tree_size.desc()).limit(1)
    return session.scalars(query).one_or_none()


def _require_growth(session: Session, seen: SeenCheckpoint | None, point: Checkpoint) -> None:
    root = bytes.fromhex(point.root)
    try:
        if nodes.root_at(session, point.tree_size) != root:
            raise RewrittenLog(f"the records do not give the root of checkpoint {point.tree_size}")
        if seen is None:
            return
        proof = nodes.consistency_proof(session, seen.tree_size, point.tree_size)
    except nodes.MissingNode as missing:
        raise RewrittenLog(str(missing)) from None
    if not tree.verify_consistency(seen.tree_size, point.tree_size, bytes.fromhex(seen.root), root, proof):
        raise RewrittenLog(f"checkpoint {point.tree_size} does not follow from that of {seen.tree_size}")
