"""Numbers as people write them, and as they are kept."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from marketplace.rights.numbers import (
    NumberKind,
    NumberReason,
    check_digit,
    parse,
    parse_own,
    parse_publication,
)
from marketplace.rights.rules import RightType

INVENTION, UTILITY_MODEL, DESIGN = RightType.INVENTION, RightType.UTILITY_MODEL, RightType.DESIGN
TRADEMARK, COPYRIGHT = RightType.TRADEMARK, RightType.COPYRIGHT


@pytest.mark.parametrize(
    ("written", "kept", "right_type"),
    [
        ("201710601862.3", "CN201710601862.3", INVENTION),
        ("CN201710601862.3", "CN201710601862.3", INVENTION),
        ("cn2017106018623", "CN201710601862.3", INVENTION),
        ("ZL 2017 1 0601862.3", "CN201710601862.3", INVENTION),
        ("ZL201710601862", "CN201710601862.3", INVENTION),
        ("CNZL201710601862.3", "CN201710601862.3", INVENTION),
        ("２０１７１０６０１８６２．３", "CN201710601862.3", INVENTION),
        ("CN-201710601862.3", "CN201710601862.3", INVENTION),
        ("02110000", f"CN02110000.{check_digit('02110000')}", INVENTION),
        ("CN87201111", f"CN87201111.{check_digit('87201111')}", UTILITY_MODEL),
        ("202030123456", f"CN202030123456.{check_digit('202030123456')}", DESIGN),
        ("200380101234", f"CN200380101234.{check_digit('200380101234')}", INVENTION),
        ("200390101234", f"CN200390101234.{check_digit('200390101234')}", UTILITY_MODEL),
        ("CN114081026A", "CN114081026A", INVENTION),
        ("CN 106052134 B", "CN106052134B", INVENTION),
        ("CN216146580U", "CN216146580U", UTILITY_MODEL),
        ("CN306123456S", "CN306123456S", DESIGN),
        ("CN85102475A", "CN85102475A", INVENTION),
        ("CN1234567C", "CN1234567C", INVENTION),
        ("CN2345678Y", "CN2345678Y", UTILITY_MODEL),
        ("US 2015/0162077 A1", "US2015/0162077", INVENTION),
        ("2015/0162077 A1", "US2015/0162077", INVENTION),
        ("US20150162077A1", "US2015/0162077", INVENTION),
        ("US2015162077A1", "US2015/0162077", INVENTION),
        ("20150162077", "US2015/0162077", INVENTION),
        ("US 9,189,575 B2", "US9189575", INVENTION),
        ("US-9189575-B2", "US9189575", INVENTION),
        ("US RE45,123 E", "USRE45123", INVENTION),
        ("USD0712345S", "USD712345", DESIGN),
        ("US 14/200,040", "US14/200040", None),
        ("EP 1 234 567 B1", "EP1234567", INVENTION),
        ("EP987654A1", "EP0987654", INVENTION),
        ("EP12345678.9", "EP12345678.9", None),
        ("WO 2015/123456 A1", "WO2015/123456", None),
        ("WO98/12345", "WO98/12345", None),
        ("PCT/CN2015/070001", "PCT/CN2015/070001", None),
        ("JP 2001-123456 A", "JP2001123456", None),
        ("DE102014001234B4", "DE102014001234", None),
        ("2015SR123456", "2015SR123456", COPYRIGHT),
        ("软著登字第0123456号", "软著登字第0123456号", COPYRIGHT),
        ("国作登字-2015-F-00123456", "国作登字-2015-F-00123456", COPYRIGHT),
        ("TX0001234567", "TX0001234567", COPYRIGHT),
        ("第12345678号", "12345678", TRADEMARK),
        ("No. 9234567B", "9234567B", TRADEMARK),
        ("G1234567", "G1234567", TRADEMARK),
    ],
)
def test_a_number_is_kept_in_one_spelling(written: str, kept: str, right_type: RightType | None) -> None:
    number = parse(written)
    assert (number.text, number.right_type) == (kept, right_type)
    assert parse(number.text, right_type).text == kept


def test_bare_digits_are_a_trademark_only_for_a_trademark() -> None:
    assert parse("88100001", TRADEMARK).kind is NumberKind.TRADEMARK
    assert parse("88100001").kind is NumberKind.CN_APPLICATION
    assert parse("US 87654321", TRADEMARK).text == "US87654321"


def test_a_wrong_check_digit_gets_the_right_number_suggested() -> None:
    with pytest.raises(Refused, match=NumberReason.CHECK_DIGIT_WRONG) as refused:
        parse("202010123456.7")
    assert refused.value.details == {"number": "CN202010123456.7", "suggestion": "CN202010123456.2"}


@pytest.mark.parametrize(
    ("written", "right_type"),
    [
        ("", None),
        ("CN", None),
        ("CN2017106018", INVENTION),
        ("CN201740601862.3", INVENTION),
        ("CN114081026U", INVENTION),
        ("CN914081026B", INVENTION),
        ("ZZ1234567A", INVENTION),
        ("2015SR123456", TRADEMARK),
        ("nothing", TRADEMARK),
        ("12345678", COPYRIGHT),
        ("２" * 5_000, None),
    ],
)
def test_anything_else_is_not_recognised(written: str, right_type: RightType | None) -> None:
    with pytest.raises(Refused, match=NumberReason.NUMBER_NOT_RECOGNISED):
        parse(written, right_type)


def test_the_number_must_fit_the_type_of_right() -> None:
    with pytest.raises(Refused, match=NumberReason.NUMBER_OF_ANOTHER_TYPE):
        parse("201710601862.3", UTILITY_MODEL)


def test_a_right_is_filed_under_its_application_number() -> None:
    assert parse_own("ZL201710601862.3", INVENTION).text == "CN201710601862.3"
    with pytest.raises(Refused, match=NumberReason.PUBLICATION_IN_PLACE_OF_NUMBER):
        parse_own("CN114081026A", INVENTION)


def test_a_publication_number_is_no_application_number() -> None:
    assert parse_publication("CN114081026A", INVENTION).kind_code == "A"
    assert parse_publication("US9189575B2", INVENTION).kind_code == "B2"
    with pytest.raises(Refused, match=NumberReason.NOT_A_PUBLICATION_NUMBER):
        parse_publication("201710601862.3", INVENTION)
    with pytest.raises(Refused, match=NumberReason.CHECK_DIGIT_WRONG) as refused:
        parse_publication("201710601862.4", INVENTION)
    assert refused.value.field == "publication_number"


@given(st.text(max_size=80), st.sampled_from([None, *RightType]))
def test_any_text_is_read_or_refused_and_reading_again_changes_nothing(
    written: str, right_type: RightType | None
) -> None:
    try:
        number = parse(written, right_type)
    except Refused:
        return
    assert parse(number.text, right_type) == number or number.kind is NumberKind.PATENT_PUBLICATION


@given(st.from_regex(r"20[1-2][0-9][123][0-9]{7}", fullmatch=True), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(digits: str, place: int, change: int) -> None:
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    assert check_digit(wrong) != check_digit(digits)


@pytest.mark.shared_data
def test_every_published_number_of_a_chinese_city_is_right(shared_data: Path) -> None:
    path = shared_data / "data" / "patents_cn.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with_digit = [row for row in rows if row["check_digit_ok"] == "yes"]
    assert len(with_digit) == 7_375
    for row in rows:
        number = parse(row["application_no"], RightType(row["patent_type"]))
        assert number.text.startswith(row["application_no"])


@pytest.mark.shared_data
def test_published_documents_and_recorded_security_interests_are_read(shared_data: Path) -> None:
    path = shared_data / "data" / "patents_cn_publications.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        publications = [row["publication_no"] for row in csv.DictReader(lines)]
    assert len(publications) > 9_000
    assert [parse(number).text for number in publications] == publications
    with (shared_data / "data" / "security_interests.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert all(parse(row["publication_no"]).right_type for row in rows if row["publication_no"])
    assert all(parse(f"US{row['patent_no']}") for row in rows if row["patent_no"])
