"""Tokens: the same for what is indexed and what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import vocabulary
from search.analysis import (
    characters,
    chinese_words,
    fold,
    fold_with_places,
    grams,
    overlapping_words,
    pairs,
    part_grams,
    runs,
    stem,
    synonyms,
    technical_terms,
    words,
)

SYNONYMS_LIMIT = 8
"""A word with more would make its query slow."""


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＧＮ熱水器", "gn热水器"),
        ("電池", "电池"),
        ("Straße", "strasse"),
        ("①㎏", "1kg"),
        ("ﬁlter", "filter"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_every_folded_character_has_a_place_in_the_text(text: str) -> None:
    folded, places = fold_with_places(text)
    assert folded == fold(text)
    assert len(places) == len(folded)
    assert places == sorted(places)
    assert all(0 <= place < len(text) for place in places)


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once_for_tokens(text: str) -> None:
    once = [run.text for run in runs(text)]
    assert [run.text for run in runs(" ".join(once))] == once


def test_runs_part_chinese_from_words() -> None:
    assert [(run.text, run.unspaced, run.joined) for run in runs("一种GN 型,染料 foo.bar")] == [
        ("一种", True, True),
        ("gn", False, True),
        ("型", True, True),
        ("染料", True, False),
        ("foo", False, True),
        ("bar", False, False),
    ]


def test_pairs_overlap_and_a_single_character_stays() -> None:
    assert pairs("热水器") == ["热水", "水器"]
    assert pairs("型") == ["型"]


def test_positions_run_on_and_break_at_chinese_punctuation() -> None:
    assert grams("热水器 solar cell") == (("热水", 0), ("水器", 1), ("solar", 2), ("cell", 3))
    assert grams("电池,组件") == (("电池", 0), ("组件", 2))
    assert grams("glass, cell") == (("glass", 0), ("cell", 1))
    assert grams("", 5) == ()


def test_parts_have_the_stem_where_the_word_stands() -> None:
    assert part_grams("solar cells 电池", 3) == (
        ("solar", 3),
        ("cells", 4),
        ("cell", 4),
        ("电池", 5),
    )


@given(st.text(max_size=60), st.integers(0, 9))
def test_parts_keep_the_places_of_their_words(text: str, start: int) -> None:
    assert set(grams(text, start)) <= set(part_grams(text, start))
    assert {place for _, place in part_grams(text, start)} == {place for _, place in grams(text, start)}


def test_words_are_stems_and_dictionary_words() -> None:
    assert [word for word, _ in words("Recycling of batteries")] == ["recycl", "batteri"]
    found = [word for word, _ in words("热水器及其管道冷水回收系统")]
    assert {"热水", "热水器", "管道", "回收", "系统"} <= set(found)
    assert "及其" not in found


def test_query_words_do_not_overlap() -> None:
    assert chinese_words("热水器的回收") == ["热水器", "回收"]
    assert chinese_words("的") == ["的"]


def test_stems_leave_numbers_and_other_scripts_alone() -> None:
    assert stem("cells") == "cell"
    assert stem("li2o") == "li2o"
    assert stem("été") == "été"


def test_characters_are_chinese_only() -> None:
    assert characters("GN型 电池") == (("型", 0), ("电", 1), ("池", 2))


def test_technical_terms_stand_beside_their_words() -> None:
    found = overlapping_words("一种光伏逆变器的永磁同步电机")
    assert {"光伏", "逆变器", "永磁", "电机", "光伏逆变器", "永磁同步电机"} <= set(found)
    assert technical_terms("扫地机器人避障") == ["扫地机器人"]
    assert technical_terms("风和日丽") == []


def test_the_lists_are_written_as_they_are_compared() -> None:
    words = [word for group in vocabulary.groups() for word in group]
    assert all(word == fold(word).strip() and any(runs(word)) for word in words)
    assert all(term == fold(term) and len(term) > 1 for term in vocabulary.technical_terms())
    assert all(len(set(group)) == len(group) > 1 for group in vocabulary.groups())
    assert max(len(synonyms(word)) for word in words) <= SYNONYMS_LIMIT


def test_synonyms_in_both_languages_and_any_form() -> None:
    assert synonyms("Batteries") == synonyms("battery") == ("电池", "蓄电池")
    assert "热水器" in synonyms("電熱水器")
    assert "实用新型" in synonyms("utility  models")
    assert synonyms("热水器清洗") == synonyms("") == ()
