"""Classes found by the words of their titles and by the beginning of their symbols."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.classification import finding, nice, search_titles, suggested_classes, words
from search.classification.counting import lots_on_offer
from search.classification.tree import tree
from search.engines import Document, Request, Response, TooSlow
from search.engines.oracle import OracleEngine
from search.keys import class_keys


def symbols_of(text: str, limit: int = 10, language: str = "zh") -> list[str]:
    return [match.symbol for match in search_titles(text, language, limit)]


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("电池", "H01M"),
        ("锂电池", "H01M10/052"),
        ("图像识别", "G06V"),
        ("无人机", "B64U10"),
        ("一种用于废水处理的装置", "C02F"),
        ("batteries", "H01M"),
        ("Battery", "H01M"),
        ("neural network", "G06N3/02"),
        ("solar cells", "H10F10"),
        ("semiconductor device", "H01L"),
        ("LED 电路", "H05B45"),
    ],
)
def test_words_lead_to_the_class_that_is_about_them(text: str, best: str) -> None:
    assert symbols_of(text)[0] == best


def test_a_class_is_found_by_its_title_with_those_above_it() -> None:
    (match,) = [one for one in search_titles("water heater", "en", 5) if one.symbol == "F24H4/02"]
    assert match.title == "Water heaters"
    assert match.reading == "Fluid heaters characterised by the use of heat pumps › Water heaters"
    assert "H01M4/0438" in symbols_of("electrodes electrochemical processing", 40)


def test_a_word_is_not_found_inside_another_and_only_by_its_stem() -> None:
    assert not words.look_up("batteriez")
    titles = [one.title.lower() for one in search_titles("ion", "en", 40)]
    assert all({"ion", "ions"} & set(title.replace("-", " ").replace(",", " ").split()) for title in titles)


@pytest.mark.parametrize("text", ["", "of the", "的", "qqqqxx", "x", "！？", "H01M9999/99"])
def test_what_says_nothing_finds_nothing(text: str) -> None:
    assert search_titles(text, "en") == []
    assert suggested_classes(text, "zh") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("H", ["H", "H01", "H02", "H03"]),
        ("h0", ["H01", "H02", "H03", "H04"]),
        ("H01M", ["H01M", "H01M4", "H01M6", "H01M8"]),
        ("H01M1", ["H01M10", "H01M12", "H01M14", "H01M16"]),
        ("H01M10/052", ["H01M10/052", "H01M10/0525"]),
        ("H01M 10/", ["H01M10/02", "H01M10/04", "H01M10/05", "H01M10/06"]),
        ("H01M0010052500", ["H01M10/0525"]),
        ("Y02E6", ["Y02E60", "Y02E60/10", "Y02E60/13", "Y02E60/14"]),
        ("H99Z9", ["H99Z99"]),
        ("H77", []),
        ("H77Z1", []),
    ],
)
def test_the_beginning_of_a_symbol_finds_the_highest_first(text: str, found: list[str]) -> None:
    assert symbols_of(text, 4) == found


def test_suggestions_are_of_different_subclasses_and_none_for_a_symbol() -> None:
    suggested = suggested_classes("电池", "zh")
    assert suggested[0] == ("H01M", "用于直接转变化学能为电能的方法或装置，例如电池组")
    assert len({symbol[:4] for symbol, _ in suggested}) == len(suggested) == 3
    assert "C02" in symbols_of("废水处理装置", 40)
    assert "C02" not in dict(suggested_classes("废水处理装置", "zh", 10))
    assert suggested_classes("H01M", "zh") == []
    assert suggested_classes("neural yoghurt trampoline brassiere", "en") == []


@pytest.mark.parametrize(
    ("text", "subclass"),
    [
        ("一种用于废水处理的装置", "C02F"),
        ("水加热器", "F24H"),
        ("LED 照明", "F21S"),
        ("electric vehicle charging", "B60L"),
    ],
)
def test_the_first_suggestion_is_of_the_subclass_that_is_about_the_words(text: str, subclass: str) -> None:
    ((symbol, _), *_others) = suggested_classes(text, "en")
    assert symbol.startswith(subclass)


@settings(max_examples=40)
@given(st.text(max_size=40), st.sampled_from(["zh", "en"]))
def test_any_text_finds_known_classes_within_the_limit(text: str, language: str) -> None:
    found = search_titles(text, language, 5)
    assert len(found) <= 5
    assert all(tree().row(match.symbol) is not None for match in found)
    assert [symbol for symbol, _ in suggested_classes(text, language, 2)][2:] == []


@given(st.lists(st.integers(min_value=0, max_value=268_167), min_size=1, max_size=20, unique=True))
def test_what_stands_under_a_found_row_is_reached_and_nothing_else(rows: list[int]) -> None:
    scheme, reached = tree(), finding._spread(np.array(rows), tree())
    under = set().union(*(range(row, int(scheme.ends[row])) for row in rows))
    assert set(np.flatnonzero(reached)) == under


def test_some_words_need_not_be_there_but_most_must() -> None:
    assert "F04B" in {symbol[:4] for symbol in symbols_of("reciprocating pump shoe", 40)}
    assert symbols_of("neural yoghurt trampoline brassiere") == []


def test_many_words_are_bounded() -> None:
    assert len(words.look_up("pump valve motor lamp lens gear brake clutch")) == words.WORD_LIMIT
    assert words.look_up("x" * 300 + " pump") == []


def test_goods_and_services() -> None:
    assert len(nice.classes()) == 45
    assert nice.classes()[9].heading("en").startswith("Scientific, research")
    assert nice.classes()[25].heading("zh-CN") == "服装，鞋，帽"
    assert [group.code for group in nice.groups(45)][:2] == ["4501", "4502"]
    assert any(item.name == "计算机" for item in nice.items("0901"))
    assert [*nice.items("9999"), *nice.groups(46), *nice.search(""), *nice.search("qqqq")] == []
    found = nice.search("电池", 40)
    assert "0922" in {one.code for one in found if isinstance(one, nice.Group)}
    assert isinstance(found[-1], nice.Item)
    (first, *_) = nice.search("clothing")
    assert isinstance(first, nice.NiceClass)
    assert sum(len(nice.groups(number)) for number in nice.classes()) == 494


class Slow(OracleEngine):
    """Takes a while for each answer."""

    def search(self, request: Request) -> Response:
        if request.seconds < 0.3:
            raise TooSlow
        time.sleep(0.06)
        return super().search(request)


def an_index(engine: OracleEngine) -> OracleEngine:
    statuses = {"1": "published", "2": "reserved", "3": "sold"}
    engine.rebuild(
        Document(
            id=name,
            version="1",
            keys={"classes": class_keys("H01M4/13")},
            facets={"status": frozenset({status})},
        )
        for name, status in statuses.items()
    )
    return engine


def test_lots_on_offer_are_counted() -> None:
    engine = an_index(OracleEngine())
    assert lots_on_offer(engine, ["H01M", "H01M4", "F24H"]) == {"H01M": 2, "H01M4": 2, "F24H": 0}
    assert lots_on_offer(engine, ["H01M4", "H01M10"], above="H01M") == {"H01M4": 2, "H01M10": 0}
    assert lots_on_offer(engine, ["F24H1"], above="F24H") == {"F24H1": 0}


def test_counting_ends_in_time_and_waits_for_no_index() -> None:
    counted = lots_on_offer(an_index(Slow()), ["H", "H01", "H01M", "H01M4"])
    assert 0 < len(counted) < 4
    assert lots_on_offer(OracleEngine(), ["H"]) == {}


def test_no_time_left_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.classification.counting.SECONDS", 0.0)
    assert lots_on_offer(an_index(OracleEngine()), ["H"]) == {}
