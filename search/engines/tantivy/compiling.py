"""A syntax tree as a query of tantivy, built from its parts; nothing is ever given to tantivy's parser.

Words score BM25. What else has to match only matches: a phrase or nearness is asked for without a score,
beside its words, so that the scores are those of the contract and not tantivy's own idea of a phrase.
"""

from collections.abc import Callable

from tantivy import Query, Schema

from search.engines import (
    TEXT_FIELDS,
    All,
    Between,
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
from search.engines.tantivy.building import any_of, between, every, silent, without
from search.engines.tantivy.places import Places


class Compiler:
    """Builds queries.

    Attributes:
        places: finds phrases and nearness.
        expand: the words of a field with a prefix; raises TooBroad.
        step: called before each leaf, raises TooSlow when time is over.
        scored: whether scores are wanted; counting is faster without.
    """

    def __init__(
        self,
        schema: Schema,
        places: Places,
        expand: Callable[[str, str], list[str]],
        step: Callable[[], None],
        *,
        scored: bool,
    ) -> None:
        self._schema = schema
        self._places = places
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
            case Phrase(texts):
                return self._words(leaf, texts)
            case Near(first, second):
                return self._words(leaf, (*first, *second))

    def _term(self, name: str, text: str) -> Query:
        option = "freq" if self._scored and name in TEXT_FIELDS else "basic"
        return Query.term_query(self._schema, name, text, option)

    def _words(self, leaf: Phrase | Near, texts: tuple[str, ...]) -> Query:
        """The documents of the leaf with the scores of its words."""
        matching = self._places.query(leaf)
        if not self._scored:
            return matching
        words = every([self._term(leaf.field, text) for text in texts])
        return every([matching, Query.boost_query(words, leaf.boost)])
