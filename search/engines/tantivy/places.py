"""Where words stand: phrases and nearness as queries that only match, exact whatever the words are.

Tantivy's slop is exact for two words only: they may then stand `slop` nearer or further apart than asked.
Nearness of longer phrases is asked for with each gap. That is slow, as are phrases of frequent words: what
matched, where it is not much, is remembered until the index changes and then asked for by id.
"""

# Tantivy's own types forget the count of a result.
# mypy: disable-error-code="attr-defined"

from collections.abc import Iterable

from tantivy import Query, Schema, Searcher

from search.engines import Near, Phrase
from search.engines.tantivy.building import any_of, every, silent
from search.engines.tantivy.remembering import Memory

Words = tuple[str, ...]
Placed = list[str | tuple[int, str]]

FEW = 1000
"""So many documents are asked for by id."""

FREQUENT = 2000
"""Phrases of words that fewer documents have are found at once; those of words in every fifth are in many."""

KEPT = 200


class Places:
    """Phrases and nearness in one state of the index."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        self._memory: Memory[Query] = Memory(KEPT)

    def query(self, leaf: Phrase | Near) -> Query:
        """The documents of a phrase or nearness, with no score."""
        name = leaf.field
        if isinstance(leaf, Phrase):
            phrase = self._row(name, leaf.texts)
            rarest = min(self._searcher.doc_freq(name, text) for text in leaf.texts)
            if FREQUENT < rarest < self._searcher.num_docs // 5:
                return self._memory.get((name, leaf.texts), lambda: self._resolved(phrase))
            return silent(phrase)
        pairs = [(leaf.first, leaf.second), (leaf.second, leaf.first)][: 1 if leaf.ordered else 2]
        if len(leaf.first) == len(leaf.second) == 1:
            return silent(any_of(self._words(name, *pair, leaf.distance) for pair in pairs))
        key = (name, leaf.first, leaf.second, leaf.distance, leaf.ordered)
        return self._memory.get(key, lambda: self._near(leaf, pairs))

    def _row(self, name: str, texts: Words) -> Query:
        if len(texts) == 1:
            return Query.term_query(self._schema, name, texts[0], "basic")
        return Query.phrase_query(self._schema, name, list(texts))

    def _words(self, name: str, first: Words, second: Words, distance: int) -> Query:
        """The last word of the first, then the first of the second, `distance` places between at most."""
        one, other, even = first[-1], second[0], distance // 2 * 2
        wide: Placed = [(0, one), (1 + even // 2, other)]
        found = [Query.phrase_query(self._schema, name, wide, even // 2)]
        if even < distance:
            last: Placed = [(0, one), (1 + distance, other)]
            found.append(Query.phrase_query(self._schema, name, last))
        return any_of(found)

    def _near(self, near: Near, pairs: list[tuple[Words, Words]]) -> Query:
        name = near.field
        both = [self._row(name, near.first), self._row(name, near.second)]
        touching = any_of(self._words(name, *pair, near.distance) for pair in pairs)
        if not self._searcher.search(every([*both, touching]), 1).count:
            return Query.empty_query()
        gaps = (
            Query.phrase_query(self._schema, name, _with_gap(*pair, gap))
            for pair in pairs
            for gap in range(near.distance + 1)
        )
        return self._resolved(every([*both, any_of(gaps)]))

    def _resolved(self, query: Query) -> Query:
        """The same documents by their ids, unless there are many."""
        found = self._searcher.search(silent(query), FEW)
        if found.count > FEW:
            return silent(query)
        ids = [self._searcher.doc(address)["id"][0] for _, address in found.hits]
        return silent(Query.term_set_query(self._schema, "id", ids))


def _with_gap(first: Words, second: Words, gap: int) -> Placed:
    places: Iterable[int] = [*range(len(first)), *range(len(first) + gap, len(first) + gap + len(second))]
    return list(zip(places, (*first, *second), strict=True))
