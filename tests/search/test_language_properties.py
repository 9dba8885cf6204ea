"""Any text is understood or refused, and a tree that is written down is read as the same tree."""

from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from language_cast import DOCUMENTS, TODAY
from soak import examples

from marketplace.errors import Refused
from search.engines import Request, TooBroad
from search.engines.oracle import OracleEngine
from search.language import tree as tree_module
from search.language.grammar import DEPTH_LIMIT
from search.language.tree import And, Close, Compared, In, Not, Or, Quoted, Span, Tree, Word, render
from search.parsing import Words, number_suggestion, parse, tree

PIECES = st.sampled_from(
    [
        *(
            "ti=",
            "标题：",
            "pr>=",
            "pr=",
            "dt=",
            "rl<",
            "nr=",
            "ic=",
            "nc=",
            "st=",
            "rg=",
            "xx=",
            "ti:",
            "pr:USD>=",
        ),
        *(
            "(",
            ")",
            '"',
            "[",
            "]",
            "*",
            "-",
            " AND ",
            " OR ",
            " NOT ",
            " NEAR/3 ",
            " W/2 ",
            " 与 ",
            " TO ",
            " ",
        ),
        *(
            "battery",
            "电池",
            "电",
            "the",
            "H01M4/04",
            "/low",
            "2026-01",
            "5",
            "USD",
            "万",
            "sold",
            "ZL2011 1 0093145.7",
        ),
        *("（", "）", "＝", "：", "≥", "，", "—", "\u3000", "\u0130", "\ud800", "ﬁ"),
    ]
)


@pytest.fixture(scope="module")
def index() -> OracleEngine:
    engine = OracleEngine()
    engine.rebuild(DOCUMENTS)
    return engine


def depth(made: Tree) -> int:
    """So many parentheses and NOTs at most stand inside each other where the tree is written down."""
    match made:
        case And(parts) | Or(parts):
            return 1 + max(map(depth, parts))
        case Not(part):
            return 2 + depth(part)
        case In(_, part):
            return 1 + depth(part)
        case Close(first, second):
            return 1 + max(depth(first), depth(second))
        case _:
            return 1


def understood(text: str) -> Words | None:
    with suppress(Refused):
        return parse(text, TODAY)
    return None


@settings(max_examples=examples(100))
@given(text=st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=60)))
def test_any_text_is_understood_or_refused_and_never_else(index: OracleEngine, text: str) -> None:
    words = understood(text)
    if words is not None:
        for node in (words.strict, words.loose):
            with suppress(TooBroad):
                assert index.search(Request(node)).total in range(4)
        written = tree(text)
        if written is not None and depth(written) <= DEPTH_LIMIT:
            assert tree(render(written)) == written
    right = number_suggestion(text)
    assert right is None or len(right) in {len(text), len(text.strip())}


WORDS = st.one_of(
    st.sampled_from(
        [
            "battery",
            "Electrode",
            "电池",
            "热水器",
            "solar*",
            "lithium-ion",
            "H01M4/04",
            "CELLO",
            "ZL201110093145.7",
        ]
    ),
    st.from_regex(r"[a-z]{3,8}", fullmatch=True).filter(lambda word: word not in {"and", "not"}),
).map(Word)
PHRASES = st.sampled_from(["solar cell", "锂离子电池", "a"]).map(Quoted)
VALUES = {
    "dt": st.sampled_from(["2026", "2026-03", "2026-03-31"]),
    "pr": st.sampled_from(["100", "10万", "USD5"]),
    "rl": st.sampled_from(["5", "2.5"]),
}


def groups(leaves: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Trees of AND, OR, NOT and what is given, three deep at most."""

    def wider(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(several.map(And), several.map(Or), inner.map(Not))

    return st.recursive(leaves, wider, max_leaves=6)


def near(first: Tree, second: Tree, distance: int, ordered: bool) -> Tree:  # noqa: FBT001 - a strategy's arguments
    return Close(first, second, distance, ordered, Word(""))


TEXTS = st.one_of(WORDS, PHRASES, st.builds(near, PHRASES, WORDS, st.integers(0, 50), st.booleans()))
MEASURES = st.sampled_from(sorted(VALUES)).flatmap(
    lambda code: st.one_of(
        VALUES[code].map(Word),
        st.builds(
            lambda text, sign: Compared(text, 0, sign), VALUES[code], st.sampled_from([">=", ">", "<=", "<"])
        ),
        VALUES[code].map(lambda text: Span(f"[{text} TO *]", 0, text, "*")),
    ).map(lambda value: In(code, value, Word("")))
)
FIELDS = st.one_of(
    st.builds(
        lambda code, part: In(code, part, Word("")), st.sampled_from(["ti", "ab", "cl", "pa"]), groups(TEXTS)
    ),
    MEASURES,
)


@settings(max_examples=examples(100))
@given(groups(st.one_of(TEXTS, FIELDS)))
def test_a_tree_that_is_written_down_is_read_as_the_same_tree(made: Tree) -> None:
    assume(depth(made) <= DEPTH_LIMIT)
    assert tree(render(made)) == made


def test_a_missing_parenthesis_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "_grouped", tree_module._render)
    made = And((Or((Word("a"), Word("b"))), Word("c")))
    assert tree(render(made)) != made
