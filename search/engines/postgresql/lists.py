"""The long lists: of each frequent word the documents that hold it, with its levels, in blocks of numbers.

To read twenty thousand documents from the inverted index means to visit each of their rows, once for each
level; here they are a few hundred pages. A list only grows: what is gone stays in it, harmless, since only
documents that were found are scored. When more than half of it is gone, it is begun anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from psycopg import Cursor

from search.engines.postgresql.lexemes import END, LEVELS, lexeme_of, quoted
from search.engines.postgresql.tables import Tables

LONG = 1_000
"""A word that so many documents hold gets a list; of fewer the inverted index is quick enough."""

BLOCK_BITS = 10
BLOCK = 1 << BLOCK_BITS
LEVEL_BITS = 4
ENTRY = 2
"""The bytes of an entry: the place in the block and the level."""

BEGUN_AT_ONCE = 20

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


def append(cursor: Cursor, tables: Tables, marks: Mapping[str, Iterable[str]]) -> None:
    """Add documents to the lists that there are: by id the marks of their words."""
    cursor.execute(
        f"SELECT lexeme FROM {tables.words} WHERE lexeme = ANY(%s) AND listed > 0",
        [list({lexeme_of(mark) for some in marks.values() for mark in some})],
    )
    listed = {lexeme for (lexeme,) in cursor}
    if not listed:
        return
    cursor.execute(f"SELECT number, id FROM {tables.documents} WHERE id = ANY(%s)", [list(marks)])
    entries: defaultdict[tuple[str, int], bytearray] = defaultdict(bytearray)
    for number, document in cursor:
        for mark in marks[document]:
            if (lexeme := lexeme_of(mark)) in listed:
                entries[lexeme, number >> BLOCK_BITS] += _entry(number, LEVELS.index(mark[-1]))
    _write(cursor, tables, entries)


def _entry(number: int, level: int) -> bytes:
    return (number % BLOCK << LEVEL_BITS | level).to_bytes(2, "big")


def _write(cursor: Cursor, tables: Tables, entries: Mapping[tuple[str, int], bytes | bytearray]) -> None:
    lexemes = [lexeme for lexeme, _ in entries]
    cursor.execute(
        f"INSERT INTO {tables.lists} AS old SELECT * FROM unnest(%s::text[], %s::int[], %s::bytea[])"
        " ON CONFLICT (lexeme, block) DO UPDATE SET entries = old.entries || excluded.entries",
        [lexemes, [block for _, block in entries], [bytes(added) for added in entries.values()]],
    )
    cursor.execute(
        f"UPDATE {tables.words} AS words SET listed = listed + added FROM ("
        " SELECT lexeme, sum(count) AS added FROM unnest(%s::text[], %s::int[]) AS new(lexeme, count)"
        " GROUP BY lexeme) AS new WHERE words.lexeme = new.lexeme",
        [lexemes, [len(added) // ENTRY for added in entries.values()]],
    )


def begin(cursor: Cursor, tables: Tables) -> None:
    """Make the lists of words in `staged` that have become frequent, or whose list is mostly gone."""
    cursor.execute(
        f"SELECT DISTINCT lexeme FROM staged JOIN {tables.words} AS words USING (lexeme)"
        f" WHERE listed = 0 AND holders >= {LONG} OR listed > 2 * greatest(holders, {LONG})"
    )
    wanting = [lexeme for (lexeme,) in cursor]
    cursor.execute("SET LOCAL enable_seqscan = off")
    for start in range(0, len(wanting), BEGUN_AT_ONCE):
        _begin(cursor, tables, wanting[start : start + BEGUN_AT_ONCE])
    cursor.execute("RESET enable_seqscan")


def _begin(cursor: Cursor, tables: Tables, lexemes: Sequence[str]) -> None:
    asked = [
        (lexeme, level, quoted(lexeme + END + letter))
        for lexeme in lexemes
        for level, letter in enumerate(LEVELS)
    ]
    cursor.execute(f"DELETE FROM {tables.lists} WHERE lexeme = ANY(%s)", [list(lexemes)])
    cursor.execute(
        f"""INSERT INTO {tables.lists}
            SELECT lexeme, number >> {BLOCK_BITS},
                string_agg(int2send(((number & {BLOCK - 1}) << {LEVEL_BITS} | level)::smallint), '')
            FROM unnest(%s::text[], %s::int[], %s::tsquery[]) AS asked(lexeme, level, query)
                JOIN LATERAL (
                    SELECT number FROM {tables.documents} d WHERE d.marks @@ asked.query) AS d ON true
            GROUP BY lexeme, number >> {BLOCK_BITS}""",
        [list(column) for column in zip(*asked, strict=True)],
    )
    cursor.execute(
        f"UPDATE {tables.words} AS words SET listed = (SELECT coalesce(sum(length(entries) / {ENTRY}), 0)"
        f" FROM {tables.lists} AS lists WHERE lists.lexeme = words.lexeme) WHERE lexeme = ANY(%s)",
        [list(lexemes)],
    )


def read(
    cursor: Cursor, tables: Tables, lexemes: Collection[str], numbers: Numbers
) -> dict[str, tuple[Numbers, Numbers]]:
    """By lexeme the numbers of its documents, at least of those named, and the level of each."""
    cursor.execute(
        f"SELECT lexeme, array_agg(block), array_agg(length(entries) / {ENTRY}), string_agg(entries, '')"
        f" FROM {tables.lists} WHERE lexeme = ANY(%s) AND block = ANY(%s) GROUP BY lexeme",
        [list(lexemes), np.unique(numbers >> BLOCK_BITS).tolist()],
    )
    return {lexeme: _decoded(*row) for lexeme, *row in cursor}


def _decoded(blocks: list[int], counts: list[int], written: bytes) -> tuple[Numbers, Numbers]:
    entries = np.frombuffer(written, ">i2").astype(np.int64)
    starts = np.repeat(np.array(blocks, np.int64) << BLOCK_BITS, counts)
    return starts + (entries >> LEVEL_BITS), entries & (1 << LEVEL_BITS) - 1
