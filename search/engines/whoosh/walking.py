"""Walking through the postings of words: every document is looked at, nothing is left out for speed."""

# Whoosh's types are partly missing; its own words here are few and under test.
# mypy: disable-error-code="no-untyped-call, attr-defined, arg-type"

import math
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh import query
from whoosh.scoring import BM25F

from search.engines import PREFIX_LIMIT, TEXT_FIELDS, Leaf, Near, Phrase, Prefix, Term, TooBroad
from search.engines.whoosh.postings import Found, Step, holders, scored

_STEP = 1000

Words = tuple[str, ...]


class Ranking(BM25F):
    """BM25F with the rarity of a word as Lucene and the textbooks have it; Whoosh's own is flatter."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        holders = searcher.doc_frequency(fieldname, text)
        return math.log(1 + (searcher.doc_count_all() - holders + 0.5) / (holders + 0.5))


def walk(searcher: Any, leaf: Leaf, step: Step) -> Found:
    """The documents of a word, phrase, prefix or nearness that are not deleted, with their scores."""
    if isinstance(leaf, Prefix):
        words = expand(searcher, leaf.field, leaf.text, step)
        found = [walk(searcher, Term(leaf.field, word), step)[0] for word in words]
        rows = np.unique(np.concatenate([np.empty(0, np.int32), *found]))
        return rows, np.full(rows.size, leaf.boost)
    parts = [(offset, *_within(each, leaf, step)) for each, offset in searcher.leaf_searchers()]
    rows = np.concatenate([np.empty(0, np.int32), *(offset + found for offset, found, _ in parts)])
    return rows, np.concatenate([np.empty(0), *(scores for _, _, scores in parts)])


def _within(searcher: Any, leaf: Leaf, step: Step) -> Found:
    """The documents of one segment."""
    match leaf:
        case Term(name, text) | Phrase((text,), field=name):
            if name in TEXT_FIELDS:
                rows, scores = scored(searcher, name, text, step)
                return rows, leaf.boost * scores
            rows = holders(searcher, name, text, step)
            return rows, np.full(rows.size, leaf.boost)
        case Phrase() | Near():
            found = list(_side_by_side(searcher, leaf, step))
            return np.array([row for row, _ in found], np.int32), np.array([score for _, score in found])
    raise TypeError(leaf)


def _side_by_side(searcher: Any, leaf: Phrase | Near, step: Step) -> Iterator[tuple[int, float]]:
    """The documents of one segment in which the words stand as asked."""
    texts = leaf.texts if isinstance(leaf, Phrase) else (*leaf.first, *leaf.second)
    for row, matchers in _together(searcher, leaf.field, texts, step):
        places = {text: matcher.value_as("positions") for text, matcher in matchers.items()}
        if _is_near(places, leaf) if isinstance(leaf, Near) else _starts(places, texts):
            yield row, leaf.boost * sum(matchers[text].score() for text in texts)


def expand(searcher: Any, name: str, prefix: str, step: Step) -> set[str]:
    """The words with a prefix that some document has; raises TooBroad."""
    words: set[str] = set()
    for leaf, _ in searcher.leaf_searchers():
        for word in leaf.reader().expand_prefix(name, prefix):
            step()
            text = word.decode()
            if text in words or not query.Term(name, text).matcher(leaf).is_active():
                continue
            words.add(text)
            if len(words) > PREFIX_LIMIT:
                raise TooBroad(prefix)
    return words


def _rows(matcher: Any, step: Step) -> Iterator[int]:
    """The documents of a matcher, which stands at each while it is used."""
    passed = 0
    while matcher.is_active():
        if passed % _STEP == 0:
            step()
        passed += 1
        yield matcher.id()
        matcher.next()


def _together(searcher: Any, name: str, texts: Words, step: Step) -> Iterator[tuple[int, dict[str, Any]]]:
    """The documents with all words, and for each word its matcher, which stands there."""
    reader = searcher.reader()
    rarest_first = sorted(set(texts), key=lambda text: reader.doc_frequency(name, text))
    matchers = {text: query.Term(name, text).matcher(searcher) for text in rarest_first}
    if not all(matcher.is_active() for matcher in matchers.values()):
        return
    lead, *others = matchers.values()
    for row in _rows(lead, step):
        for other in others:
            if other.id() < row:
                other.skip_to(row)
                if not other.is_active():
                    return
            if other.id() != row:
                break
        else:
            yield row, matchers


def _starts(places: dict[str, list[int]], texts: Words) -> set[int]:
    """Where the words stand one after another."""
    starts = set(places[texts[0]])
    for step, text in enumerate(texts[1:], 1):
        starts &= {place - step for place in places[text]}
    return starts


def _is_near(places: dict[str, list[int]], near: Near) -> bool:
    first, second = (sorted(_starts(places, texts)) for texts in (near.first, near.second))
    if _follows(first, len(near.first), second, near.distance):
        return True
    return not near.ordered and _follows(second, len(near.second), first, near.distance)


def _follows(before: list[int], length: int, after: list[int], distance: int) -> bool:
    """Whether anything of `after` begins at most `distance` places behind the end of anything of `before`."""
    for start in before:
        at = bisect_left(after, start + length)
        if at < len(after) and after[at] - start - length <= distance:
            return True
    return False
