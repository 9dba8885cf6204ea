"""What a mistyped word was meant to be, and what is left as it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.rules import spelling
from search.rules.spelling import corrected, vocabulary_of

WORDS = vocabulary_of(
    [
        *[("battery", 40), ("batteries", 10), ("buttery", 2), ("heater", 8), ("water", 9), ("12345", 3)],
        *[
            ("热水", 9),
            ("水器", 7),
            ("专利", 30),
            ("电池", 20),
            ("池组", 4),
            ("电机", 9),
            ("a", 1),
            ("字", 2),
        ],
        *[("水气", 1), ("转动", 3)],
    ]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("batery", "battery"),
        ("Bateries pack", "batteries pack"),
        ("heatre", "heater"),
        ("hearer", "heater"),
        ("wster", "water"),
        ("battery", "battery"),
        ("bat", "bat"),
        ("zzzzzzzz", "zzzzzzzz"),
        ("héater", "héater"),
        ("heate9", "heate9"),
        ("titel=heatre", "titel=heater"),
        ("batery : x", "batery : x"),
        ("转利", "专利"),
        ("热谁器", "热水器"),
        ("电磁组 heatre", "电池组 heater"),
        ("电池热水", "电池热水"),
        ("龘龘", "龘龘"),
        ("热", "热"),
        ("", ""),
    ],
)
def test_what_was_meant(typed: str, meant: str) -> None:
    assert corrected(typed, WORDS) == meant


def test_the_word_that_more_lots_have_is_meant() -> None:
    assert corrected("bettery", WORDS) == "battery"


@given(st.text(alphabet='abet 热水电池器专=:"', max_size=20))
def test_what_is_corrected_stays_corrected(typed: str) -> None:
    once = corrected(typed, WORDS)
    assert len(once) - len(typed) in range(-8, 9)
    for word in WORDS.words:
        assert corrected(word, WORDS) == word


def test_only_so_many_words_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "WORDS_LIMIT", 2)
    assert set(vocabulary_of([("glass", 1), ("热水", 1), ("steel", 1)]).words) == {"glass"}
