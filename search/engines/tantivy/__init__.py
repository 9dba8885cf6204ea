"""The embedded engine on tantivy: good for a hundred thousand documents and more. Only here it is imported.

Tantivy finds, scores, counts and sorts; what it does not promise is added here: ties broken by id, exact
nearness, missing numbers last, prefixes for so many words at most.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import tantivy

from search.engines import Document, Request, Response, Unavailable
from search.engines.folders import Folders
from search.engines.tantivy.checking import check, generation
from search.engines.tantivy.reader import Reader
from search.engines.tantivy.writing import row, schema

OPENING_ATTEMPTS = 5
"""A commit may come while the index is being opened."""

Answer = TypeVar("Answer")

_THREADS = 2
_MEMORY_OF_COMMIT = 32_000_000
_MEMORY_OF_REBUILD = 160_000_000


class TantivyEngine:
    """An index in a folder. One object may be used by several threads; each process opens its own reader."""

    def __init__(self, root: Path, layout: str = "1") -> None:
        self.folders = Folders(root, layout)
        self._noted: dict[str, Document | None] = {}
        self._reader: Reader | None = None
        self._checked: set[str] = set()
        self._writing = threading.RLock()
        self._opening = threading.Lock()

    def upsert(self, documents: Iterable[Document]) -> None:
        with self._writing:
            self._noted.update((document.id, document) for document in documents)

    def delete(self, ids: Iterable[str]) -> None:
        with self._writing:
            self._noted.update((gone, None) for gone in ids)

    def commit(self) -> str:
        with self._writing, self.folders.locked():
            folder = self.folders.current()
            with _damage_told(folder):
                self._write(folder)
            self._noted = {}
            return generation(folder)

    def _write(self, folder: Path) -> None:
        check(folder, self._checked)
        with _writer(folder, _MEMORY_OF_COMMIT, threads=1) as writer:
            for document_id, document in self._noted.items():
                writer.delete_documents_by_term("id", document_id)
                if document is not None:
                    writer.add_document(row(document))

    def rebuild(self, documents: Iterable[Document]) -> str:
        with self._writing, self.folders.locked():
            with self.folders.fresh() as folder:
                tantivy.Index(schema(), str(folder), reuse=False)
                with _writer(folder, _MEMORY_OF_REBUILD, threads=_THREADS) as writer:
                    for document in documents:
                        writer.add_document(row(document))
                self.folders.switch(folder)
            return generation(folder)

    def search(self, request: Request) -> Response:
        return self._ask(lambda reader: reader.answer(request))

    def versions(self, ids: Iterable[str] | None = None) -> Mapping[str, str]:
        return self._ask(lambda reader: reader.versions(ids))

    def newest(self) -> str:
        return self._ask(lambda reader: reader.newest)

    def frequencies(self, name: str, words: Collection[str]) -> Mapping[str, int]:
        return self._ask(lambda reader: reader.frequencies(name, words))

    def vocabulary(self, name: str) -> Iterable[tuple[str, int]]:
        return self._ask(lambda reader: reader.vocabulary(name))

    def _ask(self, question: Callable[[Reader], Answer]) -> Answer:
        with _damage_told(self.folders.root):
            return question(self._current_reader())

    def _current_reader(self) -> Reader:
        """The reader of the newest state; readers of older ones answer what they were asked."""
        for _ in range(OPENING_ATTEMPTS):
            folder = self.folders.current()
            try:
                with self._opening:
                    if self._reader is None or not self._reader.is_current(folder):
                        self._reader = Reader(folder, self._checked)
                    return self._reader
            except Exception as damage:  # noqa: BLE001 - damaged files may raise anything
                reason = damage
        raise Unavailable(f"{folder} cannot be opened: {reason}") from reason


@contextmanager
def _writer(folder: Path, memory: int, *, threads: int) -> Iterator[tantivy.IndexWriter]:
    """A writer on the index as it is now; commits at the end of the block, or leaves everything as it was.

    The index is opened anew each time: a writer on an older view of it would leave files behind for ever.
    What a writer killed before its commit has left is removed: this one would give files the same names.
    """
    writer = tantivy.Index.open(str(folder)).writer(memory, threads)
    try:
        writer.garbage_collect_files()
        yield writer
    except BaseException:
        writer.rollback()
        writer.wait_merging_threads()
        raise
    writer.commit()
    # Readers see the commit already; small segments are put together before the lock is given back.
    writer.wait_merging_threads()


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    """Raise Unavailable for files that cannot be read: tantivy has a ValueError or a panic for them."""
    try:
        yield
    except BaseException as found:
        if not isinstance(found, (ValueError, OSError)) and type(found).__name__ != "PanicException":
            raise
        raise Unavailable(f"{folder} is damaged: {found}") from None
