"""Class symbols with their ancestors, numbers in any spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.keys import asked_numbers, class_key, class_keys, is_class, number_keys


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("h01m 10/0525", "H01M10/0525"),
        ("H01M0010052500", "H01M10/0525"),
        ("H01M0010000000", "H01M10"),
        ("H01M10/00", "H01M10"),
        ("F24H1/10(2006.01)I", "F24H1/10"),
        ("H01M", "H01M"),
        ("H", "H"),
        ("14-02", "14-02"),
        ("9", "9"),
    ],
)
def test_one_spelling(written: str, key: str) -> None:
    assert class_key(written) == key


def test_all_that_stands_above_is_posted() -> None:
    below = {"H01M10/05", "H01M10/052", "H01M10/0525"}
    assert class_keys("H01M 10/0525") == {"H", "H01", "H01M", "H01M10", *below}
    assert class_keys("H01M") == {"H", "H01", "H01M"}
    assert class_keys("H01") == {"H", "H01"}
    assert class_keys("14-02") == {"14-02", "14"}
    assert class_keys("") == frozenset()


SYMBOLS = st.builds(
    "{}{:02}{}{}/{:02}".format,
    st.sampled_from("ABCDEFGHY"),
    st.integers(0, 99),
    st.sampled_from("ABKLMZ"),
    st.integers(1, 9999),
    st.integers(0, 999_999),
)


@given(SYMBOLS)
def test_a_symbol_is_found_by_each_of_its_keys(symbol: str) -> None:
    assert class_key(symbol) in class_keys(symbol)
    assert all(class_key(key) == key for key in class_keys(symbol))


def test_what_a_query_may_mean_as_a_class() -> None:
    assert is_class("h01m10/0525")
    assert is_class("H01")
    assert not is_class("H")
    assert not is_class("14-02")
    assert not is_class("I01M")


SAME_APPLICATION = [
    "CN201110093145.7",
    "ZL 2011 1 0093145.7",
    "2011100931457",
    "cn201110093145",
    "201110093145.X",
]


@pytest.mark.parametrize("asked", SAME_APPLICATION)
@pytest.mark.parametrize("stored", ["CN201110093145.7", "201110093145.7", "ZL201110093145.7"])
def test_an_application_is_found_however_it_is_written(asked: str, stored: str) -> None:
    assert set(asked_numbers(asked)) & number_keys(stored)


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("CN102123456A", "CN102123456A"),
        ("102123456", "CN102123456A"),
        ("CN 102123456 A", "CN102123456A"),
        ("US 9,876,543 B2", "US9876543B2"),
        ("US9876543", "US9876543B2"),
        ("2015SR012345", "2015SR012345"),
        ("85100001.4", "CN85100001.4"),
    ],
)
def test_other_numbers(asked: str, stored: str) -> None:
    assert set(asked_numbers(asked)) & number_keys(stored)


def test_other_numbers_are_not_found() -> None:
    assert not set(asked_numbers("CN201110093146.5")) & number_keys("CN201110093145.7")
    assert not set(asked_numbers("102123457")) & number_keys("CN102123456A")
    assert number_keys("") == frozenset()


@pytest.mark.parametrize("text", ["", "电池", "solar", "12345", "H01M10/05", "a" * 40])
def test_what_is_no_number(text: str) -> None:
    assert asked_numbers(text) == ()
