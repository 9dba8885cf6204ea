"""Marks stand around what was found, and never let HTML through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import EXCERPT, LOOKED_THROUGH, LOOKED_THROUGH_ALTOGETHER, excerpt, highlight, place
from search.parsing import parse


@pytest.mark.parametrize(
    ("text", "asked", "marked"),
    [
        ("热水器及其管道", "热水器", "<mark>热水器</mark>及其管道"),
        ("熱水器", "热水", "<mark>熱水</mark>器"),
        ("Cells & cell", "cell", "<mark>Cells</mark> &amp; <mark>cell</mark>"),
        ("Solarium", "solar*", "<mark>Solarium</mark>"),
        ("<b>glass</b>", "glass", "&lt;b&gt;<mark>glass</mark>&lt;/b&gt;"),
        ("ﬁlter", "filter", "<mark>ﬁlter</mark>"),
        ("热热热", "热热", "<mark>热热热</mark>"),
        ("glass", "steel", "glass"),
        ("", "steel", ""),
    ],
)
def test_what_is_marked(text: str, asked: str, marked: str) -> None:
    assert str(highlight(text, parse(asked).marks)) == marked


@given(st.text(alphabet="ab热水<>&\"'ﬁ İ", max_size=30), st.sampled_from(["a", "热水", "ab*", "fi", "b"]))
def test_without_its_marks_the_text_is_the_escaped_text(text: str, word: str) -> None:
    marked = highlight(text, (word,))
    assert re.sub(r"</?mark>", "", str(marked)) == str(highlight(text, ()))
    assert marked.striptags() is not None
    assert marked.unescape().replace("<mark>", "").replace("</mark>", "") == text


def test_an_excerpt_shows_the_first_text_with_the_word() -> None:
    long = "x " * 200 + "glass " + "y " * 200
    piece = str(excerpt(["", "steel", long], ("glass",)))
    assert piece.startswith("… x")
    assert "<mark>glass</mark>" in piece
    assert piece.endswith(" …")
    assert len(piece) < EXCERPT + 40


def test_an_excerpt_without_the_word_is_the_beginning() -> None:
    assert str(excerpt(["", "steel <b>", "glass"], ("copper",))) == "steel &lt;b&gt;"
    assert str(excerpt(["", " "], ("copper",))) == ""


def test_an_excerpt_is_looked_for_in_so_much_text_and_no_more() -> None:
    filler = ["x " * (LOOKED_THROUGH // 2)] * (LOOKED_THROUGH_ALTOGETHER // LOOKED_THROUGH)
    assert "<mark>" in excerpt([*filler[1:], "glass"], ("glass",))
    assert "<mark>" not in excerpt([*filler, "glass"], ("glass",))


@pytest.mark.parametrize(
    ("text", "details", "marked"),
    [
        ("ti=(x", {"position": 4, "piece": "("}, 'ti=<mark class="wrong">(</mark>x'),
        ("<b>=7", {"position": 1, "piece": "<b>"}, '<mark class="wrong">&lt;b&gt;</mark>=7'),
        ("热水", {"position": 2}, '热<mark class="wrong">水</mark>'),
        ("glass", {"position": 6, "piece": "x"}, "None"),
        ("glass", {"most": 3}, "None"),
    ],
)
def test_where_a_query_is_wrong(text: str, details: dict[str, object], marked: str) -> None:
    assert str(place(text, details)) == marked
