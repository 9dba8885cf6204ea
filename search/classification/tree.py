"""The tree of the scheme: which symbol stands under which, as the IPC and the CPC have it by their dots.

One line per symbol, each followed by all that stands under it: its depth as a digit of base 36 (0 section,
1 class, 2 subclass, 3 main group, 4 one dot …), `i` where the IPC has it and `c` where only the CPC has it,
the symbol. `data/SOURCES.md` says where it comes from.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from search.classification.lines import Lines, Rows, read
from search.classification.symbols import class_key, levels

SUBCLASS = 2
MAIN_GROUP = 3
"""The depth of a main group; a subgroup of one dot is one deeper."""

_SYMBOL_AT = 4  # depth, tab, source, tab
_SUBCLASS_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Tree:
    """The symbols by their row numbers.

    Attributes:
        depths: 0 for a section. parents: the row above, -1 for a section.
        ends: the row behind the last one that stands under a row.
        international: whether the IPC has the symbol; if not, only the CPC has it.
        tops: the rows of sections, classes and subclasses by symbol. subclasses: those of subclasses.
    """

    lines: Lines
    depths: npt.NDArray[np.int8]
    parents: Rows
    ends: Rows
    international: npt.NDArray[np.bool_]
    tops: dict[str, int]
    subclasses: Rows

    def symbol(self, row: int) -> str:
        """The symbol in a row, in the spelling of `class_key`."""
        return self.lines[row][_SYMBOL_AT:]

    def row(self, key: str) -> int | None:
        """The row of a key; None where the scheme has no such symbol."""
        if len(key) <= _SUBCLASS_LETTERS:
            return self.tops.get(key)
        top = self.tops.get(key[:_SUBCLASS_LETTERS])
        if top is None or not key.isascii():
            return None
        first, last = self.lines.start(top), int(self.lines.ends[self.ends[top] - 1])
        place = self.lines.data.find(f"\t{key}\n".encode(), first, last + 1)
        return None if place < 0 else int(np.searchsorted(self.lines.ends, place))

    def above(self, row: int) -> tuple[int, ...]:
        """The rows above a row, the section first."""
        rows: list[int] = []
        while (row := int(self.parents[row])) >= 0:
            rows.append(row)
        return tuple(reversed(rows))

    def below(self, row: int) -> tuple[int, ...]:
        """The rows directly under a row, in the order of the scheme."""
        under = slice(row + 1, self.ends[row])
        return tuple(map(int, np.flatnonzero(self.parents[under] == row) + row + 1))

    def sections(self) -> tuple[int, ...]:
        """The rows of the sections."""
        return tuple(map(int, np.flatnonzero(self.depths == 0)))


@cache
def tree() -> Tree:
    """The scheme, read once per process: a tenth of a second and about 10 MB."""
    lines = read("symbols.tsv.gz")
    letters = np.frombuffer(lines.data, np.uint8)
    digits = letters[lines.starts].astype(np.int8)
    depths = np.where(digits >= ord("a"), digits - (ord("a") - 10), digits - ord("0")).astype(np.int8)
    tops = {lines[row][_SYMBOL_AT:]: row for row in map(int, np.flatnonzero(depths < MAIN_GROUP))}
    international = letters[lines.starts + 2] == ord("i")
    subclasses = np.flatnonzero(depths == SUBCLASS).astype(np.int32)
    return Tree(lines, depths, _parents(depths), _ends(depths), international, tops, subclasses)


def _parents(depths: npt.NDArray[np.int8]) -> Rows:
    """The row above each: the last one before it that is one less deep."""
    parents = np.full(depths.size, -1, np.int32)
    for depth in range(1, int(depths.max()) + 1):
        rows, above = np.flatnonzero(depths == depth), np.flatnonzero(depths == depth - 1)
        parents[rows] = above[np.searchsorted(above, rows) - 1]
    return parents


def _ends(depths: npt.NDArray[np.int8]) -> Rows:
    """The next row after each that is not deeper than it."""
    ends = np.empty(depths.size, np.int32)
    for depth in range(int(depths.max()) + 1):
        rows, stops = np.flatnonzero(depths == depth), np.flatnonzero(depths <= depth)
        ends[rows] = np.append(stops, depths.size)[np.searchsorted(stops, rows, side="right")]
    return ends


@lru_cache(maxsize=50_000)
def ancestors(symbol: str) -> tuple[str, ...]:
    """What stands above a symbol in any spelling: section, class, subclass, main group, each dot level.

    A symbol that the scheme does not have (of an old edition, of Locarno) has what its spelling shows.
    """
    key = class_key(symbol)
    row = tree().row(key)
    if row is None:
        return levels(key)
    return tuple(tree().symbol(above) for above in tree().above(row))


def children(symbol: str) -> tuple[str, ...]:
    """The symbols directly under a symbol, the sections under ""; none under an unknown one."""
    key = class_key(symbol)
    row = tree().row(key)
    if row is None:
        return () if key else tuple(map(tree().symbol, tree().sections()))
    return tuple(map(tree().symbol, tree().below(row)))
