from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.money import (
    EXPONENTS,
    CurrencyMismatch,
    MalformedAmount,
    Money,
    UnknownCurrency,
    decimal_text,
    half_up,
    parse_minor,
    round_up,
    split,
)

# Each of these is accepted by int(), float() or Decimal() somewhere in Python, and none is an amount.
NOT_AMOUNTS = [
    "", " 100", "100 ", "1e6", "1E+6", "NaN", "nan", "Infinity", "-5", "+100", "-0", "100.001", "1,000",
    "0x64", "1_000", "１００", "١٢٣", "²", "1.", ".5", "007", "100\n", "1e400", "1" * 16, "一百", "\u202e100",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_AMOUNTS)
def test_what_is_not_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(MalformedAmount):
        parse_minor(text, "CNY")


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("14395.71", "CNY", 1439571),
        ("0.5", "CNY", 50),
        ("0", "USD", 0),
        ("120", "JPY", 120),
        ("9" * 15, "CNY", 99999999999999900),
    ],
)
def test_plain_decimals_are_read_exactly(text: str, currency: str, minor: int) -> None:
    assert parse_minor(text, currency) == minor


def test_a_currency_without_places_takes_none() -> None:
    with pytest.raises(MalformedAmount):
        parse_minor("120.0", "JPY")


@given(st.integers(0, 10**17 - 1), st.sampled_from(sorted(EXPONENTS)))
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    if minor < 10 ** (15 + EXPONENTS[currency]):
        assert parse_minor(decimal_text(minor, currency), currency) == minor


def test_a_negative_balance_can_be_written() -> None:
    assert decimal_text(-5, "CNY") == "-0.05"


def test_two_currencies_never_meet() -> None:
    yuan, dollars = Money(1, "CNY"), Money(1, "USD")
    for meeting in (
        lambda: yuan + dollars,
        lambda: yuan - dollars,
        lambda: yuan < dollars,
        lambda: yuan <= dollars,
    ):
        with pytest.raises(CurrencyMismatch):
            meeting()
    assert Money(1, "CNY") + Money(2, "CNY") - Money(1, "CNY") == Money(2, "CNY")
    assert Money(1, "CNY") < Money(2, "CNY") <= Money(2, "CNY")
    assert str(Money(123, "CNY")) == "1.23 CNY"


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(UnknownCurrency):
        Money(1, "XXX")


@pytest.mark.parametrize(
    ("amount", "rounded", "up"),
    [
        (Fraction(1, 2), 1, 1),
        (Fraction(-1, 2), -1, 0),
        (Fraction(5, 2), 3, 3),
        (Fraction(1, 3), 0, 1),
        (Fraction(4), 4, 4),
    ],
)
def test_rounding(amount: Fraction, rounded: int, up: int) -> None:
    assert half_up(amount) == rounded
    assert round_up(amount) == up


@given(st.integers(0, 10**14), st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_the_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part - Fraction(total * weight, sum(weights))) < 1
        for part, weight in zip(parts, weights, strict=True)
    )


def test_ties_go_to_the_first_named() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [0]), (1, []), (1, [2, -1])])
def test_a_split_that_makes_no_sense_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="split needs"):
        split(total, weights)
