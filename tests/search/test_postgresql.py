"""What only the index in PostgreSQL has: its own tables, limits, and a server that may go away."""

import threading
from collections.abc import Iterable, Iterator

import pytest
from databases import SERVER
from engine_documents import document, found, placed
from psycopg import Cursor
from sqlalchemy import create_engine, text

from search.engines import (
    Busy,
    Document,
    Either,
    Engine,
    Near,
    Phrase,
    Prefix,
    Request,
    Sort,
    Term,
    TooSlow,
    Unavailable,
    Without,
)
from search.engines.postgresql import PostgresqlEngine
from search.engines.postgresql.keeping import KEPT
from search.engines.postgresql.lexemes import PLACES_LIMIT, POSITION_LIMIT, WORD_BYTES

pytestmark = pytest.mark.postgresql

NASTY = [
    "'",
    "''",
    "\\",
    "\\'",
    "a'b",
    ":",
    "a:1",
    "a:*",
    "&",
    "|",
    "!",
    "(",
    "<->",
    "%s",
    "%(p0)s",
    "😀",
    "\u2028",
    " a b ",
    "\t",
]


def of_words(name: str, words: Iterable[str]) -> Document:
    tokens = tuple((word, place) for place, word in enumerate(words))
    return Document(name, "1", {"grams": tokens, "words": tokens})


def tables(schema: str) -> list[str]:
    server = create_engine(SERVER)
    with server.connect() as connection:
        names = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY 1"), {"schema": schema}
        )
        made = list(names.scalars())
    server.dispose()
    return made


@pytest.mark.parametrize("word", NASTY)
def test_no_word_is_read_as_anything_but_itself(postgresql_engine: Engine, word: str) -> None:
    others = [other for other in NASTY if other != word]
    postgresql_engine.rebuild([of_words("a", ["x", word, "y"]), of_words("b", others)])
    assert found(postgresql_engine, Term("words", word)) == ["a"]
    assert found(postgresql_engine, Phrase(("x", word, "y"))) == ["a"]
    assert found(postgresql_engine, Near((word,), ("x",), 0)) == ["a"]
    assert set(found(postgresql_engine, Prefix(word))) >= {"a"}
    assert found(
        postgresql_engine, Without(Either((Term("words", "x"), Term("words", ":"))), Term("words", word))
    ) == ([] if word == ":" else ["b"])
    assert postgresql_engine.frequencies("words", [word, "x", "absent"]) == {word: 1, "x": 1}
    assert dict(postgresql_engine.vocabulary("words")).keys() == {*NASTY, "x", "y"}


def test_words_as_long_as_texts_are_told_apart(postgresql_engine: Engine) -> None:
    long = "热" * WORD_BYTES
    postgresql_engine.rebuild([of_words("a", [long + "a", "x"]), of_words("b", [long + "b", "x"])])
    assert found(postgresql_engine, Term("words", long + "a")) == ["a"]
    assert found(postgresql_engine, Phrase((long + "b", "x"))) == ["b"]
    assert found(postgresql_engine, Prefix("热热")) == ["a", "b"]


def test_long_phrases_are_found_up_to_the_limits_of_a_vector_and_short_ones_beyond(
    postgresql_engine: Engine,
) -> None:
    far = [f"w{number}" for number in range(POSITION_LIMIT + 2)]
    often = ["all"] * PLACES_LIMIT + ["last", "all", "beyond", "that"]
    postgresql_engine.rebuild([of_words("far", far), of_words("often", often)])
    inside, outside = far[POSITION_LIMIT - 3 : POSITION_LIMIT], far[POSITION_LIMIT - 2 : POSITION_LIMIT + 1]
    assert found(postgresql_engine, Phrase(tuple(inside))) == ["far"]
    assert found(postgresql_engine, Phrase(tuple(outside))) == []
    assert found(postgresql_engine, Phrase(tuple(outside[1:]))) == ["far"]
    assert found(postgresql_engine, Near((outside[1],), (outside[2],), 0)) == []
    assert found(postgresql_engine, Phrase(("all", "all", "last"))) == ["often"]
    assert found(postgresql_engine, Phrase(("all", "beyond", "that"))) == []
    assert found(postgresql_engine, Phrase(("all", "beyond"))) == ["often"]
    assert found(postgresql_engine, Term("grams", "beyond")) == ["often"]


