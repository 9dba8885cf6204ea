"""A query as SQL over the documents of one build, which it calls `d`.

The inverted index answers words, keys and facets with all that joins them at once. A phrase or nearness
is looked for by its words there and held against the positions of what is found; numbers are plain columns.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from search.engines import (
    NUMBER_FIELDS,
    PHRASE_FIELD,
    POSITION_FIELDS,
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
from search.engines.postgresql.lexemes import (
    any_level,
    bounded,
    in_triples,
    lexeme,
    pair,
    quoted,
    triple,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """What the index has for `query` (a tsquery, empty for everything) and every filter (SQL) holds for."""

    query: str = ""
    filters: tuple[str, ...] = ()


NOTHING = Condition(filters=("false",))


@dataclass(slots=True)
class Parameters:
    """The values of a statement; what is asked for never stands in the statement itself."""

    values: dict[str, Any] = field(default_factory=dict)

    def add(self, value: object) -> str:
        """Take a value and return what stands for it."""
        name = f"p{len(self.values)}"
        self.values[name] = value
        return f"%({name})s"


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles for one table of documents, collecting values."""

    documents: str
    parameters: Parameters

    def where(self, node: Node) -> str:
        """The condition that is true of the documents that match."""
        return self._sql(self._condition(node))

    def within(self, name: str, bounds: Bounds, of: str = "d.") -> str:
        """The condition that a number lies between bounds; one that is missing lies in none."""
        column = of + number_column(name)
        parts = [f"{column} IS NOT NULL"]
        parts += [f"{column} >= {self.parameters.add(bounds[0])}::bigint"] if bounds[0] is not None else []
        parts += [f"{column} <= {self.parameters.add(bounds[1])}::bigint"] if bounds[1] is not None else []
        return f"({' AND '.join(parts)})"

    def _condition(self, node: Node) -> Condition:
        match node:
            case Everything():
                return Condition()
            case All(parts):
                return _all([self._condition(part) for part in parts])
            case Either(parts):
                return self._either([self._condition(part) for part in parts])
            case Without(wanted, unwanted):
                return self._without(self._condition(wanted), self._condition(unwanted))
            case _:
                return self._leaf(node)

    def _leaf(self, leaf: Leaf) -> Condition:
        match leaf:
            case Term(name, text):
                return Condition(any_level(lexeme(name, text)))
            case Prefix(text, _, name):
                return Condition(quoted(lexeme(name, text), ":*"))
            case Phrase():
                return self._phrase(leaf)
            case Near():
                return self._placed(leaf.field, leaf.first + leaf.second, _close(leaf))
            case Between(name, least, most):
                return Condition(filters=(self.within(name, (least, most)),))

    def _phrase(self, phrase: Phrase) -> Condition:
        if phrase.field != PHRASE_FIELD or len(phrase.texts) == 1:
            return self._placed(phrase.field, phrase.texts, _in_order(phrase.texts))
        runs, length = _runs(phrase.texts)
        query = " & ".join(map(any_level, runs))
        if len(phrase.texts) == length:
            return Condition(query)
        return Condition(query, (self._positions(phrase.field, _in_order(phrase.texts)),))

    def _placed(self, name: str, texts: tuple[str, ...], places: str) -> Condition:
        words = " & ".join(any_level(lexeme(name, word)) for word in dict.fromkeys(texts))
        return Condition(words, () if len(texts) == 1 else (self._positions(name, places),))

    def _positions(self, name: str, places: str) -> str:
        return f"d.{position_column(name)} @@ {self.parameters.add(places)}::tsquery"

    def _either(self, parts: list[Condition]) -> Condition:
        """What only the index has to answer is asked of it at once; the rest is looked up apart."""
        if Condition() in parts:
            return Condition()
        pure = [part.query for part in parts if not part.filters]
        mixed = [part for part in parts if part.filters and part != NOTHING]
        joined = [Condition(" | ".join(f"({query})" for query in pure))] if pure else []
        if not mixed:
            return joined[0] if joined else NOTHING
        return Condition(filters=(f"EXISTS ({self._union([*joined, *mixed])})",))

    def _without(self, wanted: Condition, unwanted: Condition) -> Condition:
        if unwanted == Condition():
            return NOTHING
        if wanted.query and not unwanted.filters:
            return Condition(f"({wanted.query}) & !({unwanted.query})", wanted.filters)
        return Condition(wanted.query, (*wanted.filters, f"NOT EXISTS ({self._union([unwanted])})"))

    def _union(self, parts: list[Condition]) -> str:
        selects = [f"SELECT d.number FROM {self.documents} d WHERE {self._sql(part)}" for part in parts]
        return f"SELECT FROM ({' UNION ALL '.join(selects)}) AS part WHERE part.number = d.number"

    def _sql(self, condition: Condition) -> str:
        indexed = [f"d.marks @@ {self.parameters.add(condition.query)}::tsquery"] if condition.query else []
        return " AND ".join([*indexed, *condition.filters]) or "true"


def number_column(name: str) -> str:
    """The column of a number; only names of the contract become SQL."""
    return NUMBER_FIELDS[NUMBER_FIELDS.index(name)]


def position_column(name: str) -> str:
    """The column of a field with positions; only names of the contract become SQL."""
    return POSITION_FIELDS[POSITION_FIELDS.index(name)]


def _all(parts: list[Condition]) -> Condition:
    queries = [f"({part.query})" for part in parts if part.query]
    return Condition(" & ".join(queries), tuple(sql for part in parts for sql in part.filters))


def _runs(texts: tuple[str, ...]) -> tuple[list[str], int]:
    """What the index has of a phrase of two words or more: its triples or pairs, and how long each is."""
    if len(texts) > 2 and in_triples(*texts):
        return [triple(*three) for three in zip(texts, texts[1:], texts[2:], strict=False)], 3
    return [pair(*two) for two in pairwise(texts)], 2


def _in_order(texts: tuple[str, ...]) -> str:
    return "(" + " <-> ".join(quoted(bounded(text)) for text in texts) + ")"


def _close(near: Near) -> str:
    """Every way in which the two may stand: a tsquery knows distances only one by one."""
    return " | ".join(
        f"({first} <{gap + 1}> {second})"
        for first, second in _orders(near)
        for gap in range(near.distance + 1)
    )


def _orders(near: Near) -> Iterator[tuple[str, str]]:
    first, second = _in_order(near.first), _in_order(near.second)
    yield first, second
    if not near.ordered:
        yield second, first
