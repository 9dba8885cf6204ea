"""Papers: what is drawn can be read as text; codes are typed loosely and not guessed; capitals are right."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from marketplace.papers import Sheet, grouped, new_code, printable, read_code, yuan_in_capitals

ISSUED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def a_sheet() -> Sheet:
    return Sheet(title="结算单", issuer="落槌", foot="结算单 Statement", issued_at=ISSUED)


def words_of(sheet: Sheet) -> tuple[str, int]:
    """The text without spaces, and the number of pages."""
    pages = PdfReader(io.BytesIO(sheet.finished())).pages
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages)), len(pages)


def test_what_is_written_can_be_read_again() -> None:
    """Failure case 44 for every paper: the Chinese is text, not pictures or boxes."""
    sheet = a_sheet()
    sheet.code("https://example.com/confirmations/ABCD")
    sheet.heading("成交确认书", "Confirmation of sale")
    sheet.section("标的 Lot")
    sheet.paragraph("兹确认“标的”已成交（见附件）——价款：￥1,234.56。")
    sheet.facts([("买受人 Buyer", "深圳市某某科技有限公司\n91440300MA5F000000")])
    sheet.table(["项目", "金额"], [["拍卖佣金", "12,345.00"]], widths=(70, 30), numbers=frozenset({1}))
    found, pages = words_of(sheet)
    assert pages == 1
    for text in (
        "成交确认书",
        "“标的”已成交（见附件）——价款：￥1,234.56。",
        "91440300MA5F000000",
        "12,345.00",
    ):
        assert text in found, text


def test_nothing_but_the_code_is_painted_over() -> None:
    """A colour that the code leaves behind would black out every table after it."""
    sheet = a_sheet()
    sheet.code("https://example.com/")
    sheet.facts([("买受人", "甲公司")])
    sheet.table(["项目"], [["佣金"]], widths=(100,), numbers=frozenset())
    contents: Any = PdfReader(io.BytesIO(sheet.finished())).pages[0].get_contents()
    dark = sum(sum(row) for row in segno.make("https://example.com/", error="m", micro=False).matrix)
    assert len(re.findall(rb" re (?:f|B)\b", contents.get_data())) == dark


def test_a_long_table_repeats_its_head_and_numbers_its_pages() -> None:
    sheet = a_sheet()
    rows = [[f"第{number}项", f"{number}.00"] for number in range(1, 121)]
    sheet.table(["项目甲", "金额乙"], rows, widths=(70, 30), numbers=frozenset({1}))
    found, pages = words_of(sheet)
    assert pages > 1
    assert found.count("项目甲") == pages
    assert all(row[0] in found for row in rows)
    assert f"{pages}/{pages}" in found


@pytest.mark.parametrize("letter", ["㐀", "𬭎", "😀"])
def test_a_character_that_the_font_lacks_is_named(letter: str) -> None:
    sheet = a_sheet()
    sheet.paragraph(f"某{letter}公司")
    assert f"某〓(U+{ord(letter):04X})公司" in words_of(sheet)[0]


def test_nothing_invisible_is_printed() -> None:
    assert printable("a\u202eb\x00c\u00a0d\te\n") == "abc\u00a0de\n"


@given(st.text(max_size=50))
def test_any_text_can_be_drawn(text: str) -> None:
    assert all(ord(letter) != 0 for letter in printable(text))
    assert printable(printable(text)) == printable(text)


@given(st.sampled_from(["", "-", " ", "  "]), st.booleans())
def test_a_code_is_read_however_it_is_typed(between: str, lower: bool) -> None:  # noqa: FBT001
    code = new_code()
    typed = grouped(code).replace("-", between)
    assert read_code(typed.lower() if lower else typed) == code


def test_what_looks_alike_is_read_alike_and_the_rest_refused() -> None:
    assert read_code("o1O0" + "A" * 16) == "OIOO" + "A" * 16
    for text in ("", "A" * 19, "A" * 21, "8" * 20, "Ａ" * 20, "é" * 20, "A" * 10 + "\n" + "A" * 9):
        assert read_code(text) is None


def test_codes_are_not_repeated() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


# By the usual rules for bank slips; 零 once for each run of zeros, 整 where no fen follow.
CAPITALS: list[tuple[int, Any]] = [
    (0, "零元整"),
    (1, "壹分"),
    (10, "壹角整"),
    (100, "壹元整"),
    (105, "壹元零伍分"),
    (150, "壹元伍角整"),
    (12_345_678, "壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
    (1_000_000, "壹万元整"),
    (20_305_000, "贰拾万叁仟零伍拾元整"),
    (100_010_001, "壹佰万零壹佰元零壹分"),
    (1_000_000_000_001, "壹佰亿元零壹分"),
    (100_000_000_000_000, "壹万亿元整"),
]


@pytest.mark.parametrize(("minor", "expected"), CAPITALS)
def test_amounts_in_capitals(minor: int, expected: str) -> None:
    assert yuan_in_capitals(minor) == f"人民币{expected}"


_VALUES = {letter: value for value, letter in enumerate("零壹贰叁肆伍陆柒捌玖")}


def read_capitals(text: str) -> int:
    """The amount back in fen: the other way round, written apart from the first."""
    whole, _, rest = text.removeprefix("人民币").removesuffix("整").rpartition("元")
    yuan, group, digit = 0, 0, 0
    for letter in whole:
        if letter in _VALUES:
            digit = _VALUES[letter]
        elif letter in "拾佰仟":
            group, digit = group + digit * {"拾": 10, "佰": 100, "仟": 1000}[letter], 0
        else:
            factor = {"万": 10**4, "亿": 10**8}[letter]
            yuan, group, digit = _shift(yuan, group + digit, factor), 0, 0
    fen = sum(
        _VALUES[rest[place - 1]] * worth
        for worth, name in ((10, "角"), (1, "分"))
        if (place := rest.find(name)) > 0
    )
    return (yuan + group + digit) * 100 + fen


def _shift(yuan: int, group: int, factor: int) -> int:
    """万 and 亿 multiply their own group; 亿 after 万 multiplies both (壹万亿)."""
    return (yuan + group) * factor if yuan and factor > 10**4 and yuan % 10**8 else yuan + group * factor


@given(st.integers(0, 10**13))
def test_capitals_can_be_read_back(minor: int) -> None:
    assert read_capitals(yuan_in_capitals(minor)) == minor
