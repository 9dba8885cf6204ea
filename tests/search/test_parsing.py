"""What people type, and what it finds."""

from contextlib import suppress
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from search.analysis import characters, grams, words
from search.engines import Document, Everything, Request
from search.engines.oracle import OracleEngine
from search.keys import class_keys, number_keys
from search.language.reasons import LanguageReason
from search.parsing import LENGTH_LIMIT, TERM_LIMIT, number_suggestion, parse
from search.reasons import SearchReason

TITLES = {
    "heater": "热水器及其管道冷水回收系统",
    "battery": "一种锂离子电池正极材料的制备方法",
    "lithium": "Recycling of lithium-ion batteries",
    "glass": "Cover glass for solar cells, with GN型 coating",
    "server": "服务器和服装架",
}
CLASSES = {"heater": "F24H 9/00", "battery": "H01M10/0525", "lithium": "H01M 10/54", "glass": "H01L31/048"}
NUMBERS = {"heater": "CN201110093145.7", "lithium": "US9876543B2"}


@pytest.fixture
def index() -> OracleEngine:
    engine = OracleEngine()
    engine.rebuild(
        Document(
            id=name,
            version="",
            texts={
                "grams": grams(title),
                "words": words(title),
                "title": words(title),
                "characters": characters(title),
            },
            keys={
                "classes": class_keys(CLASSES.get(name, "")),
                "numbers": number_keys(NUMBERS.get(name, "")),
            },
        )
        for name, title in TITLES.items()
    )
    return engine


def found(index: OracleEngine, text: str) -> set[str]:
    return {hit.id for hit in index.search(Request(parse(text).strict)).hits}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("热水器", {"heater"}),
        ("熱水器", {"heater"}),
        ("热水器 回收", {"heater"}),
        ("热水器回收", {"heater"}),
        ("一种热水器", {"heater"}),
        ("水器", {"heater"}),
        ("器", {"heater", "server"}),
        ("电池", {"battery", "lithium"}),
        ("电池 热水器", set()),
        ("和服", set(TITLES) & {"server"}),
        ('"锂离子电池"', {"battery"}),
        ('"离子锂"', set()),
        ('"器"', {"heater", "server"}),
        ("GN型", {"glass"}),
        ("battery", {"battery", "lithium"}),
        ("lithium batteries", {"battery", "lithium"}),
        ("电热水器", {"heater"}),
        ("物联网", set()),
        ("water heaters", {"heater"}),
        ("water AND heaters", set()),
        ('"water heaters"', set()),
        ("电池 -battery", {"battery"}),
        ("BATTERIES recycled", {"lithium"}),
        ("lithium ion", {"lithium"}),
        ('"lithium ion"', {"lithium"}),
        ('"ion lithium"', set()),
        ("“solar cells”", {"glass"}),
        ("the glass", {"glass"}),
        ("of", {"lithium"}),
        ("-battery", {"heater", "battery", "glass", "server"}),
        ("glass -solar", set()),
        ("器 -热水器", {"server"}),
        ("器 －热水器", {"server"}),
        ("batt*", {"lithium"}),
        ("热水*", {"heater"}),
        ("H01M", {"battery", "lithium"}),
        ("h01m 10/54", {"lithium"}),
        ("H01M10/00", {"battery", "lithium"}),
        ("F24H9/00 热水器", {"heater"}),
        ("H01", {"battery", "lithium", "glass"}),
        ("ZL 2011 1 0093145.7", {"heater"}),
        ("201110093145", {"heater"}),
        ("US 9,876,543", {"lithium"}),
        ("US9876543 recycling", {"lithium"}),
        ("2011 2012 2013", set()),
        ("", set(TITLES)),
        ("— 。", set(TITLES)),
        ('"。" glass', {"glass"}),
        ("'; DROP TABLE lots; --", set()),
    ],
)
def test_what_is_found(index: OracleEngine, text: str, expected: set[str]) -> None:
    assert found(index, text) == expected


def test_asked_loosely_one_word_is_enough_and_the_best_comes_first(index: OracleEngine) -> None:
    words_of = parse("热水器 冷水 电池")
    assert index.search(Request(words_of.strict)).total == 0
    loose = [hit.id for hit in index.search(Request(words_of.loose)).hits]
    assert loose[:2] == ["heater", "battery"]
    assert {hit.id for hit in index.search(Request(parse("器 -热水 glass").loose)).hits} == {
        "glass",
        "server",
    }


