"""Thousands of random requests: the batch finds what brute force finds over the same documents."""

import random
from collections.abc import Callable

import pytest

from search import percolation
from search.engines import (
    FACET_FIELDS,
    NUMBER_FIELDS,
    POSITION_FIELDS,
    All,
    Between,
    Document,
    Either,
    Everything,
    Near,
    Node,
    Phrase,
    Prefix,
    Request,
    Term,
    Tokens,
    Without,
)
from search.engines.oracle import OracleEngine
from search.percolation import Batch

BATCHES = 40
REQUESTS_PER_BATCH = 100
WORDS = ["alba", "albedo", "beta", "beth", "gamma", "电池", "池组", "热水"]
POSITIONED = POSITION_FIELDS[:3]
CLASSES = ["H", "H01", "H01M", "A", "sold"]
STATUSES = ["published", "reserved", "sold"]


def differences(batches: int) -> tuple[int, int]:
    """How many requests were asked, and how many found something else."""
    asked = wrong = 0
    for seed in range(batches):
        chance = random.Random(seed)
        documents = [_document(chance, number) for number in range(chance.choice([0, 1, 7, 70]))]
        oracle, batch = OracleEngine(), Batch(documents)
        oracle.rebuild(documents)
        for _ in range(REQUESTS_PER_BATCH):
            request = _request(chance)
            expected = {hit.id for hit in oracle.search(request).hits}
            asked, wrong = asked + 1, wrong + (set(batch.find(request)) != expected)
    return asked, wrong


def test_a_batch_finds_what_brute_force_finds() -> None:
    assert differences(BATCHES) == (BATCHES * REQUESTS_PER_BATCH, 0)


@pytest.mark.parametrize(
    ("owner", "name", "fault"),
    [
        (percolation._Text, "_starts", lambda self, number, words: self._places[words[0]][number]),
        (percolation._Text, "near", lambda self, node: self._with_all((*node.first, *node.second))),
        (percolation._Text, "prefix", lambda self, beginning: self.having(beginning)),
        (percolation._Numbers, "between", lambda self, _least, _most: self._below[-1]),
        (percolation, "_keys_of", percolation._facets_of),
    ],
)
def test_a_planted_fault_is_found(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str, fault: object
) -> None:
    monkeypatch.setattr(owner, name, fault)
    assert differences(8)[1] > 0


def test_matches_come_in_the_order_of_the_batch() -> None:
    documents = [Document(name, "1", numbers={"price": 5}) for name in ("c", "a", "b")]
    assert Batch(documents).find(Request(ranges={"price": (5, 5)})) == ["c", "a", "b"]
    assert Batch(documents).find(Request(limit=1, offset=2)) == ["c", "a", "b"]


def test_nearness_in_a_text_that_repeats_its_words_is_looked_up() -> None:
    words = tuple((("pump", "valve")[number % 2], 3 * number) for number in range(20_000))
    batch = Batch([Document(id="d", version="", texts={"grams": words})])
    assert batch.find(Request(Near(("pump",), ("valve",), 1))) == []
    assert batch.find(Request(Near(("pump",), ("valve",), 2))) == ["d"]
    assert batch.find(Request(Near(("valve",), ("pump",), 2, ordered=True))) == ["d"]


def test_a_prefix_may_stand_for_any_number_of_words() -> None:
    tokens = tuple((f"winding{number}", number) for number in range(500))
    assert Batch([Document("a", "1", {"grams": tokens})]).find(Request(Prefix("wind"))) == ["a"]


def test_an_impossible_range_finds_nothing() -> None:
    documents = [Document("a", "1", numbers={"price": 5}), Document("b", "1")]
    assert Batch(documents).find(Request(Between("price", 6, 4))) == []
    assert Batch(documents).find(Request(Between("price"))) == ["a"]


def _document(chance: random.Random, number: int) -> Document:
    return Document(
        id=f"d{number}",
        version="1",
        texts={
            name: _tokens(chance) for name in (*POSITIONED, "words", "characters") if chance.random() < 0.8
        },
        keys={"classes": frozenset(chance.sample(CLASSES, k=2))} if chance.random() < 0.8 else {},
        facets={name: frozenset(chance.sample(STATUSES, k=chance.randrange(3))) for name in FACET_FIELDS[:3]},
        numbers={name: chance.randrange(50) for name in NUMBER_FIELDS if chance.random() < 0.8},
    )


def _tokens(chance: random.Random) -> Tokens:
    place, tokens = 0, []
    for word in chance.choices(WORDS, k=chance.randrange(12)):
        place += chance.choice([1, 1, 1, 2, 0])
        tokens.append((word, place))
    return tuple(tokens)


def _request(chance: random.Random) -> Request:
    filters = {
        name: frozenset(chance.sample([*STATUSES, "other"], k=chance.randrange(1, 3)))
        for name in FACET_FIELDS[:3]
        if chance.random() < 0.2
    }
    ranges = {name: _bounds(chance) for name in NUMBER_FIELDS if chance.random() < 0.1}
    return Request(_node(chance, chance.randrange(4)), filters, ranges, limit=1000, seconds=60)


def _bounds(chance: random.Random) -> tuple[int | None, int | None]:
    return chance.choice([None, chance.randrange(50)]), chance.choice([None, chance.randrange(50)])


def _node(chance: random.Random, depth: int) -> Node:
    if depth == 0 or chance.random() < 0.2:
        return _leaf(chance)
    parts = tuple(_node(chance, depth - 1) for _ in range(chance.randrange(1, 4)))
    match chance.randrange(3):
        case 0:
            return Either(parts)
        case 1:
            return Without(parts[0], _node(chance, depth - 1))
        case _:
            return All(parts)


def _leaf(chance: random.Random) -> Node:
    field, word = chance.choice(POSITIONED), chance.choice(WORDS)
    kinds: list[Callable[[], Node]] = [
        Everything,
        lambda: Phrase(_words(chance), field=field),
        lambda: Near(_words(chance), _words(chance), chance.randrange(4), chance.random() < 0.5, field=field),
        lambda: Prefix(word[: chance.randrange(1, 4)], field=field),
        lambda: Term(chance.choice(["classes", "status", "right_type"]), chance.choice(CLASSES + STATUSES)),
        lambda: Between(chance.choice(NUMBER_FIELDS), *_bounds(chance)),
        lambda: Term(chance.choice([field, "words", "characters"]), word),
        lambda: Term(field, word),
    ]
    return chance.choice(kinds)()


def _words(chance: random.Random) -> tuple[str, ...]:
    return tuple(chance.choices(WORDS, k=chance.choice([1, 1, 2, 3])))
