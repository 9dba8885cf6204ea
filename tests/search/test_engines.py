"""The contract of an engine, on every engine there is."""

import pytest
from engine_documents import document, filled, found

from search.engines import (
    PREFIX_LIMIT,
    All,
    Either,
    Engine,
    Everything,
    Node,
    Phrase,
    Prefix,
    Request,
    Sort,
    Term,
    TooBroad,
    Unavailable,
    Without,
)


def test_before_the_first_build_there_is_nothing_to_ask(engine: Engine) -> None:
    with pytest.raises(Unavailable):
        engine.search(Request())
    with pytest.raises(Unavailable):
        engine.versions()
    engine.upsert([document("a")])
    with pytest.raises(Unavailable):
        engine.commit()


def test_an_empty_index_answers_nothing(engine: Engine) -> None:
    engine.rebuild([])
    answer = engine.search(Request(Term("grams", "cell"), sort=Sort("price"), ranges={"price": (1, 2)}))
    assert (answer.total, answer.hits) == (0, ())
    assert engine.versions() == {}


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Everything(), {"a", "b", "c"}),
        (Term("grams", "solar"), {"a", "c"}),
        (Term("classes", "H01M"), {"a", "b"}),
        (Term("grams", "absent"), set()),
        (Phrase(("solar", "cell")), {"a"}),
        (Phrase(("solar",)), {"a", "c"}),
        (Phrase(("cell", "solar")), set()),
        (Prefix("cov"), {"a", "c"}),
        (Prefix("zzz"), set()),
        (All((Term("grams", "glass"), Term("grams", "cover"))), {"a", "c"}),
        (Either((Phrase(("glass", "cell")), Phrase(("of", "solar")))), {"b", "c"}),
        (Without(Everything(), Term("grams", "solar")), {"b"}),
        (Without(Either((Term("words", "cell"), Term("words", "of"))), Prefix("sol")), {"b"}),
    ],
)
def test_what_matches(engine: Engine, node: Node, expected: set[str]) -> None:
    assert set(found(filled(engine), node)) == expected


def test_rare_words_and_titles_rank_first(engine: Engine) -> None:
    filled(engine)
    assert found(engine, Either((Term("grams", "glass"), Term("grams", "of"))))[0] == "c"
    assert found(engine, Either((Term("grams", "cell"), Term("title", "cell", 2.0))))[0] == "b"


def test_sorting_puts_missing_values_last(engine: Engine) -> None:
    filled(engine)
    assert found(engine, Everything(), sort=Sort("price")) == ["b", "c", "a"]
    assert found(engine, Everything(), sort=Sort("price", descending=True)) == ["a", "c", "b"]
    assert found(engine, Everything(), sort=Sort("closes")) == ["c", "a", "b"]
    assert found(engine, Everything(), sort=Sort("closes", descending=True)) == ["a", "c", "b"]
    assert found(engine, Everything(), sort=Sort("published")) == ["a", "b", "c"]


def test_paging_keeps_the_total(engine: Engine) -> None:
    answer = filled(engine).search(Request(sort=Sort("price"), offset=1, limit=1))
    assert ([hit.id for hit in answer.hits], answer.total) == (["c"], 3)
    assert not found(engine, Everything(), offset=10)


def test_ranges_include_their_ends_and_leave_out_missing_values(engine: Engine) -> None:
    filled(engine)
    assert set(found(engine, Everything(), ranges={"price": (100, 200)})) == {"b", "c"}
    assert set(found(engine, Everything(), ranges={"price": (201, None)})) == {"a"}
    assert set(found(engine, Everything(), ranges={"closes": (None, 9)})) == {"a", "c"}


def test_facets_count_as_if_their_own_filter_were_lifted(engine: Engine) -> None:
    accepted = {"status": frozenset({"sold"}), "right_type": frozenset({"design", "unheard"})}
    answer = filled(engine).search(Request(Term("grams", "glass"), filters=accepted))
    assert [hit.id for hit in answer.hits] == ["c"]
    assert answer.facets["status"] == {"published": 2, "sold": 1}
    assert answer.facets["right_type"] == {"invention": 1, "design": 1}
    assert answer.facets["technology_field"] == {}


def test_changes_show_after_the_commit_and_replace(engine: Engine) -> None:
    before = filled(engine).search(Request()).generation
    engine.upsert([document("a", "wind mill", version="2"), document("d", "solar")])
    engine.delete(["c", "never there"])
    assert set(found(engine, Term("grams", "solar"))) == {"a", "c"}
    after = engine.commit()
    assert before != after == engine.search(Request()).generation
    assert found(engine, Term("grams", "solar")) == ["d"]
    assert found(engine, Term("grams", "mill")) == ["a"]
    assert engine.versions() == {"a": "2", "b": "1", "d": "1"}


def test_the_last_word_on_a_document_counts(engine: Engine) -> None:
    filled(engine)
    engine.delete(["a"])
    engine.upsert([document("a", "again")])
    engine.upsert([document("e", "gone")])
    engine.delete(["e"])
    engine.commit()
    assert set(found(engine, Everything())) == {"a", "b", "c"}
    assert found(engine, Term("grams", "again")) == ["a"]


def test_a_rebuild_forgets_what_was_there(engine: Engine) -> None:
    filled(engine)
    engine.rebuild([document("z", "new")])
    assert found(engine, Everything()) == ["z"]


def test_a_prefix_for_too_many_words_is_refused(engine: Engine) -> None:
    words = [f"pre{number:03}" for number in range(PREFIX_LIMIT)]
    engine.rebuild([document("a", " ".join(words))])
    assert found(engine, Prefix("pre")) == ["a"]
    engine.upsert([document("b", "premium")])
    engine.commit()
    with pytest.raises(TooBroad) as refusal:
        engine.search(Request(Prefix("pre")))
    assert refusal.value.args == ("pre",)
    assert found(engine, Prefix("prem")) == ["b"]
