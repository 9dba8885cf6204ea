"""One state of the index, opened once and never refreshed."""

# Whoosh's types are partly missing; its own words here are few and under test.
# mypy: disable-error-code="no-untyped-call, attr-defined, arg-type"

import os
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index

from search.engines import FACET_FIELDS, NUMBER_FIELDS, Leaf, Request, Response
from search.engines.arrays import MISSING, Facet, Found, Numbers, Table
from search.engines.deadline import Deadline
from search.engines.whoosh.postings import Step
from search.engines.whoosh.walking import Ranking, walk

ROWS_KEPT = 2_000_000
"""Rows of answers to single words that a reader remembers until the index changes, twelve bytes each."""


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
        self._leaves: OrderedDict[Leaf, tuple[Numbers, Numbers]] = OrderedDict()
        self._rows_kept = 0

    def is_current(self, folder: Path) -> bool:
        same = self._process == os.getpid() and self._folder == folder
        return same and self._index.latest_generation() == self._number

    def close(self) -> None:
        """Give the files back; nothing may be asked any more."""
        self._searcher.close()
        self._index.close()

    def answer(self, request: Request) -> Response:
        """Search. Raises TooBroad, TooSlow."""
        step = Deadline(request.seconds).check
        return self.table.answer(request, lambda leaf: self._found(leaf, step), self.generation)

    def _found(self, leaf: Leaf, step: Step) -> Found:
        """The rows of a leaf; remembered, because people page and filter."""
        step()
        known = self._leaves.pop(leaf, None)
        if known is None:
            known = walk(self._searcher, leaf, step)
            self._rows_kept += known[0].size
        self._leaves[leaf] = known
        while self._rows_kept > ROWS_KEPT and len(self._leaves) > 1:
            _, (rows, _) = self._leaves.popitem(last=False)
            self._rows_kept -= rows.size
        rows, scores = known
        mask, dense = np.zeros(len(self.table.ids), bool), np.zeros(len(self.table.ids))
        mask[rows], dense[rows] = True, scores
        return Found(mask, dense)

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """The version of every document."""
        table = self.table
        return {table.ids[at]: table.versions[at] for at in np.flatnonzero(table.alive)}

    @cached_property
    def newest(self) -> str:
        """The greatest version, empty without documents."""
        return max(self.versions.values(), default="")

    def frequencies(self, name: str, words: Collection[str]) -> Mapping[str, int]:
        """How many documents have each word."""
        counted = {word: self._searcher.reader().doc_frequency(name, word) for word in words}
        return {word: count for word, count in counted.items() if count}

    def vocabulary(self, name: str) -> Iterable[tuple[str, int]]:
        """The words of a field with their frequencies."""
        words = self._searcher.reader().iter_field(name)
        return [(word.decode(), info.doc_frequency()) for word, info in words]


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
        facets={
            name: Facet.of(value.decode().split() for value in _column(searcher, name, b""))
            for name in FACET_FIELDS
        },
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
