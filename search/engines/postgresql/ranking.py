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
    """What a document gets in millionths for holding any of the marks that `query`, a tsquery, asks for."""

    query: str
    millionths: int


@dataclass(frozen=True, slots=True)
class Leveled:
    """What a document gets in millionths for a word that has a list, by level."""

    lexeme: str
    millionths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """How many documents hold a word, and whether it has a list."""

    holders: int
    listed: bool


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


def weights(node: Node, known: Mapping[str, Held], documents: int) -> list[Weight | Leveled]:
    """What the parts of a query are worth, among so many documents; `known` by lexeme."""
    found: list[Weight | Leveled] = [
        Weight(quoted(lexeme(leaf.field, leaf.text), ":*"), _millionths(leaf.boost))
        for leaf in leaves(node, scoring=True)
        if isinstance(leaf, Prefix)
    ]
    for (name, text), boost in terms(node).items():
        found.extend(_of_term(name, lexeme(name, text), boost, known, documents))
    return [weight for weight in found if weight.millionths]


def _of_term(
    name: str, asked: str, boost: float, known: Mapping[str, Held], documents: int
) -> Iterator[Weight | Leveled]:
    if name not in TEXT_FIELDS:
        yield Weight(quoted(asked + END + LEVELS[0]), _millionths(boost))
    elif asked in known:
        holders = known[asked].holders
        rarity = math.log(1 + (documents - holders + 0.5) / (holders + 0.5))
        worth = [_millionths(boost * rarity * impact(level)) for level in range(len(LEVELS))]
        if known[asked].listed:
            yield Leveled(asked, tuple(worth))
        else:
            marks = (quoted(asked + END + letter) for letter in LEVELS)
            yield from map(Weight, marks, worth)


def _millionths(score: float) -> int:
    return max(-WEIGHT_LIMIT, min(WEIGHT_LIMIT, round(score * MILLION)))
