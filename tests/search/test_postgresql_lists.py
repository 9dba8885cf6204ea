"""The long lists of frequent words: whatever is read from them is what the inverted index says."""

import random
from collections.abc import Iterator

import pytest
import random_searches as searches
from databases import SERVER
from engine_documents import document, found
from soak import examples

from search.engines import Everything, Request, Term
from search.engines.postgresql import PostgresqlEngine, lists
from search.engines.postgresql.lexemes import lexeme

pytestmark = pytest.mark.postgresql

ROUNDS = 3
STATES = 4
REQUESTS = 40
FEW = 3


@pytest.fixture
def listing(postgresql_schema: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresqlEngine]:
    """An index whose words have lists where FEW documents hold them, in blocks of eight numbers."""
    monkeypatch.setattr(lists, "LONG", FEW)
    monkeypatch.setattr(lists, "BLOCK_BITS", 3)
    monkeypatch.setattr(lists, "BLOCK", 8)
    engine = PostgresqlEngine(SERVER, schema=postgresql_schema)
    yield engine
    engine.close()


def listed(engine: PostgresqlEngine, word: str) -> int:
    """The entries that the list of a word has in the first build."""
    with engine.connections.write() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, true)", [engine.schema])
        cursor.execute("SELECT listed FROM words_1 WHERE lexeme = %s", [lexeme("words", word)])
        ((said,),) = cursor.fetchall()
        cursor.execute("SELECT entries FROM lists_1 WHERE lexeme = %s", [lexeme("words", word)])
        assert said == sum(len(entries) // lists.ENTRY for (entries,) in cursor)
    return int(said)


def random_walk(engine: PostgresqlEngine, chance: random.Random) -> list[object]:
    """Every answer with its scores, of several states."""
    engine.rebuild([searches.document(chance, number) for number in range(45)])
    answers: list[object] = []
    for _ in range(STATES):
        for _ in range(REQUESTS):
            asked = searches.request(chance)
            answer = engine.search(asked)
            answers.append((asked, answer.total, answer.hits))
        written, gone = searches.changes(chance)
        engine.upsert(written)
        engine.delete(gone)
        engine.commit()
    return answers


def test_scores_are_the_same_with_lists_and_without(
    listing: PostgresqlEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(examples(ROUNDS)):
        with_lists = random_walk(listing, random.Random(seed))
        with monkeypatch.context() as without:
            without.setattr(lists, "LONG", 10**9)
            assert random_walk(listing, random.Random(seed)) == with_lists


def test_a_planted_fault_is_found(listing: PostgresqlEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written later does not reach the lists."""
    with_lists = random_walk(listing, random.Random(1))
    monkeypatch.setattr(lists, "append", lambda *_: None)
    assert random_walk(listing, random.Random(1)) != with_lists


def test_a_word_gets_its_list_when_it_becomes_frequent(listing: PostgresqlEngine) -> None:
    listing.rebuild([document(f"a{number}", "early") for number in range(FEW)])
    listing.upsert([document("b", "late"), document("c", "late")])
    listing.commit()
    assert (listed(listing, "early"), listed(listing, "late")) == (FEW, 0)
    listing.upsert([document("d", "late early")])
    listing.commit()
    assert (listed(listing, "early"), listed(listing, "late")) == (FEW + 1, FEW)


def test_a_list_is_begun_anew_when_most_of_it_is_gone(listing: PostgresqlEngine) -> None:
    listing.rebuild([document(f"a{number}", "often") for number in range(4)])
    lengths = []
    for _ in range(3):
        listing.upsert([document(f"a{number}", "often") for number in range(4)])
        listing.commit()
        lengths.append(listed(listing, "often"))
    assert lengths == [8, 4, 8]
    assert found(listing, Term("words", "often")) == ["a0", "a1", "a2", "a3"]


def test_a_frequent_word_that_nobody_holds_any_more_has_no_list(listing: PostgresqlEngine) -> None:
    listing.rebuild([document(f"a{number}", "often") for number in range(8)])
    listing.delete([f"a{number}" for number in range(8)])
    listing.commit()
    assert listed(listing, "often") == 0
    assert listing.search(Request(Everything())).total == 0
