"""How near two technologies are: by the depth of the classification that they share."""

import re
from functools import lru_cache

from transactions.comparables.values import Candidate, Subject, sector_of

UNKNOWN = 0.5

# Section, class, subclass and main group of an IPC or CPC symbol, with blanks and zero padding taken out.
_SYMBOL = re.compile(r"([A-HY])(?:([0-9]{2})(?:([A-Z])(?:0*([1-9][0-9]{0,3})(?:/.*)?)?)?)?")

# By the finest level that is shared: section, class, subclass, main group.
_DEPTHS = (0.75, 0.5, 0.25, 0.0)

# With no classes to go deeper: the same field lies between subclass and class, the same sector is as section.
_SAME_FIELD, _SAME_SECTOR = 0.25, 0.75

_Levels = tuple[frozenset[str], frozenset[str], frozenset[str], frozenset[str]]


@lru_cache(maxsize=8192)
def levels(classes: tuple[str, ...]) -> _Levels:
    """The sections, classes, subclasses and main groups of patent symbols; four empty sets if there are none.

    A symbol that ends at the subclass ("H02K") names no group.
    """
    found: tuple[set[str], set[str], set[str], set[str]] = (set(), set(), set(), set())
    for symbol in classes:
        match = _SYMBOL.fullmatch("".join(symbol.split()).upper())
        if match is None:
            continue
        text = ""
        for level, part in zip(found, match.groups(), strict=True):
            if part is None:
                break
            text += part
            level.add(text)
    sections, whole, subclasses, groups = (frozenset(level) for level in found)
    return sections, whole, subclasses, groups


def technology_difference(subject: Subject, candidate: Candidate) -> float | None:
    """0 for the same main group, 1 for nothing shared, a half for unknown; None: unknown of the subject."""
    mine, theirs = levels(subject.classes), levels(candidate.classes)
    if mine[0] and theirs[0]:
        return _by_depth(mine, theirs)
    if mine[0] or subject.technology_field is not None:
        return _by_field(subject.technology_field, candidate.technology_field, deeper=bool(mine[0]))
    return _by_number(subject.classes, candidate.classes)


def _by_depth(mine: _Levels, theirs: _Levels) -> float:
    shared = [difference for one, other, difference in zip(mine, theirs, _DEPTHS, strict=True) if one & other]
    return min(shared, default=1.0)


def _by_field(mine: int | None, theirs: int | None, *, deeper: bool) -> float:
    if mine is None or theirs is None:
        return UNKNOWN
    if mine == theirs:
        return _SAME_FIELD if deeper else 0.0
    if sector_of(mine) == sector_of(theirs):
        return _SAME_SECTOR if deeper else UNKNOWN
    return 1.0


def _by_number(mine: tuple[str, ...], theirs: tuple[str, ...]) -> float | None:
    """Nice classes and the like: one in common is enough, for a mark is often registered in several."""
    if not mine:
        return None
    if not theirs:
        return UNKNOWN
    return 0.0 if set(mine) & set(theirs) else 1.0
