"""Random requests of every kind: each engine finds exactly what brute force finds, whatever was committed."""

import random
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
import random_searches as searches
from soak import examples

from search.engines import Document, Engine, Request
from search.engines.oracle import OracleEngine

ENGINES = ["whoosh", "tantivy", pytest.param("postgresql", marks=pytest.mark.postgresql)]
ROUNDS = 5
STATES = 4
REQUESTS_PER_STATE = 30


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


def test_every_engine_finds_what_brute_force_finds(engine: Engine) -> None:
    """600 requests, in a soak of 20 times as many 12,000."""
    for seed in range(examples(ROUNDS)):
        wrong = _compared(random.Random(seed), engine)
        assert not wrong, (seed, wrong[:1])


def test_pages_by_score_are_parts_of_one_list(engine: Engine) -> None:
    chance = random.Random(5)
    engine.rebuild(searches.document(chance, number) for number in range(searches.IDS))
    for _ in range(20):
        asked = searches.request(chance)
        whole = engine.search(Request(asked.node, limit=200, seconds=60)).hits
        pages = [
            engine.search(Request(asked.node, offset=offset, limit=7, seconds=60)).hits
            for offset in range(0, 70, 7)
        ]
        assert [hit.id for page in pages for hit in page] == [hit.id for hit in whole]
        assert all((-first.score, first.id) < (-second.score, second.id) for first, second in pairwise(whole))


class Forgetful:
    """A fault: what is deleted stays."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def delete(self, ids: Iterable[str]) -> None:
        del ids


class Imprecise(Forgetful):
    """A fault: one document in a hundred is not found."""

    def rebuild(self, documents: Iterable[Document]) -> str:
        return self._engine.rebuild(document for document in documents if document.id != "d7")

    def delete(self, ids: Iterable[str]) -> None:
        self._engine.delete(ids)


@pytest.mark.parametrize("fault", [Forgetful, Imprecise])
def test_a_planted_fault_is_found(fault: Callable[[Engine], Engine], whoosh_engine: Engine) -> None:
    assert any(_compared(random.Random(seed), fault(whoosh_engine)) for seed in range(3))


def _compared(chance: random.Random, engine: Engine) -> list[tuple[list[str], Request]]:
    """Ask both the same in several states; returns what differed."""
    oracle, wrong = OracleEngine(), []
    first = [searches.document(chance, number) for number in range(chance.choice([1, 20, 45]))]
    oracle.rebuild(first)
    engine.rebuild(first)
    for _ in range(STATES):
        for _ in range(REQUESTS_PER_STATE):
            asked = searches.request(chance)
            differing = searches.differences(engine.search(asked), oracle.search(asked), asked)
            wrong += [(differing, asked)] if differing else []
        written, gone = searches.changes(chance)
        for each in (oracle, engine):
            each.upsert(written)
            each.delete(gone)
            each.commit()
        if engine.versions() != oracle.versions() or engine.newest() != oracle.newest():
            wrong.append((["versions"], Request()))
    return wrong
