"""The index in PostgreSQL: many machines read and write one. Derived data, in a schema that it makes itself.

Each build has tables of its own and a row points to the current one, so a new build replaces the old in one
step. All writing is one transaction under one lock: a crash leaves what was there. An answer comes from one
snapshot.
"""

import threading
import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import structlog
from psycopg import Cursor, errors

from search.engines import Busy, Document, Everything, Hit, Request, Response, Unavailable
from search.engines.postgresql import answering, lists, scoring, vocabulary
from search.engines.postgresql.connections import Connections, give_up_after
from search.engines.postgresql.keeping import Kept
from search.engines.postgresql.ranking import Leveled, Weight, weights
from search.engines.postgresql.tables import LAYOUT, SCHEMA, Tables, pointer
from search.engines.postgresql.writing import Totals, Writing

log = structlog.get_logger()

DEFAULT_SCHEMA = "luochui_search"


class PostgresqlEngine:
    """An index in one schema of one database. One object may be used by several threads."""

    def __init__(self, url: str, layout: str = "1", schema: str = DEFAULT_SCHEMA) -> None:
        if not SCHEMA.fullmatch(schema):
            raise ValueError("a schema is named with small letters, digits and underscores")
        self.schema = schema
        self.connections = Connections(url, schema)
        self._layout = f"{layout}.{LAYOUT}"
        self._kept = Kept()
        self._noted: dict[str, Document | None] = {}
        self._guard = threading.RLock()

    def close(self) -> None:
        """Give the connections back; the next call opens new ones."""
        self.connections.close()

    def upsert(self, documents: Iterable[Document]) -> None:
        with self._guard:
            self._noted.update((document.id, document) for document in documents)

    def delete(self, ids: Iterable[str]) -> None:
        with self._guard:
            self._noted.update((gone, None) for gone in ids)

    def commit(self) -> str:
        with self._guard:
            with self.connections.write() as cursor:
                tables, _, totals = self._current(cursor)
                writing = Writing(cursor, tables, totals)
                writing.delete(self._noted)
                writing.insert(document for document in self._noted.values() if document is not None)
                writing.finish()
                lists.begin(cursor, tables)
                generation = self._point(cursor, tables, totals)
            self._noted = {}
            return generation

    def rebuild(self, documents: Iterable[Document]) -> str:
        with self.connections.write() as cursor:
            cursor.execute(pointer(self.schema))
            cursor.execute(f"SELECT nextval('{self.schema}.builds')")
            tables, totals = Tables(self.schema, _first(cursor)), Totals()
            cursor.execute(tables.create())
            writing = Writing(cursor, tables, totals, has_lists=False)
            writing.insert(documents)
            writing.finish()
            cursor.execute(tables.index())
            lists.begin(cursor, tables)
            cursor.execute(tables.analyze())
            generation = self._point(cursor, tables, totals)
        self._drop_old()
        return generation

    def search(self, request: Request) -> Response:
        return self.connections.read(lambda cursor: self._search(cursor, request), request.seconds)

    def versions(self, ids: Iterable[str] | None = None) -> Mapping[str, str]:
        asked = None if ids is None else list(ids)

        def read(cursor: Cursor) -> dict[str, str]:
            tables, _, _ = self._current(cursor)
            condition = "true" if asked is None else "id = ANY(%(ids)s)"
            cursor.execute(f"SELECT id, version FROM {tables.documents} WHERE {condition}", {"ids": asked})
            return dict(cursor.fetchall())

        return self.connections.read(read)

    def newest(self) -> str:
        def read(cursor: Cursor) -> str:
            tables, _, _ = self._current(cursor)
            cursor.execute(f"SELECT coalesce(max(version), '') FROM {tables.documents}")
            return str(_first(cursor))

        return self.connections.read(read)

    def frequencies(self, name: str, words: Collection[str]) -> Mapping[str, int]:
        return self.connections.read(
            lambda cursor: vocabulary.frequencies(cursor, self._current(cursor)[0], name, words)
        )

    def vocabulary(self, name: str) -> Iterable[tuple[str, int]]:
        return self.connections.read(
            lambda cursor: vocabulary.of_field(cursor, self._current(cursor)[0], name)
        )

    def _search(self, cursor: Cursor, request: Request) -> Response:
        until = time.monotonic() + request.seconds
        tables, generation, totals = self._current(cursor)
        kept = self._kept.of(generation) if isinstance(request.node, Everything) else {}
        if (known := kept.get(repr(request))) is not None:
            return known
        vocabulary.refuse_broad(cursor, tables, request.node)
        worth = self._worth(cursor, tables, request, totals)
        question = answering.question(request, tables, scored=bool(worth))
        give_up_after(cursor, until - time.monotonic())
        if question.indexed:
            # The planner does not know how much it costs to read a document's marks.
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(question.statement, question.values)
        (row,) = cursor.fetchall()
        answer = answering.answer(row, request)
        if worth:
            give_up_after(cursor, until - time.monotonic())
            hits = scoring.page(cursor, tables, request, answer.found, worth)
        else:
            hits = tuple(Hit(found, 0.0) for found in answer.found)
        response = Response(answer.total, hits, answer.facets, generation, answer.bands)
        kept[repr(request)] = response
        return response

    def _worth(
        self, cursor: Cursor, tables: Tables, request: Request, totals: Totals
    ) -> list[Weight | Leveled]:
        """What scores in a request; nothing where a number gives the order."""
        if request.sort.field is not None:
            return []
        return weights(request.node, vocabulary.held_terms(cursor, tables, request.node), totals.documents)

    def _current(self, cursor: Cursor) -> tuple[Tables, str, Totals]:
        """The build that answers now; raises Unavailable when there is none of this layout."""
        try:
            cursor.execute(f"SELECT layout, build, generation, documents, lengths FROM {self.schema}.current")
        except (errors.UndefinedTable, errors.InvalidSchemaName):
            raise Unavailable(f"no index in {self.schema}") from None
        for layout, build, generation, documents, lengths in cursor:
            if layout == self._layout:
                return Tables(self.schema, build), f"{build}.{generation}", Totals(documents, lengths)
        raise Unavailable(f"the index in {self.schema} is of another version")

    def _point(self, cursor: Cursor, tables: Tables, totals: Totals) -> str:
        """Make this the current build, of the next generation."""
        cursor.execute(
            f"INSERT INTO {self.schema}.current AS old (build, layout, generation, documents, lengths)"
            " VALUES (%s, %s, 1, %s, %s) ON CONFLICT (single) DO UPDATE SET build = excluded.build,"
            " layout = excluded.layout, documents = excluded.documents, lengths = excluded.lengths,"
            " generation = CASE WHEN old.build = excluded.build THEN old.generation + 1 ELSE 1 END"
            " RETURNING generation",
            [tables.build, self._layout, totals.documents, totals.lengths],
        )
        return f"{tables.build}.{_first(cursor)}"

    def _drop_old(self) -> None:
        """Remove the tables of all other builds; whoever still reads them is waited for, but not for ever."""
        try:
            with self.connections.write() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '5s'")
                cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [self.schema])
                builds = {int(name.rpartition("_")[2]) for (name,) in cursor if name.startswith("documents_")}
                cursor.execute(f"SELECT build FROM {self.schema}.current")
                for build in sorted(builds - {_first(cursor)}):
                    cursor.execute(Tables(self.schema, build).drop())
        except (Busy, Unavailable) as reason:
            # The next rebuild removes them.
            log.info("old_index_kept", schema=self.schema, reason=str(reason))


def _first(cursor: Cursor) -> Any:
    (row,) = cursor.fetchall()
    return row[0]