def test_single_characters_of_a_longer_word_are_not_enough_to_be_found(index: OracleEngine) -> None:
    for text, expected in (("池电", set()), ("冷电池水", {"battery", "lithium"}), ("池电 glass", {"glass"})):
        assert {hit.id for hit in index.search(Request(parse(text).loose)).hits} == expected, text


def test_the_word_itself_comes_before_its_synonyms(index: OracleEngine) -> None:
    for text, expected in (("电池", ["battery", "lithium"]), ("battery", ["lithium", "battery"])):
        assert [hit.id for hit in index.search(Request(parse(text).strict)).hits] == expected


def test_a_number_is_never_asked_loosely() -> None:
    for text in ("202010123456.7", "ZL 2011 1 0093145.7"):
        assert parse(text).loose == parse(text).strict


def test_marks_are_what_to_highlight() -> None:
    assert parse("热水器回收 batteries solar* -glass H01M10/05 the").marks == (
        "热水器回收",
        "热水器",
        "water",
        "heater",
        "回收",
        "batteri",
        "电池",
        "蓄电池",
        "solar*",
        "h01m10",
        "05",
    )
    assert parse('"solar cells" 型').marks == ("solar", "cell", "型")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * (LENGTH_LIMIT + 1), SearchReason.TOO_LONG),
        ("w " * (TERM_LIMIT + 1), SearchReason.TOO_MANY_TERMS),
        ("*cell", LanguageReason.LEADING_WILDCARD),
        ("*", LanguageReason.LEADING_WILDCARD),
        ("so*lar", SearchReason.WILDCARD_PLACE),
        ("sol**", SearchReason.WILDCARD_PLACE),
        ("solar-cell*", SearchReason.WILDCARD_PLACE),
        ("so*", SearchReason.SHORT_PREFIX),
        ("热*", SearchReason.SHORT_PREFIX),
    ],
)
def test_what_is_refused(text: str, reason: StrEnum) -> None:
    with pytest.raises(Refused) as refusal:
        parse(text)
    assert (refusal.value.reason, refusal.value.field) == (reason, "q")


def test_nothing_asked_is_everything() -> None:
    assert parse("  ").strict == Everything()
    assert parse("").loose == Everything()


@given(st.text(max_size=LENGTH_LIMIT))
def test_any_text_is_understood_or_refused(text: str) -> None:
    engine = OracleEngine()
    engine.rebuild([Document(id="a", version="", texts={"grams": grams(text), "words": words(text)})])
    with suppress(Refused):
        understood = parse(text)
        assert engine.search(Request(understood.strict)).total in {0, 1}
        assert engine.search(Request(understood.loose)).total in {0, 1}


@given(st.text(alphabet="热水器电池abc 一的", min_size=1, max_size=30))
def test_a_text_finds_itself(text: str) -> None:
    engine = OracleEngine()
    texts = {"grams": grams(text), "words": words(text), "characters": characters(text)}
    engine.rebuild([Document(id="a", version="", texts=texts)])
    if len(text.split()) <= TERM_LIMIT:
        assert engine.search(Request(parse(text).strict)).total == 1


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("202010123456.7", "202010123456.2"),
        (" ZL 2020 1 0123456.7 ", "ZL 2020 1 0123456.2"),
        ("nr=202010123456.7 AND ti=电池", "nr=202010123456.2 AND ti=电池"),
        ("（ZL202010123456.7 OR x）", "(ZL202010123456.2 OR x)"),
        ('nr="2020 1 0123456.7" 电池', 'nr="2020 1 0123456.2" 电池'),
        ("nr=2020 1 0123456.7 电池", "nr=2020 1 0123456.2 电池"),
        ("电池 202010123456.7 202010123456.9", "电池 202010123456.2 202010123456.2"),
        ("nr=202010123456.2 AND x", None),
        ("nr=202010123456 (a", None),
        ("battery", None),
        ("", None),
        ("(" * 500 + "202010123456.7", None),
    ],
)
def test_a_wrong_check_digit_is_put_right_in_the_whole_query(text: str, right: str | None) -> None:
    assert number_suggestion(text) == right
