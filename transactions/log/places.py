"""Which perfect subtrees a proof is made of: a perfect subtree never changes again, so it is kept once.

Pure. A place is (level, position): the root over the leaves from position · 2^level, 2^level of them.
"""

from collections.abc import Iterable, Mapping, Sequence

from transactions.log.tree import EMPTY_ROOT, node_hash, split

Place = tuple[int, int]

# Of leaves: from the first up to, not including, the last.
Range = tuple[int, int]


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose roots lead from leaf `index` to the root, from the leaf upwards (RFC 9162 §2.1.3.1).

    Raises:
        IndexError: unless 0 ≤ index < size.
    """
    if not 0 <= index < size:
        raise IndexError(index)
    start, end, path = 0, size, list[Range]()
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old_size: int, size: int) -> list[Range]:
    """The ranges whose roots show that the log of `old_size` is the beginning of `size` (§2.1.4.1).

    Raises:
        IndexError: unless 1 ≤ old_size ≤ size.
    """
    if not 1 <= old_size <= size:
        raise IndexError(old_size)
    start, end, path, whole = 0, size, list[Range](), True
    while old_size < end:
        middle = start + split(end - start)
        if old_size <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start, whole = middle, False
    return path[::-1] if whole else [(start, end), *path[::-1]]


def perfect_subtrees(leaves: Range) -> list[Place]:
    """The fewest perfect subtrees that cover a range of a proof, the largest and leftmost first."""
    start, end = leaves
    places = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append((level, start >> level))
        start += 1 << level
    return places


def places_of(ranges: Iterable[Range]) -> list[Place]:
    """Every perfect subtree that these ranges need."""
    return [place for one in ranges for place in perfect_subtrees(one)]


def root_of(leaves: Range, hashes: Mapping[Place, bytes]) -> bytes:
    """The root over a range from the hashes of its perfect subtrees.

    Raises:
        KeyError: for a perfect subtree that is not among them.
    """
    places = perfect_subtrees(leaves)
    if not places:
        return EMPTY_ROOT
    combined = hashes[places[-1]]
    for place in reversed(places[:-1]):
        combined = node_hash(hashes[place], combined)
    return combined


class Tree:
    """All proofs of one log that is held in memory; the root of a range is computed once."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._leaves = leaves
        self._known: dict[Range, bytes] = {}

    def root(self, start: int = 0, end: int | None = None) -> bytes:
        """The root over the leaves from start up to, not including, end."""
        end = len(self._leaves) if end is None else end
        if end - start < 2:
            return self._leaves[start] if end > start else EMPTY_ROOT
        known = self._known.get((start, end))
        if known is None:
            middle = start + split(end - start)
            known = node_hash(self.root(start, middle), self.root(middle, end))
            self._known[start, end] = known
        return known

    def inclusion_proof(self, index: int) -> list[bytes]:
        """The hashes that lead from leaf `index` to the root, or IndexError."""
        return [self.root(*part) for part in inclusion_ranges(index, len(self._leaves))]

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """The hashes that show the log of `old_size` leaves is the beginning of this one, or IndexError."""
        return [self.root(*part) for part in consistency_ranges(old_size, len(self._leaves))]
