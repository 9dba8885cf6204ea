"""Order, counts, limits and what an engine tells of its documents, on every engine there is."""

import random

import pytest
from engine_documents import document, filled, found

from search.engines import (
    All,
    Either,
    Engine,
    Everything,
    Near,
    Prefix,
    Request,
    Sort,
    Term,
    TooSlow,
    Unavailable,
)


def test_bands_count_as_if_their_own_range_were_lifted(engine: Engine) -> None:
    bands = {
        "price": ((None, 199), (200, 300), (300, None), (None, None), (301, 400)),
        "closes": ((5, 5), (0, None)),
    }
    answer = filled(engine).search(Request(Term("grams", "glass"), bands=bands))
    assert answer.bands == {"price": (1, 2, 1, 3, 0), "closes": (1, 2)}
    answer = engine.search(Request(bands=bands, ranges={"price": (150, 250)}))
    assert [hit.id for hit in answer.hits] == ["c"]
    assert answer.bands == {"price": (1, 2, 1, 3, 0), "closes": (0, 1)}
    answer = engine.search(Request(bands=bands, filters={"status": frozenset({"published"})}))
    assert answer.bands == {"price": (1, 1, 1, 2, 0), "closes": (1, 1)}
    assert answer.facets["status"] == {"published": 2, "sold": 1}


def test_bands_are_exact_for_numbers_of_any_size(engine: Engine) -> None:
    big = 2**60
    engine.rebuild([document(f"{step}", price=big + step) for step in range(4)])
    bands = ((big + 1, big + 2), (None, big), (big + 3, None), (0, 2**61))
    assert engine.search(Request(bands={"price": bands})).bands == {"price": (2, 1, 1, 4)}
    assert found(engine, Everything(), ranges={"price": (big + 1, big + 2)}) == ["1", "2"]
    assert found(engine, Everything(), sort=Sort("price", descending=True)) == ["3", "2", "1", "0"]


def test_equals_are_ordered_by_id_on_every_page(engine: Engine) -> None:
    chance = random.Random(5)
    ids = [f"lot-number-{number:03}" for number in range(130)]
    shuffled = chance.sample(ids, k=len(ids))
    prices = {name: chance.choice([7, 7, 9]) for name in ids[:100]}
    priced = [document(name, "same", price=price) for name, price in prices.items()]
    each = {one.id: one for one in [*priced, *(document(name, "same") for name in ids[100:])]}
    engine.rebuild([])
    for start in range(0, 130, 26):
        engine.upsert(each[name] for name in shuffled[start : start + 26])
        engine.commit()
    up = [*sorted(prices, key=lambda name: (prices[name], name)), *ids[100:]]
    down = [*sorted(prices, key=lambda name: (-prices[name], name)), *ids[100:]]
    for offset, limit in ((0, 10), (35, 20), (60, 45), (95, 10), (120, 30)):
        page = {"offset": offset, "limit": limit}
        window = slice(offset, offset + limit)
        assert found(engine, Everything(), **page) == ids[window]
        assert found(engine, Term("grams", "same"), **page) == ids[window]
        assert found(engine, All((Prefix("sam"), Term("status", "published"))), **page) == ids[window]
        assert found(engine, Either((Prefix("sam"), Term("status", "sold"))), **page) == ids[window]
        assert found(engine, Term("grams", "same"), sort=Sort("price"), **page) == up[window]
        assert found(engine, Everything(), sort=Sort("price", descending=True), **page) == down[window]


def test_a_page_may_be_empty(engine: Engine) -> None:
    answer = filled(engine).search(Request(limit=0))
    assert (answer.total, answer.hits) == (3, ())
    answer = engine.search(Request(sort=Sort("price"), offset=3))
    assert (answer.total, answer.hits) == (3, ())
    answer = engine.search(Request(Term("grams", "glass"), offset=9))
    assert (answer.total, answer.hits) == (3, ())


def test_an_order_by_number_has_no_scores(engine: Engine) -> None:
    answer = filled(engine).search(Request(Term("grams", "glass"), sort=Sort("price")))
    assert [hit.score for hit in answer.hits] == [0, 0, 0]


def test_versions_of_some_and_the_newest(engine: Engine) -> None:
    engine.rebuild([document("a", version="3"), document("b", version="21"), document("c", version="1")])
    assert engine.versions(["a", "c", "never"]) == {"a": "3", "c": "1"}
    assert engine.versions([]) == {}
    assert engine.versions() == {"a": "3", "b": "21", "c": "1"}
    assert engine.newest() == "3"
    engine.delete(["a"])
    engine.upsert([document("c", version="20")])
    engine.commit()
    assert engine.versions(["a", "c"]) == {"c": "20"}
    assert engine.newest() == "21"
    engine.rebuild([])
    assert (engine.newest(), engine.versions(), engine.versions(["a"])) == ("", {}, {})


def test_words_and_how_many_documents_have_them(engine: Engine) -> None:
    filled(engine)
    assert engine.frequencies("grams", ["glass", "solar", "glas", "of"]) == {"glass": 3, "solar": 2, "of": 1}
    assert engine.frequencies("title_grams", ["glass", "cell"]) == {"cell": 1}
    assert dict(engine.vocabulary("title")) == {"cell": 1}
    assert dict(engine.vocabulary("grams"))["cover"] == 2
    assert dict(engine.vocabulary("claims_grams")) == {}


def test_without_an_index_nothing_is_known(engine: Engine) -> None:
    for question in (
        engine.newest,
        lambda: engine.versions(["a"]),
        lambda: engine.frequencies("grams", ["a"]),
        lambda: list(engine.vocabulary("grams")),
    ):
        with pytest.raises(Unavailable):
            question()


def test_a_request_is_given_up_after_its_time(engine: Engine) -> None:
    filled(engine)
    node = Either((Term("grams", "glass"), Prefix("co"), Near(("solar",), ("cell",), 3)))
    with pytest.raises(TooSlow) as slow:
        engine.search(Request(node, seconds=0))
    assert slow.value.args == (0,)
    assert engine.search(Request(node, seconds=60)).total == 3
