"""Readers ask while one writes and rebuilds: each answer is of one whole state, none older than promised."""

import random
import threading
import time
from dataclasses import dataclass

import pytest
import random_searches as searches
from databases import SERVER
from soak import examples

from search.engines import Document, Engine, Request, Response
from search.engines.oracle import OracleEngine
from search.engines.postgresql import PostgresqlEngine
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine

ENGINES = ["whoosh", "tantivy", pytest.param("postgresql", marks=pytest.mark.postgresql)]
STATES = 12
READERS = 2


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


@dataclass(frozen=True)
class Answer:
    """An answer, and the states it may come from: from the one acknowledged before to the one begun after."""

    asked: Request
    response: Response
    least: int
    most: int


class Course:
    """A writer brings an index from state to state while readers on engines of their own ask."""

    def __init__(self, engine: Engine, seed: int) -> None:
        self.engine = engine
        self.chance = random.Random(seed)
        self.documents: dict[str, Document] = {}
        self.states: list[OracleEngine] = []
        self.acknowledged = -1
        self.over = threading.Event()
        self.answers: list[Answer] = []
        self.troubles: list[BaseException] = []

    def run(self, states: int) -> None:
        self.advance()
        readers = [threading.Thread(target=self.read, args=(seed,)) for seed in range(READERS)]
        for reader in readers:
            reader.start()
        try:
            for _ in range(states):
                self.advance()
                time.sleep(0.05)
        finally:
            self.over.set()
            for reader in readers:
                reader.join(timeout=60)

    def advance(self) -> None:
        written, gone = searches.changes(self.chance)
        for document_id in gone:
            self.documents.pop(document_id, None)
        self.documents.update((document.id, document) for document in written)
        oracle = OracleEngine()
        oracle.rebuild(self.documents.values())
        # From here on the new state may be seen, and until the commit returns the old one.
        self.states.append(oracle)
        if len(self.states) % 5 == 1:
            self.engine.rebuild(list(self.documents.values()))
        else:
            self.engine.upsert(written)
            self.engine.delete(gone)
            self.engine.commit()
        self.acknowledged = len(self.states) - 1

    def read(self, seed: int) -> None:
        chance, engine = random.Random(seed), another(self.engine)
        try:
            while not self.over.is_set():
                asked, least = searches.request(chance), self.acknowledged
                response = engine.search(asked)
                self.answers.append(Answer(asked, response, least, len(self.states) - 1))
        except BaseException as trouble:
            self.troubles.append(trouble)
            raise
        finally:
            if isinstance(engine, PostgresqlEngine):
                engine.close()

    def wrong(self) -> list[Answer]:
        return [answer for answer in self.answers if not self._fits(answer)]

    def _fits(self, answer: Answer) -> bool:
        return any(
            not searches.differences(answer.response, state.search(answer.asked), answer.asked)
            for state in self.states[answer.least : answer.most + 1]
        )


def another(engine: Engine) -> Engine:
    """An engine on the same index, as another process would have it."""
    if isinstance(engine, PostgresqlEngine):
        return PostgresqlEngine(SERVER, schema=engine.schema)
    assert isinstance(engine, WhooshEngine | TantivyEngine)
    return type(engine)(engine.folders.root)


def test_every_answer_is_of_one_state_and_none_older_than_acknowledged(engine: Engine) -> None:
    for seed in range(examples(1)):
        course = Course(engine, seed)
        course.run(STATES)
        assert not course.troubles
        assert not course.wrong(), (seed, course.wrong()[0])
        # The readers were not just waiting for the writer.
        assert len({answer.least for answer in course.answers}) > STATES / 3
        assert len(course.answers) > STATES


def test_an_answer_that_is_too_old_is_found_out(whoosh_engine: Engine) -> None:
    course = Course(whoosh_engine, 0)
    course.run(6)
    everything = Request(limit=200, seconds=60)
    old = course.states[0].search(everything)
    assert not course.wrong()
    course.answers.append(Answer(everything, old, 0, 0))
    assert not course.wrong()
    course.answers.append(Answer(everything, old, 5, 6))
    assert len(course.wrong()) == 1
