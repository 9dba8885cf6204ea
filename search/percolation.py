"""Many queries against few documents: the changed lots are indexed in memory, the saved queries run on them.

A set of documents is one whole number: bit n stands for the n-th document of the batch. And, or and not of
two sets are then one operation each, however many documents there are.
"""

import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from search.engines import (
    FACET_FIELDS,
    KEY_FIELDS,
    NUMBER_FIELDS,
    TEXT_FIELDS,
    All,
    Between,
    Document,
    Either,
    Everything,
    Near,
    Node,
    Phrase,
    Prefix,
    Request,
    Term,
    Without,
)

Mask = int


class Batch:
    """Documents to ask many queries of. It finds what an engine that holds only these would find.

    One thing differs: a prefix may stand for any number of words. The limit of engines keeps a question from
    taking long; here it would make a saved search miss lots only because they come in a large batch.
    """

    def __init__(self, documents: Sequence[Document]) -> None:
        self._ids = [document.id for document in documents]
        self._all: Mask = (1 << len(documents)) - 1
        self._texts = {name: _Text(documents, name) for name in TEXT_FIELDS}
        self._keys = {name: _values(_keys_of(documents, name)) for name in (*KEY_FIELDS, *FACET_FIELDS)}
        self._facets = {name: _values(_facets_of(documents, name)) for name in FACET_FIELDS}
        self._numbers = {name: _Numbers(documents, name) for name in NUMBER_FIELDS}

    def find(self, request: Request) -> list[str]:
        """The ids of the documents that match, in the order of the batch; sort and page are passed over."""
        mask = self._match(request.node)
        for name, accepted in request.filters.items():
            values = self._facets[name]
            mask &= _union(values.get(value, 0) for value in accepted)
        for name, (least, most) in request.ranges.items():
            mask &= self._numbers[name].between(least, most)
        return [self._ids[place] for place in _places_of(mask)]

    def _match(self, node: Node) -> Mask:
        match node:
            case Everything():
                return self._all
            case All(parts):
                mask = self._all
                for part in parts:
                    mask &= self._match(part)
                return mask
            case Either(parts):
                return _union(map(self._match, parts))
            case Without(wanted, unwanted):
                return self._match(wanted) & ~self._match(unwanted)
            case Between(name, least, most):
                return self._numbers[name].between(least, most)
            case _:
                return self._match_words(node)

    def _match_words(self, leaf: Term | Phrase | Near | Prefix) -> Mask:
        match leaf:
            case Term(name, text):
                return (
                    self._texts[name].having(text) if name in self._texts else self._keys[name].get(text, 0)
                )
            case Phrase(texts, field=name):
                return self._texts[name].phrase(texts)
            case Prefix(text, field=name):
                return self._texts[name].prefix(text)
            case _:
                return self._texts[leaf.field].near(leaf)


class _Text:
    """One text field of all documents: where each word stands."""

    def __init__(self, documents: Sequence[Document], name: str) -> None:
        self._places: defaultdict[str, dict[int, set[int]]] = defaultdict(dict)
        for number, document in enumerate(documents):
            for word, place in document.texts.get(name, ()):
                self._places[word].setdefault(number, set()).add(place)
        self._masks = {word: _union(1 << number for number in held) for word, held in self._places.items()}
        self._sorted = sorted(self._masks)

    def having(self, word: str) -> Mask:
        return self._masks.get(word, 0)

    def prefix(self, beginning: str) -> Mask:
        start, end = (
            bisect_left(self._sorted, text) for text in (beginning, beginning + chr(sys.maxunicode))
        )
        return _union(self._masks[word] for word in self._sorted[start:end])

    def phrase(self, words: tuple[str, ...]) -> Mask:
        candidates = self._with_all(words)
        return _union(1 << number for number in _places_of(candidates) if self._starts(number, words))

    def near(self, node: Near) -> Mask:
        candidates = self._with_all((*node.first, *node.second))
        return _union(1 << number for number in _places_of(candidates) if self._stand_near(number, node))

    def _with_all(self, words: tuple[str, ...]) -> Mask:
        mask = self.having(words[0])
        for word in words[1:]:
            mask &= self.having(word)
        return mask

    def _starts(self, number: int, words: tuple[str, ...]) -> set[int]:
        """Where in a document that has all the words they stand one after another."""
        starts = self._places[words[0]][number]
        for step, word in enumerate(words[1:], 1):
            starts = {start for start in starts if start + step in self._places[word][number]}
        return starts

    def _stand_near(self, number: int, node: Near) -> bool:
        firsts, seconds = (sorted(self._starts(number, words)) for words in (node.first, node.second))
        if _follows(firsts, len(node.first), seconds, node.distance):
            return True
        return not node.ordered and _follows(seconds, len(node.second), firsts, node.distance)


class _Numbers:
    """One number field of all documents, in order, with the sets of those up to each."""

    def __init__(self, documents: Sequence[Document], name: str) -> None:
        held = [(document.numbers.get(name), number) for number, document in enumerate(documents)]
        pairs = sorted((value, number) for value, number in held if value is not None)
        self._values = [value for value, _ in pairs]
        self._below = [0]
        for _, number in pairs:
            self._below.append(self._below[-1] | 1 << number)

    def between(self, least: int | None, most: int | None) -> Mask:
        start = 0 if least is None else bisect_left(self._values, least)
        end = len(self._values) if most is None else bisect_right(self._values, most)
        return self._below[end] & ~self._below[start]


def _follows(starts: Sequence[int], length: int, others: Sequence[int], distance: int) -> bool:
    """Whether one of the others, which are in order, begins within the distance after the end of a start.

    Each is looked up and not held against all others: a text that repeats two words would take minutes.
    """
    for start in starts:
        at = bisect_left(others, start + length)
        if at < len(others) and others[at] - start - length <= distance:
            return True
    return False


def _union(masks: Iterable[Mask]) -> Mask:
    whole = 0
    for mask in masks:
        whole |= mask
    return whole


def _places_of(mask: Mask) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _values(held: Iterable[frozenset[str]]) -> Mapping[str, Mask]:
    masks: defaultdict[str, Mask] = defaultdict(int)
    for number, values in enumerate(held):
        for value in values:
            masks[value] |= 1 << number
    return dict(masks)


def _keys_of(documents: Sequence[Document], name: str) -> Iterator[frozenset[str]]:
    """A term in a field of keys or facets looks into the former first."""
    return (document.keys.get(name) or document.facets.get(name, frozenset()) for document in documents)


def _facets_of(documents: Sequence[Document], name: str) -> Iterator[frozenset[str]]:
    return (document.facets.get(name, frozenset()) for document in documents)
