"""The embedded engine on whoosh3: good for some ten thousand documents, no server. Only this file imports it.

Whoosh stores the postings and scores single words and phrases (BM25F); `arrays` does the rest. Left unused,
because they gave wrong answers when they were tried against brute force: `Searcher.refresh`, the length and
order of its result sets, its matchers for NOT, its filters, its query parser.
"""

# Whoosh's types are partly missing; its own words here are few and under test.
# mypy: disable-error-code="no-untyped-call, attr-defined, arg-type"

import math
import os
import pickle
import struct
import threading
from collections import OrderedDict
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import columns, fields, formats, index, query
from whoosh.filedb.filetables import FileFormatError
from whoosh.reading import CorruptIndexError, ReaderClosed
from whoosh.scoring import BM25F
from whoosh.system import pack_uint

from search.engines import (
    FACET_FIELDS,
    KEY_FIELDS,
    NUMBER_FIELDS,
    PHRASE_FIELD,
    PREFIX_LIMIT,
    TEXT_FIELDS,
    Busy,
    Document,
    Leaf,
    Phrase,
    Prefix,
    Request,
    Response,
    Term,
    TooBroad,
    Unavailable,
)
from search.engines.arrays import MISSING, Found, Mask, Table
from search.engines.folders import Folders

LEAVES_KEPT = 2000
"""Answers to single words that a reader remembers until the index changes."""

OPENING_ATTEMPTS = 5
"""A commit may remove a segment between reading the list of segments and opening them."""

_DAMAGE = (
    OSError, EOFError, ValueError, KeyError, AttributeError, struct.error, pickle.UnpicklingError,
    index.IndexError, CorruptIndexError, ReaderClosed, FileFormatError,
)  # fmt: skip


class WordField(fields.FieldType):
    """Words that are ready: no analyser. Positions are kept where phrases are looked for."""

    def __init__(self, *, positions: bool) -> None:
        self.positions = formats.Positions() if positions else None
        super().__init__(self.positions or formats.Frequency(), None, scorable=True)

    def index(self, value: Any, **_options: Any) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        places: dict[str, list[int]] = {}
        for word, place in value:
            places.setdefault(word, []).append(place)
        for word, found in places.items():
            count = len(found)
            posting = self.positions.encode(sorted(found)) if self.positions else pack_uint(count)
            yield word.encode(), count, float(count), posting


class KeyField(fields.FieldType):
    """Keys that a document has or has not."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None, scorable=False)

    def index(self, value: Any, **_options: Any) -> Generator[tuple[bytes, int, float, bytes], Any, None]:
        yield from ((key.encode(), 1, 1.0, b"") for key in value)


def _schema() -> fields.Schema:
    schema = fields.Schema(id=fields.ID(unique=True, sortable=True), version=fields.COLUMN())
    for name in TEXT_FIELDS:
        schema.add(name, WordField(positions=name == PHRASE_FIELD))
    for name in KEY_FIELDS:
        schema.add(name, KeyField())
    for name in FACET_FIELDS:
        schema.add(name, fields.COLUMN(columns.RefBytesColumn()))
    for name in NUMBER_FIELDS:
        schema.add(name, fields.COLUMN(columns.NumericColumn("q", default=MISSING)))
    return schema


def _row(document: Document) -> dict[str, Any]:
    facets = {name: " ".join(sorted(document.facets.get(name, ()))).encode() for name in FACET_FIELDS}
    numbers = {name: document.numbers.get(name, MISSING) for name in NUMBER_FIELDS}
    return {
        "id": document.id,
        "version": document.version.encode(),
        **document.texts,
        **document.keys,
        **facets,
        **numbers,
    }


class Ranking(BM25F):
    """BM25F with the rarity of a word as Lucene and the textbooks have it; Whoosh's own is flatter."""

    def idf(self, searcher: Any, fieldname: str, text: Any) -> float:
        holders = searcher.doc_frequency(fieldname, text)
        return math.log(1 + (searcher.doc_count_all() - holders + 0.5) / (holders + 0.5))


class WhooshEngine:
    """An index in a folder. One object may be used by several threads; each process opens its own reader."""

    def __init__(self, root: Path, layout: str = "1") -> None:
        self.folders = Folders(root, layout)
        self._noted: dict[str, Document | None] = {}
        self._reader: _Reader | None = None
        self._guard = threading.RLock()

    def upsert(self, documents: Iterable[Document]) -> None:
        with self._guard:
            self._noted.update((document.id, document) for document in documents)

    def delete(self, ids: Iterable[str]) -> None:
        with self._guard:
            self._noted.update((gone, None) for gone in ids)

    def commit(self) -> str:
        with self._guard, self.folders.locked():
            folder = self.folders.current()
            try:
                generation = _write(folder, self._noted)
            except index.LockError:
                raise Busy(str(folder)) from None
            self._noted = {}
            return f"{folder.name}.{generation}"

    def rebuild(self, documents: Iterable[Document]) -> str:
        with self._guard, self.folders.locked():
            folder = self.folders.fresh()
            index.create_in(str(folder), _schema())
            generation = _fill(folder, documents)
            self.folders.switch(folder)
            return f"{folder.name}.{generation}"

    def search(self, request: Request) -> Response:
        with self._guard:
            reader = self._current_reader()
            return reader.table.answer(request, reader.leaf, reader.generation)

    def versions(self) -> Mapping[str, str]:
        with self._guard:
            table = self._current_reader().table
            return {table.ids[row]: table.versions[row] for row in np.flatnonzero(table.alive)}

    def _current_reader(self) -> "_Reader":
        """The reader of the newest state; a forked process opens its own, files are not shared."""
        for _ in range(OPENING_ATTEMPTS):
            folder = self.folders.current()
            try:
                if self._reader is None or not self._reader.is_current(folder):
                    self._reader = _Reader(folder)
            except _DAMAGE as damage:
                self._reader, reason = None, damage
            else:
                return self._reader
        raise Unavailable(f"{folder} cannot be opened: {reason}") from reason


def _write(folder: Path, noted: Mapping[str, Document | None]) -> int:
    try:
        opened = index.open_dir(str(folder))
        writer = opened.writer()
    except _DAMAGE as damage:
        raise Unavailable(f"{folder} cannot be written: {damage}") from damage
    try:
        for document_id, document in noted.items():
            if document is None:
                writer.delete_by_term("id", document_id)
            else:
                writer.update_document(**_row(document))
    except BaseException:
        writer.cancel()
        raise
    writer.commit()
    return int(opened.latest_generation())


def _fill(folder: Path, documents: Iterable[Document]) -> int:
    opened = index.open_dir(str(folder))
    writer = opened.writer(limitmb=64)
    for document in documents:
        writer.add_document(**_row(document))
    writer.commit()
    return int(opened.latest_generation())


class _Reader:
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
