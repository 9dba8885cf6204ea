"""What leaves of a query match, on every engine there is."""

import pytest
from engine_documents import document, found

from search.engines import (
    PREFIX_LIMIT,
    All,
    Between,
    Document,
    Either,
    Engine,
    Everything,
    Near,
    Node,
    Phrase,
    Prefix,
    Request,
    Term,
    TooBroad,
    Without,
)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.rebuild(
        [
            document(
                "a", "x y _ z", title="solar cells/cell", claims="a cell of solar panels/panel", price=3
            ),
            document("b", "y x z", title="cell of solar", claims="solar panel", price=5, closes=0),
            document("c", "x _ _ y", title="panel panel", claims="w x y z w x"),
            document("d", "_ _ x y z", title="w x y z w x", status="sold", price=0),
        ]
    )
    return engine


def near(first: str, second: str, distance: int, *, ordered: bool = False, name: str = "grams") -> Near:
    return Near(tuple(first.split()), tuple(second.split()), distance, ordered=ordered, field=name)


TITLE, CLAIMS = "title_grams", "claims_grams"


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Term(TITLE, "cell"), "ab"),
        (Term(TITLE, "cells"), "a"),
        (Term(CLAIMS, "cell"), "a"),
        (Term("status", "sold"), "d"),
        (Term("right_type", "design"), "abcd"),
        (Term("right_type", "trademark"), ""),
        (Phrase(("x", "y")), "ad"),
        (Phrase(("y", "z")), "d"),
        (Phrase(("x", "y"), field=CLAIMS), "c"),
        (Phrase(("solar", "cell"), field=TITLE), "a"),
        (Phrase(("solar", "cells"), field=TITLE), "a"),
        (Phrase(("cells", "cell"), field=TITLE), ""),
        (Phrase(("cell",), field=TITLE), "ab"),
        (Phrase(("panel", "panel"), field=TITLE), "c"),
        (Phrase(("panel", "panel"), field=CLAIMS), ""),
        (Prefix("cel", field=TITLE), "ab"),
        (Prefix("cells", field=TITLE), "a"),
        (Prefix("cel", field=CLAIMS), "a"),
        (Prefix("cel"), ""),
    ],
)
def test_a_leaf_asks_its_field(filled: Engine, node: Node, expected: str) -> None:
    assert set(found(filled, node)) == set(expected)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (near("x", "y", 0), "abd"),
        (near("x", "y", 0, ordered=True), "ad"),
        (near("x", "y", 1, ordered=True), "ad"),
        (near("x", "y", 2, ordered=True), "acd"),
        (near("y", "x", 0, ordered=True), "b"),
        (near("y", "x", 2), "abcd"),
        (near("x", "z", 1), "bd"),
        (near("x", "z", 2), "abd"),
        (near("y", "z", 1), "abd"),
        (near("x y", "z", 0), "d"),
        (near("x y", "z", 1), "ad"),
        (near("z", "x y", 1), "ad"),
        (near("z", "x y", 1, ordered=True), ""),
        (near("never", "x", 9), ""),
        (near("x", "x", 9), ""),
        (near("panel", "panel", 0, name=TITLE), "c"),
        (near("cells", "cell", 5, name=TITLE), ""),
        (near("solar", "cell", 0, name=TITLE), "a"),
        (near("solar", "cell", 1, name=TITLE), "ab"),
        (near("cell of", "panel", 1, name=CLAIMS), "a"),
        (near("cell of", "panel", 0, name=CLAIMS), ""),
        (near("w x", "w x", 1, name=CLAIMS), ""),
        (near("w x", "w x", 2, name=CLAIMS), "c"),
        (near("w x", "x y", 3, name=CLAIMS), "c"),
        (near("w x", "x y", 3, ordered=True, name=CLAIMS), ""),
        (near("y z", "w x", 0, ordered=True, name=CLAIMS), "c"),
        (near("w x y", "y z w", 9, name=CLAIMS), ""),
    ],
)
def test_nearness_counts_the_places_between(filled: Engine, node: Node, expected: str) -> None:
    assert set(found(filled, node)) == set(expected)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Between("price"), "abd"),
        (Between("price", 3, 5), "ab"),
        (Between("price", 4), "b"),
        (Between("price", most=3), "ad"),
        (Between("price", 0, 0), "d"),
        (Between("closes", most=10), "b"),
        (Between("filed", 0), ""),
        (Between("price", 6, 5), ""),
        (Without(Everything(), Between("price")), "c"),
        (Either((Between("price", 5), Term(TITLE, "w"))), "bd"),
    ],
)
def test_between_includes_its_ends_and_leaves_out_missing_values(
    filled: Engine, node: Node, expected: str
) -> None:
    assert set(found(filled, node)) == set(expected)


@pytest.mark.parametrize("node", [All(()), Without(Everything(), Either(()))])
def test_all_of_nothing_is_everything_and_any_of_nothing_nothing(filled: Engine, node: Node) -> None:
    assert set(found(filled, node)) == set("abcd")


def test_scores_of_leaves(engine: Engine) -> None:
    engine.rebuild([document("a", "x y z"), document("b", "x"), document("c", "cell cellar")])

    def score(node: Node) -> float:
        return {hit.id: hit.score for hit in engine.search(Request(node)).hits}["a"]

    each = [score(Term("grams", word)) for word in "xyz"]
    assert score(Term("grams", "y", 2.0)) == pytest.approx(2 * each[1], abs=1e-3)
    assert score(Phrase(("x", "y"), 3.0)) == pytest.approx(3 * (each[0] + each[1]), abs=1e-3)
    assert score(near("x y", "z", 0)) == pytest.approx(sum(each), abs=1e-3)
    assert score(near("z", "x", 2)) == pytest.approx(each[0] + each[2], abs=1e-3)
    assert score(Either((Term("grams", "y"), Term("status", "published", 0.5)))) == pytest.approx(
        each[1] + 0.5, abs=1e-3
    )
    assert score(Prefix("z", 0.25)) == 0.25
    assert score(Without(All((Everything(), Term("grams", "x"))), Prefix("cell"))) == pytest.approx(
        each[0], abs=1e-3
    )


def test_words_of_deleted_documents_do_not_make_a_prefix_broad(engine: Engine) -> None:
    many = [document(f"{number:03}", f"prefix{number:03}") for number in range(PREFIX_LIMIT + 50)]
    engine.rebuild(many)
    with pytest.raises(TooBroad):
        engine.search(Request(Without(Everything(), Prefix("prefix"))))
    engine.delete(each.id for each in many[:50])
    engine.commit()
    assert engine.search(Request(Prefix("prefix"))).total == PREFIX_LIMIT


def test_words_may_look_like_anything(engine: Engine) -> None:
    odd = ["a b", "\t", "x*", '"', "AND", "热水", "a\u3000b", "(", "\\", "title:solar", "🔋"]
    engine.rebuild([document(f"d{at}", "z") for at in range(3)])
    engine.upsert([odd_document(f"odd{at}", word) for at, word in enumerate(odd)])
    engine.commit()
    for at, word in enumerate(odd):
        assert found(engine, Term("grams", word)) == [f"odd{at}"]
        assert found(engine, Phrase((word, "z"))) == [f"odd{at}"]
        assert found(engine, Term("words", word)) == [f"odd{at}"]
        assert f"odd{at}" in found(engine, Prefix(word[0]))


def odd_document(name: str, word: str) -> Document:
    return Document(name, "1", texts={"grams": ((word, 0), ("z", 1)), "words": ((word, 0),)})
