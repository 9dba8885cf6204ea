"""One state of the index, opened once and never refreshed."""

# Whoosh's types are partly missing; its own words here are few and under test.
# mypy: disable-error-code="no-untyped-call, attr-defined, arg-type"

import math
import os
from collections import OrderedDict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index, query
from whoosh.scoring import BM25F

from search.engines import (
    FACET_FIELDS,
    KEY_FIELDS,
    NUMBER_FIELDS,
    PHRASE_FIELD,
    PREFIX_LIMIT,
    Leaf,
    Phrase,
    Prefix,
    Term,
    TooBroad,
)
from search.engines.arrays import MISSING, Found, Mask, Table

LEAVES_KEPT = 2000
"""Answers to single words that a reader remembers until the index changes."""


class Ranking(BM25F):
    """BM25F with the rarity of a word as Lucene and the textbooks have it; Whoosh's own is flatter."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        holders = searcher.doc_frequency(fieldname, text)
        return math.log(1 + (searcher.doc_count_all() - holders + 0.5) / (holders + 0.5))


class Reader:
    """One state of the index, opened once and never refreshed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = os.getpid()
        self._index = index.open_dir(str(folder), readonly=True)
        before = self._index.latest_generation()
        self._searcher = self._index.searcher(weighting=Ranking())
        # A reader without any segment does not know its generation; too old a number costs one more opening.
        self._number = self._searcher.reader().generation() or before
        self.generation = f"{folder.name}.{self._number}"
        self.table = _table(self._searcher)
        self._leaves: OrderedDict[Leaf, Found] = OrderedDict()

    def is_current(self, folder: Path) -> bool:
        same = self._process == os.getpid() and self._folder == folder
        return same and self._index.latest_generation() == self._number

    def close(self) -> None:
        """Give the files back; nothing may be asked any more."""
        self._searcher.close()
        self._index.close()

    def leaf(self, leaf: Leaf) -> Found:
        """The rows with a word, phrase or prefix; remembered, because people page and filter."""
        known = self._leaves.get(leaf)
        if known is None:
            known = self._prefix(leaf) if isinstance(leaf, Prefix) else self._walk(leaf)
            self._leaves[leaf] = known
        self._leaves.move_to_end(leaf)
        if len(self._leaves) > LEAVES_KEPT:
            self._leaves.popitem(last=False)
        return known

    def _walk(self, leaf: Term | Phrase) -> Found:
        if isinstance(leaf, Term):
            asked = query.Term(leaf.field, leaf.text)
        else:
            asked = query.Phrase(PHRASE_FIELD, list(leaf.texts)).normalize()
        rows: list[int] = []
        scores: list[float] = []
        for searcher, offset in self._searcher.leaf_searchers():
            matcher = asked.matcher(searcher, searcher.boolean_context() if _is_key(leaf) else None)
            while matcher.is_active():
                rows.append(offset + matcher.id())
                scores.append(1.0 if _is_key(leaf) else matcher.score())
                matcher.next()
        return self._found(rows, scores, leaf.boost)

    def _prefix(self, leaf: Prefix) -> Found:
        words: set[bytes] = set()
        for searcher, _ in self._searcher.leaf_searchers():
            expanded = searcher.reader().expand_prefix(PHRASE_FIELD, leaf.text)
            words.update(islice(expanded, PREFIX_LIMIT + 1))
        if len(words) > PREFIX_LIMIT:
            raise TooBroad(leaf.text)
        mask = np.zeros(len(self.table.ids), bool)
        for word in words:
            mask |= self.leaf(Term(PHRASE_FIELD, word.decode())).mask
        return Found(mask, np.where(mask, leaf.boost, 0.0))

    def _found(self, rows: list[int], scores: list[float], boost: float) -> Found:
        mask, dense = np.zeros(len(self.table.ids), bool), np.zeros(len(self.table.ids))
        mask[rows] = True
        dense[rows] = np.array(scores) * boost
        return Found(mask, dense)


def _is_key(leaf: Term | Phrase) -> bool:
    return isinstance(leaf, Term) and leaf.field in KEY_FIELDS


def _table(searcher: Any) -> Table:
    """Decode the columns of all segments once per generation."""
    count = searcher.reader().doc_count_all()
    alive = np.zeros(count, bool)
    alive[list(searcher.reader().all_doc_ids())] = True
    ids = [value.decode() for value in _column(searcher, "id", b"")]
    return Table(
        ids=ids,
        versions=[value.decode() for value in _column(searcher, "version", b"")],
        alive=alive,
        facets={name: _masks(list(_column(searcher, name, b""))) for name in FACET_FIELDS},
        numbers={
            name: np.fromiter(_column(searcher, name, MISSING), np.int64, count) for name in NUMBER_FIELDS
        },
        rank=np.argsort(np.argsort(np.array(ids, dtype=str), kind="stable")),
    )


def _column(searcher: Any, name: str, default: Any) -> Iterator[Any]:
    for leaf, _ in searcher.leaf_searchers():
        reader, count = leaf.reader(), leaf.reader().doc_count_all()
        if reader.has_column(name):
            column = reader.column_reader(name, translate=False)
            yield from (column[row] for row in range(count))
        else:
            yield from (default for _ in range(count))


def _masks(values: list[bytes]) -> dict[str, Mask]:
    """Per value the rows that have it; a row may have several, written with spaces between them."""
    masks: dict[str, Mask] = {}
    for row, packed in enumerate(values):
        for value in packed.decode().split():
            masks.setdefault(value, np.zeros(len(values), bool))[row] = True
    return masks