def test_more_than_a_vector_holds_is_cut_and_keys_are_kept(postgresql_engine: Engine) -> None:
    words = [f"{number:05}{'x' * 150}" for number in range(9000)]
    tokens = tuple((word, place) for place, word in enumerate(words))
    huge = Document("a", "1", {"grams": tokens, "words": tokens}, {"numbers": frozenset({"CN1"})})
    postgresql_engine.rebuild([huge])
    assert found(postgresql_engine, Term("numbers", "CN1")) == ["a"]
    assert found(postgresql_engine, Term("words", words[0])) == ["a"]
    assert found(postgresql_engine, Term("grams", words[-1])) == []
    postgresql_engine.delete(["a"])
    postgresql_engine.commit()
    assert not list(postgresql_engine.vocabulary("words"))


def test_counts_of_words_follow_every_change(postgresql_engine: Engine) -> None:
    postgresql_engine.rebuild([document("a", "solar cell cell"), document("b", "solar")])
    assert postgresql_engine.frequencies("grams", ["solar", "cell"]) == {"solar": 2, "cell": 1}
    postgresql_engine.upsert([document("a", "cell glass")])
    postgresql_engine.delete(["b", "never"])
    postgresql_engine.commit()
    assert postgresql_engine.frequencies("grams", ["solar", "cell", "glass"]) == {"cell": 1, "glass": 1}
    assert sorted(postgresql_engine.vocabulary("grams")) == [("cell", 1), ("glass", 1)]


def test_the_words_a_prefix_stands_for_are_those_of_documents_that_are_there(
    postgresql_engine: Engine,
) -> None:
    postgresql_engine.rebuild(
        [of_words("a", [f"pre{number}" for number in range(100)]), of_words("b", ["pres"])]
    )
    postgresql_engine.delete(["b"])
    postgresql_engine.commit()
    assert found(postgresql_engine, Prefix("pre")) == ["a"]


def test_a_rebuild_leaves_no_table_of_the_old_build(
    postgresql_engine: PostgresqlEngine, postgresql_schema: str
) -> None:
    for _ in range(3):
        postgresql_engine.rebuild([document("a")])
    assert tables(postgresql_schema) == ["current", "documents_3", "lists_3", "sets_3", "words_3"]


def test_a_rebuild_that_breaks_off_leaves_the_old_index_and_nothing_else(
    postgresql_engine: PostgresqlEngine, postgresql_schema: str
) -> None:
    postgresql_engine.rebuild([document("a")])
    before = tables(postgresql_schema)

    def breaking() -> Iterator[Document]:
        yield document("b")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        postgresql_engine.rebuild(breaking())
    assert postgresql_engine.versions().keys() == {"a"}
    assert tables(postgresql_schema) == before


def test_while_one_builds_the_old_index_answers_and_others_are_told_busy(
    postgresql_engine: PostgresqlEngine, postgresql_schema: str
) -> None:
    postgresql_engine.rebuild([document("old")])
    other = PostgresqlEngine(SERVER, schema=postgresql_schema)
    other.upsert([document("noted")])
    seen: list[list[str]] = []

    def meanwhile() -> Iterator[Document]:
        yield document("new")
        with pytest.raises(Busy):
            other.rebuild([])
        with pytest.raises(Busy):
            other.commit()
        seen.append(sorted(other.versions()))

    postgresql_engine.rebuild(meanwhile())
    assert seen == [["old"]]
    other.commit()
    assert sorted(postgresql_engine.versions()) == ["new", "noted"]
    other.close()


def test_an_index_of_another_layout_counts_as_none(
    postgresql_engine: PostgresqlEngine, postgresql_schema: str
) -> None:
    postgresql_engine.rebuild([document("a")])
    newer = PostgresqlEngine(SERVER, "2", postgresql_schema)
    with pytest.raises(Unavailable):
        newer.versions()
    newer.rebuild([document("b")])
    assert newer.versions().keys() == {"b"}
    newer.close()


