"""One walk over all leaves: what each record gives anew, beside what is stored of leaves and nodes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.clock import moment_text
from transactions.log import tree
from transactions.log.commitments import leaf_data
from transactions.log.models import LogNode
from transactions.log.nodes import hashes_at
from transactions.log.places import Place, Range, inclusion_ranges, places_of, root_of
from transactions.log.reading import bytes_of, in_parts
from transactions.models import TransactionRecord

# What a problem list names of one kind; the rest is counted.
NAMED_LIMIT = 100


@dataclass(slots=True)
class Problems:
    """What differs, in plain English; of each kind the first hundred are named and the rest counted."""

    named: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= NAMED_LIMIT:
            self.named.append(text)

    def told(self) -> tuple[str, ...]:
        more = [
            f"{kind}: {count - NAMED_LIMIT} more"
            for kind, count in self.counts.items()
            if count > NAMED_LIMIT
        ]
        return (*self.named, *more)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf as the record gives it anew, and as it is stored."""

    index: int
    anew: bytes
    stored: bytes


def leaves(session: Session, problems: Problems) -> Iterator[list[Leaf]]:
    """All leaves in order, some at a time."""
    expected = 0
    for part in in_parts(session, TransactionRecord, TransactionRecord.leaf_index):
        read = []
        for index, record in part:
            if index != expected:
                problems.add("missing", f"leaf {expected} is missing: the next record is leaf {index}")
            read.append(_leaf(index, record, problems))
            expected = index + 1
        yield read


def _leaf(index: int, record: TransactionRecord | None, problems: Problems) -> Leaf:
    if record is None:
        problems.add("leaf", f"leaf {index}: the record cannot be read")
        return Leaf(index, b"", b"")
    try:
        data = leaf_data(record.id, moment_text(record.recorded_at), record.salt, record.facts())
        anew = tree.leaf_hash(data)
    except (ValueError, TypeError):
        anew = b""
    if anew.hex() != record.leaf_hash:
        problems.add("leaf", f"leaf {index}: record {record.id} is not what was sealed")
    return Leaf(index, anew, bytes_of(record.leaf_hash))


class Nodes:
    """Compares the kept perfect subtrees with their own children, so that a changed one is named itself."""

    def __init__(self, session: Session, problems: Problems) -> None:
        self._session, self._problems = session, problems
        self._left: dict[int, bytes] = {}
        self._expected = 0

    def check(self, part: list[Leaf]) -> dict[Place, bytes]:
        """Check the nodes that these leaves make whole; returns what is stored, leaves included."""
        start, end = part[0].index, part[-1].index + 1
        stored = {place: bytes_of(text) for place, text in self._stored(start, end)}
        known = dict(stored)
        for leaf in part:
            known[0, leaf.index] = leaf.stored
            self._climb(leaf, stored)
        return known

    def _stored(self, start: int, end: int) -> Iterator[tuple[Place, str]]:
        """The nodes that became whole with one of these leaves."""
        whole = [
            and_(LogNode.level == level, LogNode.position.between(start >> level, (end >> level) - 1))
            for level in range(1, end.bit_length())
        ]
        if whole:
            query = select(LogNode.level, LogNode.position, LogNode.hash).where(or_(*whole))
            for level, position, text in self._session.execute(query):
                yield (level, position), text

    def _climb(self, leaf: Leaf, stored: dict[Place, bytes]) -> None:
        carried, level, place = leaf.stored, 0, leaf.index
        while place & 1:
            made = tree.node_hash(self._left.get(level, b""), carried)
            level, place = level + 1, place >> 1
            self._expected += 1
            carried = stored.get((level, place), b"")
            if carried != made:
                self._problems.add("node", f"node {level}/{place} is not made of the two below it")
        self._left[level] = carried

    def frontier(self, size: int) -> list[str]:
        """What the head should remember of a log of that size, by what is stored."""
        levels = [level for level in range(size.bit_length()) if size >> level & 1]
        return [self._left.get(level, b"").hex() for level in reversed(levels)]

    def finish(self) -> None:
        """After the last leaf: no node may be left over."""
        count = self._session.scalar(select(func.count()).select_from(LogNode)) or 0
        if count != self._expected:
            self._problems.add("nodes", f"{count} nodes are kept where {self._expected} are due")


class Proofs:
    """Makes every leaf's proof from what is stored, as the pages do, and has it lead to the signed root."""

    def __init__(self, session: Session, size: int, root: bytes) -> None:
        self._session, self._size, self._root = session, size, root
        self.failed, self.first = 0, -1

    def check(self, part: list[Leaf], stored: dict[Place, bytes]) -> None:
        """Check the proofs of these leaves."""
        covered = [leaf for leaf in part if leaf.index < self._size]
        ranges = {leaf.index: inclusion_ranges(leaf.index, self._size) for leaf in covered}
        needed = {one for path in ranges.values() for one in path}
        wanted = [place for place in places_of(needed) if place not in stored]
        hashes = stored | hashes_at(self._session, wanted)
        roots = {one: _root(one, hashes) for one in needed}
        for leaf in covered:
            path = [roots[one] for one in ranges[leaf.index]]
            if not tree.verify_inclusion(leaf.anew, leaf.index, self._size, path, self._root):
                self.failed += 1
                self.first = leaf.index if self.first < 0 else self.first


def _root(one: Range, hashes: dict[Place, bytes]) -> bytes:
    try:
        return root_of(one, hashes)
    except KeyError:
        return b""
