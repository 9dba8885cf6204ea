"""The best of the documents found: their scores, added up from the lists of the words asked for."""

from collections.abc import Iterator, Sequence

import numpy as np
from psycopg import Cursor

from search.engines import Hit, Request
from search.engines.postgresql import lists
from search.engines.postgresql.lists import Numbers
from search.engines.postgresql.ranking import MILLION, Leveled, Weight
from search.engines.postgresql.tables import Tables


def page(
    cursor: Cursor,
    tables: Tables,
    request: Request,
    found: Sequence[int],
    weights: Sequence[Weight | Leveled],
) -> tuple[Hit, ...]:
    """The page asked for, by score and then by id; `found` are the numbers of all documents that match."""
    end = request.offset + request.limit
    numbers = np.sort(np.array(found, np.int64))
    scores = _scores(cursor, tables, numbers, weights)
    least = _least(scores, end)
    above, tied = numbers[scores > least], numbers[scores == least]
    cursor.execute(
        f"SELECT id, number FROM {tables.documents} WHERE number = ANY(%(above)s) UNION ALL"
        f" (SELECT id, number FROM {tables.documents} WHERE number = ANY(%(tied)s)"
        " ORDER BY id LIMIT %(room)s)",
        {"above": above.tolist(), "tied": tied.tolist(), "room": end - len(above)},
    )
    hits = [Hit(name, int(scores[np.searchsorted(numbers, number)]) / MILLION) for name, number in cursor]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.id))[request.offset :])


def _least(scores: Numbers, count: int) -> int:
    """The score of the last of so many best ones."""
    if not len(scores) or not count:
        return 0
    return int(np.partition(scores, max(0, len(scores) - count))[max(0, len(scores) - count)])


def _scores(cursor: Cursor, tables: Tables, numbers: Numbers, weights: Sequence[Weight | Leveled]) -> Numbers:
    """The score of each number, which are in order, in millionths."""
    scores = np.zeros(len(numbers), np.int64)
    if not len(numbers):
        return scores
    for holders, worth in _postings(cursor, tables, numbers, weights):
        places = np.searchsorted(numbers, holders)
        places[places == len(numbers)] = 0
        among = numbers[places] == holders
        scores[places[among]] += worth[among]
    return scores


def _postings(
    cursor: Cursor, tables: Tables, numbers: Numbers, weights: Sequence[Weight | Leveled]
) -> Iterator[tuple[Numbers, Numbers]]:
    """Documents, none twice, with what each of them gets."""
    leveled = {weight.lexeme: weight for weight in weights if isinstance(weight, Leveled)}
    if leveled:
        for lexeme, (holders, levels) in lists.read(cursor, tables, leveled, numbers).items():
            yield holders, np.array(leveled[lexeme].millionths, np.int64)[levels]
    plain = [weight for weight in weights if isinstance(weight, Weight)]
    cursor.execute(
        f"SELECT (SELECT array_agg(number) FROM {tables.documents} d WHERE d.marks @@ asked.query),"
        " millionths FROM unnest(%s::tsquery[], %s::int[]) AS asked(query, millionths)",
        [[weight.query for weight in plain], [weight.millionths for weight in plain]],
    )
    for held, millionths in cursor:
        if held:
            yield np.array(held, np.int64), np.full(len(held), millionths)
