"""Queries put together from queries."""

from collections.abc import Iterable, Sequence

from tantivy import FieldType, Occur, Query, Schema

from search.engines import Bounds
from search.engines.tantivy.writing import ORDER_FIELD


def every(queries: Iterable[Query]) -> Query:
    """The documents of all queries; their scores are added."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def any_of(queries: Iterable[Query]) -> Query:
    """The documents of any of the queries; their scores are added."""
    asked: Sequence[tuple[Occur, Query]] = [(Occur.Should, query) for query in queries]
    return Query.boolean_query(asked) if asked else Query.empty_query()


def without(wanted: Query, unwanted: Query) -> Query:
    """The documents of the first query that are not in the second."""
    return Query.boolean_query([(Occur.Must, wanted), (Occur.MustNot, unwanted)])


def silent(query: Query) -> Query:
    """The same documents with no score."""
    return Query.const_score_query(query, 0.0)


def between(schema: Schema, name: str, bounds: Bounds) -> Query:
    """The documents whose number lies between the bounds, with no score."""
    least, most = bounds
    return silent(Query.range_query(schema, name, FieldType.Integer, 0 if least is None else least, most))


def having(schema: Schema, name: str, number: float | None) -> Query:
    """The documents with this number, None for those that have none, with no score."""
    if number is None:
        return without(silent(Query.all_query()), Query.exists_query(name))
    kind = FieldType.Unsigned if name == ORDER_FIELD else FieldType.Integer
    return silent(Query.range_query(schema, name, kind, int(number), int(number)))


def any_value(schema: Schema, name: str, values: Iterable[str]) -> Query:
    """The documents with one of these values in a facet field, with no score."""
    return silent(Query.term_set_query(schema, name, sorted(values)))
