"""One state of the index, opened once; a new state is a new reader."""

import os
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import tantivy
from tantivy import DocAddress, Order, Query

from search.engines import FACET_FIELDS, PREFIX_LIMIT, Request, Response, TooBroad
from search.engines.deadline import Deadline
from search.engines.tantivy.building import any_value, between, every
from search.engines.tantivy.checking import check, generation
from search.engines.tantivy.compiling import Compiler
from search.engines.tantivy.counting import Counting
from search.engines.tantivy.pages import Pages, constant
from search.engines.tantivy.places import Places
from search.engines.tantivy.remembering import Memory

Mark = tuple[int, int, int]
Hits = list[tuple[Any, DocAddress]]
Counts = tuple[dict[str, dict[str, int]], dict[str, tuple[int, ...]]]

COUNTS_KEPT = 100
"""Counts that a reader remembers until the index changes, because people page and change the order."""


class Moved(Exception):
    """A commit came while the index was being opened."""


class Reader:
    """One state of the index; several threads may ask it at once."""

    def __init__(self, folder: Path, checked: set[str]) -> None:
        """Open the index in `folder`; raises Moved, or anything else when files are damaged.

        `checked` are the files that this process has found whole; others are added to them.
        """
        self._folder = folder
        self._process = os.getpid()
        self._mark = _mark(folder)
        self.generation = generation(folder)
        check(folder, checked)
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
        self._schema = index.schema
        self._searcher = index.searcher()
        if self._mark != _mark(folder):
            raise Moved
        self._pages = Pages(self._schema, self._searcher)
        self._counting = Counting(self._schema, self._searcher)
        self._places = Places(self._schema, self._searcher)
        self._memory: Memory[Counts] = Memory(COUNTS_KEPT)

    def is_current(self, folder: Path) -> bool:
        """Whether nothing was committed since; a forked process has to open the files itself."""
        return self._process == os.getpid() and self._folder == folder and self._mark == _mark(folder)

    def answer(self, request: Request) -> Response:
        """Search. Raises TooBroad, TooSlow."""
        deadline = Deadline(request.seconds)
        deadline.check()
        scored = request.sort.field is None and constant(request.node) is None
        limits = {name: any_value(self._schema, name, values) for name, values in request.filters.items()}
        limits |= {name: between(self._schema, name, bounds) for name, bounds in request.ranges.items()}
        wanted = self._compiler(deadline, scored=scored).query(request.node)
        total, hits = self._pages.read(_limited(wanted, limits), request)
        parts = (request.filters, request.ranges, request.bands)
        key = (request.node, *(frozenset(part.items()) for part in parts))

        def count() -> Counts:
            # What all stands on the page need not be looked for again to be counted.
            on_page = [hit.id for hit in hits] if len(hits) == total and not limits else None
            return self._counted(request, limits, on_page, deadline)

        facets, bands = self._memory.get(key, count)
        return Response(total, tuple(hits), facets, self.generation, bands)

    def _counted(
        self, request: Request, limits: Mapping[str, Query], on_page: list[str] | None, deadline: Deadline
    ) -> Counts:
        """Counts field by field, those together of which no filter or range is lifted."""
        if on_page is None:
            matching = self._compiler(deadline, scored=False).query(request.node)
        else:
            matching = Query.term_set_query(self._schema, "id", on_page)
        facets: dict[str, dict[str, int]] = {}
        bands: dict[str, tuple[int, ...]] = {}
        own = {name: name if name in limits else "" for name in (*FACET_FIELDS, *request.bands)}
        for lifted in ["", *limits]:
            deadline.check()
            names = [name for name in FACET_FIELDS if own[name] == lifted]
            asked = {name: wanted for name, wanted in request.bands.items() if own[name] == lifted}
            counted = self._counting.count(_limited(matching, limits, lifted), names, asked)
            facets |= counted[0]
            bands |= counted[1]
        return facets, bands

    def versions(self, ids: Iterable[str] | None) -> Mapping[str, str]:
        """The version of each of these documents that is there, of all for None."""
        if ids is None:
            return self._versions
        known = list(ids)
        if not known:
            return {}
        query = Query.term_set_query(self._schema, "id", known)
        return self._read(self._searcher.search(query, len(known), count=False).hits)

    @cached_property
    def newest(self) -> str:
        """The greatest version, empty without documents."""
        found = self._searcher.search(Query.all_query(), 1, order_by_field="version", order=Order.Desc)
        return str(found.hits[0][0]) if found.hits else ""

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        count = max(1, self._searcher.num_docs)
        return self._read(self._searcher.search(Query.all_query(), count, count=False).hits)

    def _read(self, hits: Hits) -> dict[str, str]:
        found = [self._searcher.doc(address) for _, address in hits]
        return {document["id"][0]: document["version"][0] for document in found}

    def frequencies(self, name: str, words: Collection[str]) -> Mapping[str, int]:
        """How many documents have each word."""
        counted = {word: self._searcher.doc_freq(name, word) for word in words}
        return {word: count for word, count in counted.items() if count}

    def vocabulary(self, name: str) -> Iterable[tuple[str, int]]:
        """The words of a field with their frequencies."""
        return self._searcher.terms_with_prefix(name, "")

    def _compiler(self, deadline: Deadline, *, scored: bool) -> Compiler:
        return Compiler(self._schema, self._places, self._expand, deadline.check, scored=scored)

    def _expand(self, name: str, prefix: str) -> list[str]:
        found = self._searcher.terms_with_prefix(name, prefix, limit=PREFIX_LIMIT + 1)
        if len(found) > PREFIX_LIMIT:
            # Some may be words of deleted documents only; counting the others takes longer.
            found = self._searcher.terms_with_prefix(name, prefix, Query.all_query(), PREFIX_LIMIT + 1)
        if len(found) > PREFIX_LIMIT:
            raise TooBroad(prefix)
        return [word for word, _ in found]


def _limited(query: Query, limits: Mapping[str, Query], lifted: str = "") -> Query:
    return every([query, *(limit for name, limit in limits.items() if name != lifted)])


def _mark(folder: Path) -> Mark:
    """Changes with every commit, which replaces the file."""
    state = (folder / "meta.json").stat()
    return state.st_mtime_ns, state.st_ino, state.st_size
