"""A syntax tree as a query of tantivy, built from its parts; nothing is ever given to tantivy's parser.

Words score BM25. What else has to match only matches: a phrase or nearness is asked for without a score,
beside its words, so that the scores are those of the contract and not tantivy's own idea of a phrase.
"""

from collections.abc import Callable, Iterable, Sequence

from tantivy import FieldType, Occur, Query, Schema

from search.engines import (
    TEXT_FIELDS,
    All,
    Between,
    Bounds,
    Either,
    Everything,
    Leaf,
    Near,
    Node,
    Phrase,
    Prefix,
    Term,
    Without,
)
from search.engines.tantivy.writing import ORDER_FIELD

Words = tuple[str, ...]
Placed = list[str | tuple[int, str]]


class Compiler:
    """Builds queries.

    Attributes:
        expand: the words of a field with a prefix; raises TooBroad.
        step: called before each leaf, raises TooSlow when time is over.
        scored: whether scores are wanted; counting is faster without.
    """

    def __init__(
        self,
        schema: Schema,
        expand: Callable[[str, str], list[str]],
        step: Callable[[], None],
        *,
        scored: bool,
    ) -> None:
        self._schema = schema
        self._expand = expand
        self._step = step
        self._scored = scored

    def query(self, node: Node) -> Query:
        """The query for a tree."""
        match node:
            case Everything():
                return silent(Query.all_query())
            case All(parts):
                return every(map(self.query, parts)) if parts else silent(Query.all_query())
            case Either(parts):
                return any_of(map(self.query, parts))
            case Without(wanted, unwanted):
                return without(self.query(wanted), self.query(unwanted))
            case _:
                self._step()
                return self._leaf(node)

    def _leaf(self, leaf: Leaf) -> Query:
        match leaf:
            case Between(name, least, most):
                return between(self._schema, name, (least, most))
            case Prefix(text, boost, name):
                found = Query.term_set_query(self._schema, name, self._expand(name, text))
                return Query.const_score_query(found, boost)
            case Term(name, text, boost) | Phrase((text,), boost, name):
                found = self._term(name, text)
                by_frequency = name in TEXT_FIELDS
                return (Query.boost_query if by_frequency else Query.const_score_query)(found, boost)
            case Phrase(texts, boost, name):
                return self._words(name, texts, boost, self._row(name, texts))
            case Near(first, second, boost=boost, field=name):
                return self._words(name, (*first, *second), boost, self._near(leaf))

    def _term(self, name: str, text: str) -> Query:
        option = "freq" if self._scored and name in TEXT_FIELDS else "basic"
        return Query.term_query(self._schema, name, text, option)

    def _words(self, name: str, texts: Words, boost: float, matching: Query) -> Query:
        """The documents of `matching` with the scores of the words."""
        if not self._scored:
            return matching
        words = every([self._term(name, text) for text in texts])
        return every([silent(matching), Query.boost_query(words, boost)])

    def _row(self, name: str, texts: Words) -> Query:
        if len(texts) == 1:
            return self._term(name, texts[0])
        return Query.phrase_query(self._schema, name, list(texts))

    def _near(self, near: Near) -> Query:
        pairs = (
            [(near.first, near.second)]
            if near.ordered
            else [
                (near.first, near.second),
                (near.second, near.first),
            ]
        )
        close = any_of([query for pair in pairs for query in self._close(near.field, *pair, near.distance)])
        if len(near.first) == len(near.second) == 1:
            return close
        # Both phrases first: they are cheap to look for, and few documents are left to measure the gap in.
        return every([self._row(near.field, near.first), self._row(near.field, near.second), close])

    def _close(self, name: str, first: Words, second: Words, distance: int) -> list[Query]:
        """The first, then the second with at most `distance` positions between; together these are exact.

        Tantivy's slop is exact for two words only: they may then stand `slop` further apart or nearer than
        asked. Longer phrases are looked for with each gap.
        """
        if len(first) == len(second) == 1:
            even = distance // 2 * 2
            wide: Placed = [(0, first[0]), (1 + even // 2, second[0])]
            found = [Query.phrase_query(self._schema, name, wide, even // 2)]
            if even < distance:
                last: Placed = [(0, first[0]), (1 + distance, second[0])]
                found.append(Query.phrase_query(self._schema, name, last))
            return found
        return [
            Query.phrase_query(self._schema, name, _with_gap(first, second, gap))
            for gap in range(distance + 1)
        ]


def _with_gap(first: Words, second: Words, gap: int) -> Placed:
    places = [*range(len(first)), *range(len(first) + gap, len(first) + gap + len(second))]
    return list(zip(places, (*first, *second), strict=True))


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
