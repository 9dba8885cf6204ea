"""Classes found by the words of their titles, or by the beginning of a symbol.

A title of a subgroup is read with those above it, so a class is found when its own title has one of the
words and those above it have the others. Rare words and words in a title itself weigh more; a class comes
the earlier, the more of its subclass is about the words, the shorter its title, the higher its level, and
when the IPC has it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from search.classification import titles
from search.classification.lines import Rows
from search.classification.symbols import class_key, is_class
from search.classification.titles import row_reading, row_title
from search.classification.tree import SUBCLASS, Tree, tree
from search.classification.words import TEXT_LIMIT, Word, look_up

_INHERITED = 0.4  # what a word in a title above weighs beside one in the title itself
_PER_NEIGHBOUR = 0.5  # what others found in the same subclass add, by the logarithm of their number
_PER_LEVEL = 0.25  # what each level below a subclass takes away
_ONLY_COOPERATIVE = 0.6  # lots carry symbols of the IPC far more often than those of the CPC alone
_ENOUGH = (0.75, 0.5)  # the part of the weight of all words that a class must have; less when none has it
_ENOUGH_IN_SUBCLASS = 0.3  # the part that all titles of a subclass together must have for a suggestion
_ROUNDING = 1e-3
_SATURATION, _LENGTH = 1.2, 0.1  # of BM25 over subclasses, tried on the titles of 7,000 patents

_BEGINNING = re.compile(r"[A-HY](?:[0-9]{1,2}(?:[A-Z](?:[1-9][0-9]{0,3}(?:/[0-9]{0,6})?)?)?)?")
_SUBCLASS_LETTERS = 4

Weights = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Match:
    """A class that was found.

    Attributes:
        title: its own. reading: with those above it, from the main group.
    """

    symbol: str
    title: str
    reading: str


def search_titles(text: str, language: str, limit: int = 20) -> list[Match]:
    """Classes whose titles, read with those above, have the words of the text or most of them, best first.

    A text that begins a symbol finds the symbols that begin so.
    """
    rows = _beginning_with(text, limit)
    if not rows and not is_class(text):
        rows = _best(look_up(text))[:limit]
    return [Match(tree().symbol(row), row_title(row, language), row_reading(row, language)) for row in rows]


def suggested_classes(text: str, language: str, limit: int = 3) -> list[tuple[str, str]]:
    """Classes that plain words may mean, the best of each subclass that is about them; none for a symbol.

    Each comes with a title that can be understood alone.
    """
    words = [] if is_class(text) else look_up(text)
    if not words:
        return []
    scheme, about, score = tree(), _about(words, tree()), _weigh(words, tree())[1]
    subclasses = [at for at in np.argsort(-about, kind="stable")[:limit] if about[at]]
    rows = [_best_in(scheme, int(scheme.subclasses[at]), words, score) for at in subclasses]
    return [(scheme.symbol(row), row_reading(row, language)) for row in rows]


def _about(words: Sequence[Word], scheme: Tree) -> Weights:
    """How much each subclass of the IPC is about the words, by BM25 over all its titles; 0 without enough."""
    sizes = scheme.ends[scheme.subclasses] - scheme.subclasses
    lengths = _SATURATION * (1 - _LENGTH + _LENGTH * sizes / sizes.mean())
    about, has = np.zeros(sizes.size), np.zeros(sizes.size)
    for word in words:
        rows = np.union1d(*word.rows.values())
        rows = rows[scheme.international[rows] & (scheme.depths[rows] >= SUBCLASS)]
        counts = np.bincount(np.searchsorted(scheme.subclasses, rows, side="right") - 1, minlength=sizes.size)
        rarity = math.log(1 + (sizes.size + 1) / (np.count_nonzero(counts) + 0.5))
        about += rarity * counts / (counts + lengths)
        has += word.weight * (counts > 0)
    enough: Weights = about * (has >= _ENOUGH_IN_SUBCLASS * sum(word.weight for word in words))
    return enough


def _best_in(scheme: Tree, subclass: int, words: Sequence[Word], score: Weights) -> int:
    """The row of this subclass that comes first for the words, of those that the IPC has."""
    rows = np.arange(subclass, scheme.ends[subclass], dtype=np.int32)
    rows = rows[scheme.international[rows]]
    return int(rows[np.argmax(_ranked(words, rows, score, scheme))])


def _beginning_with(text: str, limit: int) -> list[int]:
    """The rows whose symbol begins with the text, the highest levels first; none when it is no beginning."""
    key = "".join(text[:TEXT_LIMIT].upper().split())
    key = key if key.endswith("/") else class_key(key)
    if not _BEGINNING.fullmatch(key):
        return []
    scheme = tree()
    found = [row for symbol, row in scheme.tops.items() if symbol.startswith(key)]
    subclass = scheme.tops.get(key[:_SUBCLASS_LETTERS]) if len(key) > _SUBCLASS_LETTERS - 1 else None
    if subclass is not None:
        found += _in_subclass(scheme, subclass, key)
    return sorted(found, key=lambda row: (int(scheme.depths[row]), row))[:limit]


def _in_subclass(scheme: Tree, subclass: int, key: str) -> list[int]:
    first, last = scheme.lines.starts[subclass + 1], scheme.lines.ends[scheme.ends[subclass] - 1]
    places = re.finditer(f"\t{re.escape(key)}".encode(), scheme.lines.data[first : last + 1])
    return [int(row) for row in scheme.lines.rows_of(int(first) + match.start() for match in places)]


def _best(words: Sequence[Word], most: int = 200) -> list[int]:
    """The rows with enough of the words on their path, the best first."""
    if not words:
        return []
    scheme, whole = tree(), sum(word.weight for word in words)
    on_path, score = _weigh(words, scheme)
    for part in _ENOUGH:
        rows = np.flatnonzero((on_path >= part * whole - _ROUNDING) & (score > 0)).astype(np.int32)
        if rows.size:
            break
    ranked = _ranked(words, rows, score, scheme) * _company(rows, scheme)
    return [int(row) for row in rows[np.lexsort((rows, -ranked))][:most]]


def _ranked(words: Sequence[Word], rows: Rows, score: Weights, scheme: Tree) -> Weights:
    """The scores of these rows, weighed by how much of a title the words fill, by level and by scheme."""
    ranked: Weights = score[rows] * (1 + _share(words, rows))
    ranked *= np.where(scheme.international[rows], 1, _ONLY_COOPERATIVE)
    ranked /= 1 + _PER_LEVEL * np.maximum(scheme.depths[rows] - SUBCLASS, 0)
    return ranked


def _weigh(words: Sequence[Word], scheme: Tree) -> tuple[Weights, Weights]:
    """Per row the weight of the words in its title or above, and its score, 0 without one of its own."""
    on_path, score, has_one = (np.zeros(len(scheme.lines), np.float32) for _ in range(3))
    for word in words:
        own = np.zeros(len(scheme.lines), np.float32)
        for rows in word.rows.values():
            own[rows] = 1
        reached = _spread(np.flatnonzero(own), scheme)
        on_path += word.weight * reached
        score += word.weight * (_INHERITED * reached + (1 - _INHERITED) * own)
        has_one += own
    return on_path, score * (has_one > 0)


def _spread(rows: npt.NDArray[np.intp], scheme: Tree) -> Weights:
    """1 for these rows and all that stands under one of them."""
    change = np.bincount(rows, minlength=len(scheme.lines) + 1)
    change -= np.bincount(scheme.ends[rows], minlength=len(scheme.lines) + 1)
    return (np.cumsum(change)[:-1] > 0).astype(np.float32)


def _company(rows: Rows, scheme: Tree) -> Weights:
    """What speaks for each row because others in its subclass were found too."""
    subclasses = np.searchsorted(scheme.subclasses, rows, side="right")
    found: npt.NDArray[np.int64] = np.bincount(subclasses)[subclasses]
    company: Weights = (1 + _PER_NEIGHBOUR * np.log(found)).astype(np.float32)
    return company


def _share(words: Sequence[Word], rows: Rows) -> Weights:
    """How much of each row's title the words fill, in the language where they fill more: 0 to 1."""
    filled = []
    for language in titles.LANGUAGES:
        lines, sizes = titles.lines(language), np.zeros(len(tree().lines), np.float32)
        for word in words:
            sizes[word.rows[language]] += word.size
        filled.append(sizes[rows] / np.maximum(lines.ends - lines.starts, 1)[rows])
    share: Weights = np.minimum(np.maximum(*filled), 1).astype(np.float32)
    return share