def test_two_schemas_know_nothing_of_each_other(
    postgresql_engine: PostgresqlEngine, postgresql_schema: str
) -> None:
    postgresql_engine.rebuild([document("a")])
    other = PostgresqlEngine(SERVER, schema=f"{postgresql_schema}_b")
    with pytest.raises(Unavailable):
        other.search(Request())
    other.close()


def test_connections_that_the_server_closed_are_replaced(postgresql_engine: PostgresqlEngine) -> None:
    postgresql_engine.rebuild([document("a")])
    server = create_engine(SERVER)

    def cut_off(cursor: Cursor) -> None:
        cursor.execute("SELECT pg_backend_pid()")
        ((process,),) = cursor.fetchall()
        with server.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
        cursor.execute("SELECT 1")

    with pytest.raises(Unavailable):
        postgresql_engine.connections.read(cut_off)
    assert postgresql_engine.versions().keys() == {"a"}
    server.dispose()


def test_a_server_that_is_not_there_is_unavailable() -> None:
    engine = PostgresqlEngine("postgresql://127.0.0.1:1/nowhere")
    for ask in (engine.versions, engine.commit, lambda: engine.rebuild([])):
        with pytest.raises(Unavailable):
            ask()
    engine.close()


def test_a_statement_is_stopped_by_the_server_when_its_time_is_over(
    postgresql_engine: PostgresqlEngine,
) -> None:
    postgresql_engine.rebuild([document("a")])
    with pytest.raises(TooSlow):
        postgresql_engine.connections.read(lambda cursor: cursor.execute("SELECT pg_sleep(20)"), 0.05)
    assert postgresql_engine.versions().keys() == {"a"}


def test_one_object_serves_several_threads(postgresql_engine: Engine) -> None:
    postgresql_engine.rebuild([document(f"d{number}", f"cell w{number}") for number in range(20)])
    wrong: list[int] = []

    def ask(number: int) -> None:
        for _ in range(5):
            hits = postgresql_engine.search(Request(Term("grams", f"w{number}"), seconds=30)).hits
            wrong.extend([number] if [hit.id for hit in hits] != [f"d{number}"] else [])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_two_words_at_one_place_make_two_phrases(postgresql_engine: Engine) -> None:
    postgresql_engine.rebuild([Document("a", "1", {"grams": placed("solar cells/cell glass")})])
    for word in ("cells", "cell"):
        assert found(postgresql_engine, Phrase(("solar", word, "glass"))) == ["a"]


def test_four_characters_that_stand_together_are_told_from_their_pairs(postgresql_engine: Engine) -> None:
    postgresql_engine.rebuild(
        [
            of_words("together", ["和", "甲乙", "乙丙", "丙丁", "丁戊"]),
            of_words("apart", ["甲乙", "乙丙", "和", "乙丙", "丙丁", "和", "丙丁", "丁戊"]),
            of_words("threes", ["甲乙", "乙丙", "丙丁", "和", "乙丙", "丙丁", "丁戊"]),
            of_words("latin", ["甲乙", "乙丙", "pvc"]),
        ]
    )
    assert found(postgresql_engine, Phrase(("甲乙", "乙丙", "丙丁"))) == ["threes", "together"]
    assert found(postgresql_engine, Phrase(("甲乙", "乙丙", "丙丁", "丁戊"))) == ["together"]
    assert found(postgresql_engine, Phrase(("甲乙", "乙丙", "pvc"))) == ["latin"]


def test_answers_about_everything_are_kept_until_the_next_commit_anywhere(
    postgresql_engine: PostgresqlEngine, postgresql_schema: str
) -> None:
    postgresql_engine.rebuild([document("a", price=1), document("b", price=2)])
    newest = Request(sort=Sort("price", descending=True))
    assert postgresql_engine.search(newest) is postgresql_engine.search(newest)
    assert postgresql_engine.search(Request(sort=Sort("price"))).hits[0].id == "a"
    other = PostgresqlEngine(SERVER, schema=postgresql_schema)
    other.delete(["b"])
    other.commit()
    other.close()
    assert [hit.id for hit in postgresql_engine.search(newest).hits] == ["a"]
    for limit in range(2 * KEPT):
        assert postgresql_engine.search(Request(limit=limit + 1)).total == 1
