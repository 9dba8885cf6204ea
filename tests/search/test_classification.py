"""The scheme: what stands above and below a symbol, as the official tables have it, and titles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import classification
from search.classification import symbols, titles
from search.classification.lines import Lines
from search.classification.tree import MAIN_GROUP, SUBCLASS, _ends, _parents, ancestors, children, tree
from search.engines import Document, Request, Term
from search.engines.oracle import OracleEngine
from search.keys import class_keys

SYMBOLS = 268_168
ROWS = st.integers(min_value=0, max_value=SYMBOLS - 1)

# As the CPC of May 2025 lists what stands under H01M4/0438, with its dots.
UNDER_0438 = {
    "H01M4/044": 4, "H01M4/0442": 5, "H01M4/0445": 5, "H01M4/0447": 6, "H01M4/045": 4, "H01M4/0452": 5,
    "H01M4/0454": 5, "H01M4/0457": 5, "H01M4/0459": 4, "H01M4/0461": 5, "H01M4/0464": 4, "H01M4/0466": 5,
    "H01M4/0469": 4,
}  # fmt: skip


def low(symbol: str) -> set[str]:
    """All that stands under a symbol."""
    return {found for child in children(symbol) for found in (child, *low(child))}


@pytest.mark.parametrize(
    ("symbol", "above"),
    [
        ("H02K17/02", ("H", "H02", "H02K", "H02K17")),
        ("h01m 10/0525", ("H", "H01", "H01M", "H01M10", "H01M10/05", "H01M10/052")),
        ("H01M4/0469", ("H", "H01", "H01M", "H01M4", "H01M4/02", "H01M4/04", "H01M4/0438")),
        ("H01M10", ("H", "H01", "H01M")),
        ("H01M", ("H", "H01")),
        ("H", ()),
        ("Y02E60/10", ("Y", "Y02", "Y02E", "Y02E60")),
        ("H01M9999/99", ("H", "H01", "H01M", "H01M9999")),
        ("14-02", ("14",)),
        ("nice:9", ()),
        ("氢", ()),
        ("H01M氢", ()),
        ("", ()),
    ],
)
def test_what_stands_above(symbol: str, above: tuple[str, ...]) -> None:
    assert ancestors(symbol) == above


def test_what_stands_below_is_no_prefix() -> None:
    assert low("H01M4/0438") == set(UNDER_0438)
    assert not any(symbol.startswith("H01M4/0438") for symbol in UNDER_0438)
    assert all(len(ancestors(symbol)) == MAIN_GROUP + dots for symbol, dots in UNDER_0438.items())
    assert children("H01M4/0438") == tuple(symbol for symbol, dots in UNDER_0438.items() if dots == 4)
    assert children("H01M4/0469") == ()
    assert children("H01M9999/99") == ()
    assert children("") == ("A", "B", "C", "D", "E", "F", "G", "H", "Y")


def test_a_prefix_also_finds_what_stands_elsewhere() -> None:
    assert ancestors("F24H15/124")[MAIN_GROUP:] == ("F24H15", "F24H15/10")
    assert "F24H15/124" not in low("F24H15/12")


def test_a_lot_is_found_by_the_dots_above_its_class() -> None:
    engine = OracleEngine()
    engine.rebuild(
        Document(id=symbol, version="1", keys={"classes": class_keys(symbol)})
        for symbol in ("H01M4/0469", "H01M4/0447", "H01M4/0471", "H02K17/02")
    )

    def found(key: str) -> set[str]:
        return {hit.id for hit in engine.search(Request(node=Term("classes", key))).hits}

    assert found("H01M4/0438") == {"H01M4/0469", "H01M4/0447"}
    assert found("H01M4/04") == {"H01M4/0469", "H01M4/0447", "H01M4/0471"}
    assert found("H02K") == {"H02K17/02"}


def test_an_index_code_spelled_elsewhere_is_found_by_both() -> None:
    assert ancestors("A01C2001/048") == ("A", "A01", "A01C", "A01C1", "A01C1/04")
    assert {"A01C1/04", "A01C2001"} < class_keys("A01C2001/048")


def test_the_whole_scheme_is_sound() -> None:
    scheme = tree()
    rows = np.arange(SYMBOLS)
    below = rows[scheme.depths > 0]
    assert len(scheme.lines) == SYMBOLS
    assert (scheme.depths[below] == scheme.depths[scheme.parents[below]] + 1).all()
    assert (scheme.parents < rows).all()  # so no symbol stands above itself
    assert (scheme.ends[scheme.parents[below]] >= scheme.ends[below]).all()
    patent = below[scheme.international[below]]
    assert scheme.international[scheme.parents[patent]].all()
    assert int(scheme.international.sum()) == 80_678
    assert len(set(scheme.lines.data.split(b"\n"))) == SYMBOLS + 1


def test_every_tenth_subgroup_of_the_ipc_stands_under_its_main_group() -> None:
    scheme = tree()
    for row in np.flatnonzero(scheme.international & (scheme.depths > MAIN_GROUP))[::10]:
        symbol = scheme.symbol(int(row))
        assert scheme.symbol(scheme.above(int(row))[MAIN_GROUP]) == symbol.split("/", maxsplit=1)[0]


@given(
    row=ROWS,
    small=st.booleans(),
    padded=st.booleans(),
    blank=st.sampled_from(["", " ", "  "]),
    edition=st.sampled_from(["", "(2006.01)I"]),
)
def test_every_spelling_of_a_symbol_is_the_same(
    *, row: int, small: bool, padded: bool, blank: str, edition: str
) -> None:
    symbol = tree().symbol(row)
    spelled = symbols.written(symbol)
    head, stroke, tail = spelled.partition("/")
    if stroke and padded:
        spelled = f"{head[:4]}{int(head[4:]):04}{tail:<06}"
    elif stroke:
        spelled = f"{head[:4]}{blank}{head[4:]}/{tail}"
    spelled = (spelled.lower() if small else spelled) + edition
    assert symbols.class_key(spelled) == symbol
    assert ancestors(spelled) == ancestors(symbol)


@given(ROWS)
def test_above_and_below_agree(row: int) -> None:
    symbol = tree().symbol(row)
    line = (*ancestors(symbol), symbol)
    assert tree().row(symbol) == row
    assert len(set(line)) == len(line) == tree().depths[row] + 1
    assert all(child in children(parent) for parent, child in zip(("", *line), line, strict=False))
    assert {symbol, *symbols.levels(symbol)} <= class_keys(symbol)


@given(st.lists(st.integers(min_value=0, max_value=5), min_size=1, max_size=40))
def test_parents_and_ends_are_those_of_a_plain_walk(wished: list[int]) -> None:
    depths = [0]
    for depth in wished:
        depths.append(min(depth, depths[-1] + 1))
    parents, ends = _parents(np.array(depths, np.int8)), _ends(np.array(depths, np.int8))
    for row, depth in enumerate(depths):
        above = [at for at in range(row) if depths[at] == depth - 1]
        behind = [at for at in range(row + 1, len(depths)) if depths[at] <= depth]
        assert parents[row] == (above[-1] if above else -1)
        assert ends[row] == (behind[0] if behind else len(depths))


@given(st.lists(st.text(alphabet="ab氢é\t", max_size=4), min_size=1))
def test_lines_are_what_was_written(written: list[str]) -> None:
    lines = Lines(("\n".join(written) + "\n").encode())
    assert [lines[row] for row in range(len(lines))] == written
    assert [int(start) for start in lines.starts] == [lines.start(row) for row in range(len(lines))]
    assert list(lines.rows_of(lines.ends)) == list(range(len(lines)))


def test_titles_in_both_languages() -> None:
    assert classification.title("H01M4/00", "zh") == "电极"
    assert classification.title("H01M4", "en") == "Electrodes"
    assert classification.title("H01M4/0438", "zh") == "by electrochemical processing"
    assert classification.title("H10W", "en") == "H10大类设备的通用封装、互连、连接器或其他结构零部件"
    assert classification.title("H01M9999/99", "en") == ""
    assert classification.reading("H01M10/052", "zh-CN") == "二次电池；及其制造 › 非水电解质蓄电池 › 锂蓄电池"
    assert classification.reading("H01M", "en").startswith("Processes or means, e.g. batteries")
    assert classification.reading("nice:9", "en") == ""
    assert classification.path("H01M9999/99", "en") == ()
    symbols_above, words = zip(*classification.path("H02K17/02", "en"), strict=True)
    assert symbols_above == ("H", "H02", "H02K", "H02K17", "H02K17/02")
    assert words[0] == "Electricity"
    assert words[-1] == "Asynchronous induction motors"


def test_every_class_of_the_ipc_has_titles_in_both_languages() -> None:
    scheme = tree()
    without = {
        scheme.symbol(int(row))
        for row in np.flatnonzero(scheme.international & (scheme.depths <= SUBCLASS))
        if not all(titles.both(int(row), "zh"))
    }
    assert without == {"H10P", "H10W"}  # new in 2026: no English title was to be had
    counts = {name: sum(map(bool, np.diff(titles.lines(name).ends) > 1)) for name in titles.LANGUAGES}
    assert counts["zh"] > 77_000
    assert counts["en"] > 265_000
