"""The Merkle tree of RFC 9162: a short proof that a record is in the log, and that the log only grew.

Pure: bytes in, bytes out. A leaf hashes as SHA-256(0x00 ‖ data), a node as SHA-256(0x01 ‖ left ‖ right)
(RFC 9162 §2.1.1), so that no node can pass for a leaf.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()

# A perfect subtree: its level, its place among those of its level, its hash.
Node = tuple[int, int, bytes]


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two hashes side by side (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in order; the hash of nothing for an empty log."""
    return Frontier.of(leaves).root()


@dataclass(frozen=True, slots=True)
class Frontier:
    """What an append needs of the tree: the roots of its perfect subtrees, the largest first.

    A log of n leaves has one for every 1 in the binary form of n, so an append costs at most log2(n) hashes.
    """

    size: int
    hashes: tuple[bytes, ...]

    @classmethod
    def of(cls, leaves: Sequence[bytes]) -> "Frontier":
        """The frontier of a log with these leaf hashes."""
        frontier = cls(0, ())
        for leaf in leaves:
            frontier = frontier.append(leaf)
        return frontier

    def append(self, leaf: bytes) -> "Frontier":
        """The frontier after one more leaf hash."""
        return self.grown(leaf)[0]

    def grown(self, leaf: bytes) -> tuple["Frontier", list[Node]]:
        """The frontier after one more leaf hash, and the perfect subtrees that became whole by it.

        Over a whole log that is one node for each leaf but those at its ragged edge.
        """
        hashes, carried, place, level = self.hashes, leaf, self.size, 0
        whole = []
        while place & 1:
            hashes, carried = hashes[:-1], node_hash(hashes[-1], carried)
            level, place = level + 1, place >> 1
            whole.append((level, place, carried))
        return Frontier(self.size + 1, (*hashes, carried)), whole

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.hashes:
            return EMPTY_ROOT
        combined = self.hashes[-1]
        for larger in reversed(self.hashes[:-1]):
            combined = node_hash(larger, combined)
        return combined


def split(size: int) -> int:
    """The largest power of two below `size` (RFC 9162 §2.1.1), for a size of at least two."""
    return 1 << ((size - 1).bit_length() - 1)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether `proof` shows that `leaf` is number `index` of the `size` under `root_hash` (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, combined = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            combined = node_hash(sibling, combined)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            combined = node_hash(combined, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and combined == root_hash


def verify_consistency(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the old log is the beginning of the new one (RFC 9162 §2.1.4.2)."""
    if not 1 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    # A power of two is one perfect subtree: its root is left out of the proof because the asker has it.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return bool(path) and _climb(old_size - 1, new_size - 1, path) == (old_root, new_root)


def _climb(place: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None
