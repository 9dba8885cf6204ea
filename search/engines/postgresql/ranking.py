"""What a document scores: BM25 of the words asked for, as far as their levels tell.

Whole millionths are added, so that equal documents score equally whatever the order of adding.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from search.engines import (
    TEXT_FIELDS,
    All,
    Either,
    Near,
    Node,
    Phrase,
    Prefix,
    Term,
    Without,
)
from search.engines.postgresql.lexemes import END, LEVELS, impact, lexeme, quoted

MILLION = 1_000_000
WEIGHT_LIMIT = 2_000_000_000

Scoring = Term | Phrase | Near | Prefix


@dataclass(frozen=True, slots=True)
class Weight:
    """What a document gets for one thing asked for, in millionths.

    Attributes:
        query: a tsquery of the marks that get it. marks: the same, one by one.
    """

    query: str
    marks: tuple[str, ...]
    millionths: int


def leaves(node: Node, *, scoring: bool) -> Iterator[Scoring]:
    """The words, phrases and prefixes of a query; with `scoring` not those that must not be there."""
    match node:
        case All(parts) | Either(parts):
            for part in parts:
                yield from leaves(part, scoring=scoring)
        case Without(wanted, unwanted):
            yield from leaves(wanted, scoring=scoring)
            if not scoring:
                yield from leaves(unwanted, scoring=False)
        case Term() | Phrase() | Near() | Prefix():
            yield node


def terms(node: Node) -> dict[tuple[str, str], float]:
    """The words and keys that score, each with all its boosts added."""
    found: dict[tuple[str, str], float] = {}
    for leaf in leaves(node, scoring=True):
        if not isinstance(leaf, Prefix):
            for text in _texts(leaf):
                found[leaf.field, text] = found.get((leaf.field, text), 0.0) + leaf.boost
    return found


def _texts(leaf: Term | Phrase | Near) -> tuple[str, ...]:
    match leaf:
        case Term(_, text):
            return (text,)
        case Phrase(texts):
            return texts
        case Near():
            return leaf.first + leaf.second


def weights(
    node: Node, holders: Mapping[str, int], documents: int, expansions: Mapping[str, list[str]]
) -> list[Weight]:
    """What the parts of a query are worth, among so many documents.

    `holders` says how many documents hold a lexeme, `expansions` which lexemes begin as a prefix does.
    """
    found = [
        weight
        for (name, text), boost in terms(node).items()
        for weight in _of_term(name, lexeme(name, text), boost, holders, documents)
    ]
    for leaf in leaves(node, scoring=True):
        if isinstance(leaf, Prefix):
            begins = lexeme(leaf.field, leaf.text)
            marks = tuple(word + END + level for word in expansions[begins] for level in LEVELS)
            found.append(Weight(quoted(begins, ":*"), marks, _millionths(leaf.boost)))
    return [weight for weight in found if weight.millionths]


def _of_term(name: str, known: str, boost: float, holders: Mapping[str, int], documents: int) -> list[Weight]:
    if name not in TEXT_FIELDS:
        return [_single(known + END + LEVELS[0], boost)]
    if known not in holders:
        return []
    rarity = math.log(1 + (documents - holders[known] + 0.5) / (holders[known] + 0.5))
    return [
        _single(known + END + LEVELS[level], boost * rarity * impact(level)) for level in range(len(LEVELS))
    ]


def _single(mark: str, score: float) -> Weight:
    return Weight(quoted(mark), (mark,), _millionths(score))


def _millionths(score: float) -> int:
    return max(-WEIGHT_LIMIT, min(WEIGHT_LIMIT, round(score * MILLION)))
