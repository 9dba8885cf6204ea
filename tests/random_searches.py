"""Random documents and random requests for engines, and how two answers to one request are held together."""

import random

from search.engines import (
    FACET_FIELDS,
    KEY_FIELDS,
    NUMBER_FIELDS,
    POSITION_FIELDS,
    TEXT_FIELDS,
    All,
    Between,
    Bounds,
    Document,
    Either,
    Everything,
    Near,
    Node,
    Phrase,
    Prefix,
    Request,
    Response,
    Sort,
    Term,
    Without,
)

IDS = 70
HIGHEST = 50
WORDS = [f"{first}{second}" for first in ("al", "alba", "ga", "热水", "电池") for second in "abc器"]
COMMON = WORDS[:5]
# What an engine would trip over that made a query or a vector of the words as they are.
NASTY = [
    "it's",
    "o''o",
    "back\\slash",
    "a:b",
    "a&b|!c",
    "(<->)",
    "50%(p0)s",
    '"quoted"',
    "😀",
    "a*",
    "--",
    "\u2028",
]
VALUES = {
    **{name: ["a", "a1", "a1b", "b", "it's", "c:d"] for name in KEY_FIELDS},
    **{name: [f"{name}-{letter}" for letter in "abcde"] for name in FACET_FIELDS},
}


def document(chance: random.Random, number: int, longest: int = 14) -> Document:
    """A document `d<number>` with every kind of field, some of them empty."""
    texts = {name: _tokens(chance, longest if name in POSITION_FIELDS else 6) for name in TEXT_FIELDS}
    several = {name: frozenset(chance.sample(VALUES[name], k=chance.randrange(3))) for name in VALUES}
    return Document(
        id=f"d{number}",
        version=f"{chance.randrange(10**9):09}",
        texts={name: tokens for name, tokens in texts.items() if tokens},
        keys={name: several[name] for name in KEY_FIELDS},
        facets={name: several[name] for name in FACET_FIELDS},
        numbers={name: chance.randrange(HIGHEST) for name in NUMBER_FIELDS if chance.random() < 0.8},
    )


def _tokens(chance: random.Random, most: int) -> tuple[tuple[str, int], ...]:
    """Words with positions, sometimes with a gap between them and sometimes two at one place."""
    tokens, place = [], 0
    for _ in range(chance.randrange(most + 1)):
        tokens.append(
            (chance.choice([chance.choice(COMMON), chance.choice(WORDS), chance.choice(NASTY)]), place)
        )
        place += chance.choice([0, 1, 1, 1, 1, 1, 1, 3])
    return tuple(dict.fromkeys(tokens))


def changes(chance: random.Random) -> tuple[list[Document], list[str]]:
    """Documents to add or replace, and the ids of others to delete, some of which are not there."""
    numbers = chance.sample(range(IDS), k=chance.randrange(20))
    kept = chance.randrange(len(numbers) + 1)
    return [document(chance, number) for number in numbers[:kept]], [
        f"d{number}" for number in numbers[kept:]
    ]


def request(chance: random.Random) -> Request:
    """Anything that may be asked; sorted by score only where all that is found is on the page."""
    filtered = chance.sample(FACET_FIELDS, k=chance.choice([0, 0, 0, 1, 2]))
    ranged = chance.sample(NUMBER_FIELDS, k=chance.choice([0, 0, 0, 1, 2]))
    banded = chance.sample(NUMBER_FIELDS, k=chance.choice([0, 1, 2]))
    sort = Sort(chance.choice([None, *NUMBER_FIELDS]), descending=chance.random() < 0.5)
    return Request(
        node=_node(chance, chance.randrange(4)),
        filters={name: frozenset(chance.sample(VALUES[name], k=chance.randrange(2, 5))) for name in filtered},
        ranges={name: _bounds(chance) for name in ranged},
        bands={name: tuple(_bounds(chance) for _ in range(chance.randrange(1, 4))) for name in banded},
        sort=sort,
        offset=0 if sort.field is None else chance.randrange(6),
        limit=2 * IDS if sort.field is None else chance.randrange(1, 12),
        seconds=60.0,
    )


def differences(got: Response, right: Response, asked: Request) -> list[str]:
    """In what one answer differs from the other, scores and their order aside."""
    found = [name for name in ("total", "facets", "bands") if getattr(got, name) != getattr(right, name)]
    order = list if asked.sort.field is not None else sorted
    if order(hit.id for hit in got.hits) != order(hit.id for hit in right.hits):
        found.append("hits")
    return found


def _bounds(chance: random.Random) -> Bounds:
    least, most = sorted(chance.choices(range(HIGHEST), k=2))
    return chance.choice([None, least]), chance.choice([None, most])


def _node(chance: random.Random, depth: int) -> Node:
    if depth == 0 or chance.random() < 0.2:
        return _leaf(chance)
    parts = tuple(_node(chance, depth - 1) for _ in range(chance.randrange(1, 4)))
    match chance.randrange(6):
        case 0 | 1 | 2:
            return Either(parts)
        case 3:
            return Without(parts[0], _node(chance, depth - 1))
        case _:
            return All(parts)


def _leaf(chance: random.Random) -> Node:
    return chance.choice([_term, _term, _key, _placed, _placed, _near, _near, _number])(chance)


def _term(chance: random.Random) -> Node:
    return Term(chance.choice(TEXT_FIELDS), _word(chance), _boost(chance))


def _key(chance: random.Random) -> Node:
    name = chance.choice([*KEY_FIELDS, *FACET_FIELDS])
    return Term(name, chance.choice(VALUES[name]), _boost(chance))


def _placed(chance: random.Random) -> Node:
    name = chance.choice(POSITION_FIELDS)
    if chance.random() < 0.6:
        return Phrase(_words(chance, 4), _boost(chance), name)
    return Prefix(_word(chance)[: chance.randrange(1, 4)], _boost(chance), name)


def _near(chance: random.Random) -> Node:
    ordered, name = chance.random() < 0.5, chance.choice(POSITION_FIELDS)
    return Near(_words(chance, 2), _words(chance, 2), chance.randrange(6), ordered, _boost(chance), name)


def _number(chance: random.Random) -> Node:
    if chance.random() < 0.3:
        return Everything()
    return Between(chance.choice(NUMBER_FIELDS), *_bounds(chance))


def _boost(chance: random.Random) -> float:
    return chance.choice([0.0, 0.5, 1.0, 2.5])


def _words(chance: random.Random, most: int) -> tuple[str, ...]:
    return tuple(_word(chance) for _ in range(chance.randrange(1, most + 1)))


def _word(chance: random.Random) -> str:
    return chance.choice([chance.choice(COMMON), chance.choice([*WORDS, *NASTY, "never"])])
