"""Proofs of the log from the perfect subtrees that are kept: some forty rows for a million leaves."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import insert, select, tuple_
from sqlalchemy.orm import Session

from transactions.log.models import LogNode
from transactions.log.places import (
    Place,
    Range,
    consistency_ranges,
    inclusion_ranges,
    places_of,
    root_of,
)
from transactions.log.tree import Node
from transactions.models import TransactionRecord

_ROWS_AT_ONCE = 1000
_PLACES_AT_ONCE = 300


class MissingNode(LookupError):
    """The log does not hold a leaf or node that the proof needs: it is shorter, or was tampered with."""


def keep(session: Session, nodes: Iterable[Node]) -> None:
    """Write the perfect subtrees that an append has made whole."""
    remaining = iter(nodes)
    while rows := list(islice(remaining, _ROWS_AT_ONCE)):
        session.execute(
            insert(LogNode),
            [{"level": level, "position": place, "hash": node.hex()} for level, place, node in rows],
        )


def root_at(session: Session, size: int) -> bytes:
    """The root of the log's first `size` leaves.

    Raises:
        MissingNode: when the log does not hold so many.
    """
    return _roots(session, [(0, size)])[0]


def inclusion_proof(session: Session, index: int, size: int) -> list[bytes]:
    """The path from leaf `index` to the root of the first `size` leaves.

    Raises:
        IndexError: unless 0 ≤ index < size.
        MissingNode: when the log does not hold so many leaves.
    """
    return _roots(session, inclusion_ranges(index, size))


def consistency_proof(session: Session, old_size: int, size: int) -> list[bytes]:
    """What shows that the first `old_size` leaves are the beginning of the first `size`.

    Raises:
        IndexError: unless 1 ≤ old_size ≤ size.
        MissingNode: when the log does not hold so many leaves.
    """
    return _roots(session, consistency_ranges(old_size, size))


def _roots(session: Session, ranges: Sequence[Range]) -> list[bytes]:
    hashes = hashes_at(session, places_of(ranges))
    try:
        return [root_of(part, hashes) for part in ranges]
    except KeyError as missing:
        raise MissingNode(f"no node at {missing}") from None


def hashes_at(session: Session, places: Iterable[Place]) -> dict[Place, bytes]:
    """The hashes at these places as far as they are kept; a leaf's is at level 0."""
    wanted = sorted(set(places))
    leaves = [position for level, position in wanted if level == 0]
    nodes = [place for place in wanted if place[0]]
    hashes: dict[Place, bytes] = {}
    for some in _parts(leaves):
        record = TransactionRecord
        rows = session.execute(select(record.leaf_index, record.leaf_hash).where(record.leaf_index.in_(some)))
        hashes |= {(0, index): bytes.fromhex(text) for index, text in rows}
    for some in _parts(nodes):
        place = tuple_(LogNode.level, LogNode.position)
        found = session.execute(select(LogNode.level, LogNode.position, LogNode.hash).where(place.in_(some)))
        hashes |= {(level, position): bytes.fromhex(text) for level, position, text in found}
    return hashes


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _PLACES_AT_ONCE):
        yield values[start : start + _PLACES_AT_ONCE]
