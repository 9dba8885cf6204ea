"""Which words and classes other lots are looked for by."""

import pytest

from search.engines import Either, Term
from search.rules.likeness import WORDS, like_request, telling_words


def test_what_only_this_lot_says_finds_no_other_and_is_left_out() -> None:
    assert telling_words({"own": 9, "shared": 1}, (), {"own": 1, "shared": 2}, 10) == {"shared": 1.0}
    assert telling_words({"unknown": 3}, (), {}, 10) == {}


def test_rare_words_tell_more_than_common_ones_and_repeated_more_than_single_ones() -> None:
    words = {f"word{number:02}": 1 for number in range(WORDS)} | {"common": 1, "rare": 1}
    frequencies = dict.fromkeys(words, 20) | {"common": 900, "rare": 2}
    found = telling_words(words, (), frequencies, 1_000)
    assert len(found) == WORDS
    assert next(iter(found)) == "rare"
    assert "common" not in found
    assert "common" in telling_words(words | {"common": 400}, ("common",), frequencies, 1_000)


def test_a_title_counts_twice() -> None:
    found = telling_words({"a": 1, "b": 1}, {"b"}, {"a": 3, "b": 3}, 10)
    assert found == {"b": 2.0, "a": 1.0}


@pytest.mark.parametrize(
    ("symbols", "classes"),
    [
        (["H02K17/02"], {"H02K": 5.0, "H02K17": 5.0, "H02K17/02": 10.0}),
        (["H02K17/02", "H02K17"], {"H02K": 5.0, "H02K17": 10.0, "H02K17/02": 10.0}),
        (["nice:9"], {"nice:9": 10.0}),
        (["H02"], {"H02": 10.0}),
        (
            [f"A01B{number}" for number in range(1, 9)],
            {"A01B": 5.0} | {f"A01B{n}": 10.0 for n in range(1, 6)},
        ),
    ],
)
def test_classes_are_asked_for_with_what_stands_above_them(
    symbols: list[str], classes: dict[str, float]
) -> None:
    request = like_request({}, symbols, 5)
    assert request is not None
    assert isinstance(request.node, Either)
    asked = {part.text: part.boost for part in request.node.parts if isinstance(part, Term)}
    assert asked == classes


def test_words_weigh_by_how_often_they_are_said() -> None:
    request = like_request({"motor": 1.5}, [], 5)
    assert request is not None
    assert (request.node, request.limit) == (Either((Term("words", "motor", 1.5),)), 5)


def test_a_lot_that_shares_nothing_asks_for_nothing() -> None:
    assert like_request({}, [], 5) is None
