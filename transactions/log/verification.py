"""Does the record still say what it said? Recomputed from the stored rows, trusting nothing but the keys.

One walk over the leaves in order; memory does not grow with the log.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.x509 import Certificate
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.config import Config
from transactions.log import tree
from transactions.log.models import SeenCheckpoint
from transactions.log.points import Points, Registered, Signer
from transactions.log.reading import bytes_of, in_parts
from transactions.log.signing import public_key
from transactions.log.stamps import read_roots
from transactions.log.walking import Nodes, Problems, Proofs, leaves
from transactions.models import Checkpoint, LogHead
from transactions.sharing.queries import registered_keys


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found.

    Attributes:
        size, root: of the log as recomputed.
        checkpoints, signatures, stamps: how many were checked.
        unchecked_stamps: time stamps whose authority's roots are not configured here.
        problems: what differs, in plain English, each naming the leaf, the node or the checkpoint.
    """

    size: int
    root: str
    checkpoints: int
    signatures: int
    stamps: int
    unchecked_stamps: int
    problems: tuple[str, ...]


def verify_configured(session: Session, settings: Config) -> Verdict:
    """`verify` with this marketplace's name, key and trusted time stamp authorities, and the register."""
    roots = read_roots(settings.time_stamp_roots) if settings.time_stamp_roots else []
    key = public_key(settings.receipt_key)
    return verify(session, settings.marketplace_name, key, roots, registered_keys(session))


def verify(
    session: Session,
    own_name: str,
    own_key: str,
    roots: Sequence[Certificate] = (),
    registered: Registered | None = None,
) -> Verdict:
    """Recompute every leaf, node, inclusion proof, checkpoint, signature and time stamp.

    Args:
        session: reads the records, the log and what this marketplace remembers of it.
        own_name: of this marketplace; what it signed must bear `own_key`.
        own_key: its public key in base64.
        roots: of the time stamp authorities that are trusted.
        registered: keys by signer; of a signer that is not among them the first key is taken as its key.
    """
    problems = Problems()
    points = Points(session, problems, Signer(own_name, own_key), roots, registered or {})
    nodes, proofs = Nodes(session, problems), _proofs(session)
    seen, frontier = _seen(session), tree.Frontier(0, ())
    remembered = next(seen, None)
    for part in leaves(session, problems):
        stored = nodes.check(part)
        if proofs:
            proofs.check(part, stored)
        for leaf in part:
            frontier = frontier.append(leaf.anew)
            points.reached(frontier)
            while remembered and remembered[0] <= frontier.size:
                _compare(remembered, frontier, problems)
                remembered = next(seen, None)
    points.finish(frontier.size)
    if remembered:
        text = f"this marketplace has seen {remembered[0]} records, now there are {frontier.size}"
        problems.add("seen", text)
    _check_head(session, frontier.size, nodes.frontier(frontier.size), problems)
    nodes.finish()
    if proofs and proofs.failed:
        problems.add("proof", f"{proofs.failed} inclusion proofs fail, the first of leaf {proofs.first}")
    return Verdict(
        size=frontier.size,
        root=frontier.root().hex(),
        checkpoints=points.checked,
        signatures=points.signatures,
        stamps=points.stamps,
        unchecked_stamps=points.unchecked_stamps,
        problems=problems.told(),
    )


def _proofs(session: Session) -> Proofs | None:
    query = select(Checkpoint.tree_size, Checkpoint.root).order_by(Checkpoint.tree_size.desc()).limit(1)
    last = session.execute(query).first()
    return Proofs(session, last[0], bytes_of(last[1])) if last else None


def _seen(session: Session) -> Iterator[tuple[int, str]]:
    for part in in_parts(session, SeenCheckpoint, SeenCheckpoint.tree_size):
        yield from [(size, point.root if point else "") for size, point in part]


def _compare(remembered: tuple[int, str], frontier: tree.Frontier, problems: Problems) -> None:
    size, root = remembered
    if size != frontier.size or frontier.root().hex() != root:
        problems.add("seen", f"checkpoint {size}: not the root that this marketplace has seen")


def _check_head(session: Session, size: int, expected: list[str], problems: Problems) -> None:
    heads = session.execute(select(LogHead.size, LogHead.frontier).limit(2)).all()
    known, kept = (heads[0][0], heads[0][1]) if heads else (0, [])
    if len(heads) > 1 or known != size or kept != expected:
        problems.add("head", "the head of the log is not that of its records")
