"""The postings of one word in one segment as arrays, a block of a hundred at a time.

Asking a matcher for each posting takes Python some ten microseconds, a tenth of a second for a word that ten
thousand documents have. Whoosh has no public way to a whole block; the attributes used here belong to the
pinned version, and the differential tests hold what they say against brute force.
"""

# Whoosh's types are partly missing; its own words here are few and under test.
# mypy: disable-error-code="no-untyped-call, attr-defined, arg-type"

from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from whoosh import query
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.matching.wrappers import FilterMatcher
from whoosh.scoring import bm25

from search.engines.arrays import Numbers

Step = Callable[[], None]
"""Called now and then, and raises TooSlow when time is over."""

Found = tuple[Numbers, Numbers]
"""Rows and, place by place, their scores."""

_lengths: WeakKeyDictionary[Any, dict[str, Numbers]] = WeakKeyDictionary()


def holders(searcher: Any, name: str, text: str, step: Step) -> Numbers:
    """The rows of the documents that have the word and are not deleted."""
    return _walk(searcher, query.Term(name, text).matcher(searcher, searcher.boolean_context()), step)[0]


def scored(searcher: Any, name: str, text: str, step: Step) -> Found:
    """The same with the score that the searcher's ranking gives each."""
    matcher = query.Term(name, text).matcher(searcher)
    rows, weights = _walk(searcher, matcher, step)
    if not rows.size:
        return rows, weights
    scorer = searcher.weighting.scorer(searcher, name, text)
    lengths = _lengths_of(searcher.reader(), name)[rows]
    # The library's formula takes arrays as well as numbers.
    scores: Any = bm25(scorer.idf, weights, lengths, scorer.avgfl, scorer.B, scorer.K1)
    return rows, scores


def _walk(searcher: Any, matcher: Any, step: Step) -> Found:
    """Rows and weights, how often a document has the word, of all that a matcher stands for."""
    matcher = matcher.child if isinstance(matcher, FilterMatcher) else matcher
    rows, weights = [np.empty(0, np.int32)], [np.empty(0)]
    for ids, counts in _blocks(matcher):
        step()
        rows.append(np.array(ids, np.int32))
        weights.append(np.array(counts, float))
    found, counted = np.concatenate(rows), np.concatenate(weights)
    if not searcher.reader().has_deletions():
        return found, counted
    deleted = np.fromiter(searcher.reader().deleted_docs_set, np.int32)
    alive = ~np.isin(found, deleted)
    return found[alive], counted[alive]


def _blocks(matcher: Any) -> Iterator[tuple[Any, Any]]:
    """Ids and weights, by blocks; a word of a single document stands in the list of words itself."""
    while matcher.is_active():
        first = matcher.id(), matcher.weight()  # reads the block
        if isinstance(matcher, W3LeafMatcher):
            yield matcher._ids, matcher._weights  # noqa: SLF001
            matcher._next_block()  # noqa: SLF001
        else:
            yield first[:1], first[1:]
            matcher.next()


def _lengths_of(reader: Any, name: str) -> Numbers:
    """How long the field is in each document of a segment, as the segment keeps it; 1 where it is empty."""
    known = _lengths.setdefault(reader, {})
    if name not in known:
        each = (reader.doc_field_length(row, name, 1) or 1 for row in range(reader.doc_count_all()))
        known[name] = np.fromiter(each, float, reader.doc_count_all())
    return known[name]
