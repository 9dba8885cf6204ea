"""Thousands of random queries: every engine must find exactly what brute force finds."""

import random
from pathlib import Path

import pytest

from search.engines import (
    All,
    Document,
    Either,
    Everything,
    Node,
    Phrase,
    Prefix,
    Request,
    Response,
    Sort,
    Term,
    Without,
)
from search.engines.oracle import OracleEngine
from search.engines.whoosh import WhooshEngine

SEEDS = range(8)
QUERIES_PER_STATE = 100
WORDS = [f"{first}{second}" for first in ("al", "be", "alba", "ga", "热水", "电池") for second in "abcdefg器"]
COMMON = WORDS[:6]
STATUSES = ["published", "reserved", "sold"]


def test_whoosh_finds_what_brute_force_finds(tmp_path: Path) -> None:
    asked = 0
    for seed in SEEDS:
        chance = random.Random(seed)
        oracle, whoosh = OracleEngine(), WhooshEngine(tmp_path / str(seed))
        first = [_document(chance, number) for number in range(chance.choice([1, 40, 90]))]
        oracle.rebuild(first)
        whoosh.rebuild(first)
        for _state in range(4):
            for _query in range(QUERIES_PER_STATE):
                request = _request(chance)
                _compare(request, whoosh.search(request), oracle.search(request))
                asked += 1
            _change(chance, oracle, whoosh)
            assert whoosh.versions() == oracle.versions()
    assert asked >= 3000


def test_scores_are_bm25_by_the_book(tmp_path: Path) -> None:
    chance = random.Random(11)
    # Whoosh keeps lengths in one byte: exact up to ten words, rounded above.
    documents = [_document(chance, number, longest=8) for number in range(120)]
    oracle, whoosh = OracleEngine(), WhooshEngine(tmp_path)
    oracle.rebuild(documents)
    whoosh.rebuild(documents)
    for _ in range(300):
        request = Request(_node(chance, 2), limit=200)
        right = {hit.id: hit.score for hit in oracle.search(request).hits}
        got = {hit.id: hit.score for hit in whoosh.search(request).hits}
        assert got == pytest.approx(right, rel=1e-4, abs=1e-4)


def _compare(request: Request, got: Response, right: Response) -> None:
    assert got.total == right.total, request
    assert got.facets == right.facets, request
    if request.sort.field is not None:
        assert [hit.id for hit in got.hits] == [hit.id for hit in right.hits], request
    elif request.limit >= right.total:
        assert {hit.id for hit in got.hits} == {hit.id for hit in right.hits}, request


def _change(chance: random.Random, oracle: OracleEngine, whoosh: WhooshEngine) -> None:
    """Replace, add and delete, so that there are several segments with deletions in them."""
    documents = [_document(chance, chance.randrange(140)) for _ in range(chance.randrange(30))]
    gone = [f"d{chance.randrange(140)}" for _ in range(chance.randrange(20))]
    for engine in (oracle, whoosh):
        engine.upsert(documents)
        engine.delete(gone)
        engine.commit()


def _document(chance: random.Random, number: int, longest: int = 24) -> Document:
    def tokens(most: int) -> tuple[tuple[str, int], ...]:
        words = chance.choices(WORDS, k=chance.randrange(most)) + chance.choices(COMMON, k=most // 4)
        chance.shuffle(words)
        return tuple((word, 2 * place if place > 8 else place) for place, word in enumerate(words))

    numbers = {
        name: chance.randrange(1000) for name in ("price", "closes", "published") if chance.random() < 0.8
    }
    return Document(
        id=f"d{number}",
        version=str(chance.random()),
        texts={"grams": tokens(longest), "words": tokens(longest // 2), "title": tokens(5)},
        keys={"classes": frozenset(chance.sample(["H", "H01", "H01M", "A"], k=2)), "numbers": frozenset()},
        facets={
            "status": frozenset({chance.choice(STATUSES)}),
            "technology_field": frozenset(str(field) for field in chance.sample(range(1, 6), k=2)),
        },
        numbers=numbers,
    )


def _request(chance: random.Random) -> Request:
    filters, ranges = {}, {}
    if chance.random() < 0.3:
        filters["status"] = frozenset(chance.sample(STATUSES, k=chance.randrange(1, 3)))
    if chance.random() < 0.3:
        filters["technology_field"] = frozenset({str(chance.randrange(1, 7))})
    if chance.random() < 0.3:
        ends = sorted(chance.sample(range(1000), k=2))
        ranges["price"] = (chance.choice([None, ends[0]]), chance.choice([None, ends[1]]))
    sort = Sort(chance.choice([None, None, "price", "closes"]), descending=chance.random() < 0.5)
    offset, limit = (chance.randrange(5), 10) if sort.field else (0, 200)
    return Request(_node(chance, chance.randrange(4)), filters, ranges, sort, offset, limit)


def _node(chance: random.Random, depth: int) -> Node:
    if depth == 0 or chance.random() < 0.2:
        return _leaf(chance)
    parts = tuple(_node(chance, depth - 1) for _ in range(chance.randrange(1, 4)))
    match chance.randrange(4):
        case 0:
            return Either(parts)
        case 1:
            return Without(parts[0], _node(chance, depth - 1))
        case _:
            return All(parts)


def _leaf(chance: random.Random) -> Node:
    word = chance.choice([*WORDS, *COMMON, "never"])
    match chance.randrange(7):
        case 0:
            return Phrase(tuple(chance.choices(COMMON, k=chance.randrange(1, 4))))
        case 1:
            return Prefix(word[: chance.randrange(1, 4)], 0.5)
        case 2:
            return Term("classes", chance.choice(["H", "H01", "H01M", "A", "Z"]))
        case 3:
            return Everything()
        case _:
            return Term(chance.choice(["grams", "words", "title"]), word, chance.choice([1.0, 2.5]))
