"""The embedded engine on whoosh3: good for some ten thousand documents, no server. Only here it is imported.

Whoosh stores the postings and scores single words (BM25F), `walking` puts them together by their positions,
`arrays` does the rest. Left unused, because they gave wrong answers when they were tried against brute force:
`Searcher.refresh`, the length and order of its result sets, its matchers for NOT, its filters, its parser.
"""

# Whoosh's types are partly missing; its own words here are few and under test.
# mypy: disable-error-code="no-untyped-call, attr-defined, arg-type"

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import index

from search.engines import Busy, Document, Request, Response, Unavailable
from search.engines.folders import Folders
from search.engines.whoosh.reader import Reader
from search.engines.whoosh.schema import row, schema

OPENING_ATTEMPTS = 5
"""A commit may remove a segment between reading the list of segments and opening them."""

SEGMENT = 1500
"""Documents whose postings fit into memory; more would be sorted on the disk, at half the speed."""


class WhooshEngine:
    """An index in a folder. One object may be used by several threads; each process opens its own reader."""

    def __init__(self, root: Path, layout: str = "1") -> None:
        self.folders = Folders(root, layout)
        self._noted: dict[str, Document | None] = {}
        self._reader: Reader | None = None
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
            generation = _write(folder, self._noted)
            self._noted = {}
            return f"{folder.name}.{generation}"

    def rebuild(self, documents: Iterable[Document]) -> str:
        with self._guard, self.folders.locked():
            with self.folders.fresh() as folder:
                index.create_in(str(folder), schema())
                generation = _fill(folder, documents)
                self.folders.switch(folder)
            return f"{folder.name}.{generation}"

    def search(self, request: Request) -> Response:
        with self._guard:
            return self._current_reader().answer(request)

    def versions(self, ids: Iterable[str] | None = None) -> Mapping[str, str]:
        with self._guard:
            known = self._current_reader().versions
        return known if ids is None else {each: known[each] for each in ids if each in known}

    def newest(self) -> str:
        with self._guard:
            return self._current_reader().newest

    def frequencies(self, name: str, words: Collection[str]) -> Mapping[str, int]:
        with self._guard:
            return self._current_reader().frequencies(name, words)

    def vocabulary(self, name: str) -> Iterable[tuple[str, int]]:
        with self._guard:
            return self._current_reader().vocabulary(name)

    def _current_reader(self) -> Reader:
        """The reader of the newest state; a forked process opens its own, files are not shared."""
        for _ in range(OPENING_ATTEMPTS):
            folder = self.folders.current()
            try:
                if self._reader is None or not self._reader.is_current(folder):
                    old, self._reader = self._reader, Reader(folder)
                    if old is not None:
                        old.close()
            except Exception as damage:  # noqa: BLE001 - unpickling a damaged file may raise anything
                self._reader, reason = None, damage
            else:
                return self._reader
        raise Unavailable(f"{folder} cannot be opened: {reason}") from reason


def _write(folder: Path, noted: Mapping[str, Document | None]) -> int:
    with _writing(folder) as writer:
        for document_id, document in noted.items():
            if document is None:
                writer.delete_by_term("id", document_id)
            else:
                writer.update_document(**row(document))
    return int(index.open_dir(str(folder)).latest_generation())


def _fill(folder: Path, documents: Iterable[Document]) -> int:
    """Write all documents, a segment for each batch."""
    remaining = iter(documents)
    while batch := list(islice(remaining, SEGMENT)):
        with _writing(folder, merge=False, limitmb=256) as writer:
            for document in batch:
                writer.add_document(**row(document))
    return int(index.open_dir(str(folder)).latest_generation())


@contextmanager
def _writing(folder: Path, *, merge: bool = True, **options: Any) -> Iterator[Any]:
    """A writer that commits at the end of the block, or leaves everything as it was."""
    try:
        writer = index.open_dir(str(folder)).writer(**options)
    except index.LockError:
        raise Busy(str(folder)) from None
    except Exception as damage:
        raise Unavailable(f"{folder} cannot be written: {damage}") from damage
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    writer.commit(merge=merge)
