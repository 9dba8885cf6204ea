"""Putting documents into the tables of a build, and taking them out, with the counts that go with them."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from psycopg import Cursor

from search.engines import NUMBER_FIELDS, POSITION_FIELDS, TEXT_FIELDS, Document
from search.engines.postgresql import lists
from search.engines.postgresql.lexemes import LETTERS, bounded, lexeme_of, marks, placed_vector, vector
from search.engines.postgresql.tables import BUNDLES, SEPARATOR, Tables

BATCH = 500
"""Documents that are in memory at once."""

COUNTS_LIMIT = 500_000
"""Words whose counts are kept in memory before they go to the server."""

_COUNTED = frozenset(LETTERS[name] for name in TEXT_FIELDS)
_BUNDLE_COLUMNS = (f"bundle_{number}" for number in range(len(BUNDLES)))
_COLUMNS = ("id", "version", *NUMBER_FIELDS, *_BUNDLE_COLUMNS, "lengths", "marks", *POSITION_FIELDS)


@dataclass(slots=True)
class Totals:
    """How many documents there are and how many words they have, by TEXT_FIELDS."""

    documents: int = 0
    lengths: list[int] = field(default_factory=lambda: [0] * len(TEXT_FIELDS))

    def add(self, lengths: Sequence[int], sign: int = 1) -> None:
        """Count a document of these lengths in, or out."""
        self.documents += sign
        self.lengths = [total + sign * length for total, length in zip(self.lengths, lengths, strict=True)]

    def averages(self) -> dict[str, float]:
        """The average length by field, at least 1."""
        return {
            name: max(1.0, total / max(1, self.documents))
            for name, total in zip(TEXT_FIELDS, self.lengths, strict=True)
        }


@dataclass(slots=True)
class Writing:
    """One transaction's writing into one build; `finish` brings the counts of words in.

    Attributes:
        has_lists: a build that is filled for the first time gets its lists at the end.
    """

    cursor: Cursor
    tables: Tables
    totals: Totals
    has_lists: bool = True
    _counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.cursor.execute('CREATE TEMP TABLE staged (lexeme text COLLATE "C", change int) ON COMMIT DROP')

    def insert(self, documents: Iterable[Document]) -> None:
        """Write documents that are not there."""
        for batch in _batches(documents):
            lengths = [[len(document.texts.get(name, ())) for name in TEXT_FIELDS] for document in batch]
            for each in lengths:
                self.totals.add(each)
            averages, sets, written = self.totals.averages(), self._sets(batch), {}
            with self.cursor.copy(f"COPY {self.tables.documents} ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
                for document, each in zip(batch, lengths, strict=True):
                    held = marks(document, averages)
                    written[document.id] = self._count(held, 1)
                    copy.write_row(_row(document, each, held, sets))
            if self.has_lists:
                lists.append(self.cursor, self.tables, written)
            self._stage(COUNTS_LIMIT)

    def delete(self, ids: Iterable[str]) -> None:
        """Remove documents; those that are not there are no error."""
        for batch in _batches(ids):
            self.cursor.execute(
                f"DELETE FROM {self.tables.documents} WHERE id = ANY(%s)"
                " RETURNING lengths, tsvector_to_array(marks)",
                [batch],
            )
            for lengths, held in self.cursor:
                self.totals.add(lengths, -1)
                self._count(held, -1)
            self._stage(COUNTS_LIMIT)

    def finish(self) -> None:
        """Bring the counts of words in: of a build with an index into what is there."""
        self._stage(0)
        words = self.tables.words
        self.cursor.execute(
            f"INSERT INTO {words} AS words SELECT lexeme, sum(change) FROM staged"
            " GROUP BY lexeme HAVING sum(change) <> 0 ORDER BY lexeme"
            " ON CONFLICT (lexeme) DO UPDATE SET holders = words.holders + excluded.holders"
        )

    def _count(self, held: Sequence[str], sign: int) -> list[str]:
        """Count the words of a document in or out; returns their marks."""
        counted = [mark for mark in held if mark[0] in _COUNTED]
        lexemes = map(lexeme_of, counted)
        if sign > 0:
            self._counts.update(lexemes)
        else:
            self._counts.subtract(lexemes)
        return counted

    def _stage(self, room: int) -> None:
        if len(self._counts) <= room:
            return
        with self.cursor.copy("COPY staged (lexeme, change) FROM STDIN") as copy:
            for row in self._counts.items():
                copy.write_row(row)
        self._counts.clear()

    def _sets(self, batch: Sequence[Document]) -> dict[bytes, int]:
        """The id of each bundle of facets, by digest; what is new is written."""
        found = {
            _digest(number, content): (number, content)
            for each in batch
            for number, content in _bundles(each)
        }
        self.cursor.execute(
            f"INSERT INTO {self.tables.sets} (digest, bundle, content)"
            " SELECT digest, bundle, coalesce(string_to_array(nullif(content, ''), chr(30)), '{}')"
            " FROM unnest(%s::bytea[], %s::smallint[], %s::text[]) AS new(digest, bundle, content)"
            " ON CONFLICT (digest) DO NOTHING",
            [
                list(found),
                [number for number, _ in found.values()],
                [content for _, content in found.values()],
            ],
        )
        self.cursor.execute(
            f"SELECT digest, id FROM {self.tables.sets} WHERE digest = ANY(%s)",
            [list(found)],
        )
        return dict(self.cursor.fetchall())


def _bundles(document: Document) -> Iterator[tuple[int, str]]:
    for number, names in enumerate(BUNDLES):
        values = (
            name + SEPARATOR + bounded(value) for name in names for value in document.facets.get(name, ())
        )
        yield number, "\x1e".join(sorted(values))


def _digest(number: int, content: str) -> bytes:
    return hashlib.sha256(f"{number} {content}".encode()).digest()


def _row(document: Document, lengths: list[int], held: list[str], sets: dict[bytes, int]) -> list[object]:
    return [
        document.id,
        document.version,
        *(document.numbers.get(name) for name in NUMBER_FIELDS),
        *(sets[_digest(number, content)] for number, content in _bundles(document)),
        lengths,
        vector(held),
        *(placed_vector(document.texts.get(name, ())) for name in POSITION_FIELDS),
    ]


def _batches(items: Iterable[object]) -> Iterator[list]:  # type: ignore[type-arg]
    remaining = iter(items)
    while batch := list(islice(remaining, BATCH)):
        yield batch
