"""The scores of the documents that `chosen` holds, as SQL, in the cheaper of two ways."""

from collections.abc import Sequence
from typing import Any

from search.engines.postgresql.compiling import Parameters
from search.engines.postgresql.ranking import Weight
from search.engines.postgresql.tables import Tables

FEW = 300
"""So many documents are scored one by one at most; of more, the lists of the words asked for are read."""

LIST_ENTRIES = 150
"""So many entries of lists are read in the time in which one document is scored by itself."""


def few_for(entries: int) -> int:
    """Up to how many documents are scored one by one where the lists have so many entries together."""
    return min(FEW, entries // LIST_ENTRIES)


def scored(weights: Sequence[Weight], tables: Tables, few: int, parameters: Parameters) -> str:
    """A select of `number` and `score`; what scores nothing may be missing. Only one of its halves is run."""
    if not weights:
        return "SELECT 0 AS number, 0 AS score WHERE false"
    halves = (half(weights, tables, few, parameters) for half in (_one_by_one, _by_lists))
    return " UNION ALL ".join(halves)


def _one_by_one(weights: Sequence[Weight], tables: Tables, few: int, parameters: Parameters) -> str:
    marks = [(leaf, mark) for leaf, weight in enumerate(weights) for mark in weight.marks]
    asked = _arrays(
        parameters,
        ([leaf for leaf, _ in marks], "int"),
        ([mark for _, mark in marks], "text"),
        ([weights[leaf].millionths for leaf, _ in marks], "int"),
    )
    return f"""
        SELECT number, sum(most) AS score FROM (
            SELECT d.number, asked.leaf, max(asked.weight) AS most
            FROM chosen JOIN {tables.documents} d USING (number),
                unnest(tsvector_to_array(d.marks)) AS held(mark)
                JOIN {asked} AS asked(leaf, mark, weight) ON asked.mark = held.mark
            WHERE (SELECT count FROM total) <= {few}
            GROUP BY d.number, asked.leaf) AS each_leaf
        GROUP BY number
    """


def _by_lists(weights: Sequence[Weight], tables: Tables, few: int, parameters: Parameters) -> str:
    asked = _arrays(
        parameters,
        ([weight.query for weight in weights], "tsquery"),
        ([weight.millionths for weight in weights], "int"),
    )
    return f"""
        SELECT d.number, sum(asked.weight) AS score
        FROM {asked} AS asked(query, weight)
            JOIN LATERAL (SELECT number FROM {tables.documents} d WHERE d.marks @@ asked.query) AS d ON true
        WHERE (SELECT count FROM total) > {few}
        GROUP BY d.number
    """


def _arrays(parameters: Parameters, *columns: tuple[list[Any], str]) -> str:
    return f"unnest({', '.join(f'{parameters.add(values)}::{kind}[]' for values, kind in columns)})"
