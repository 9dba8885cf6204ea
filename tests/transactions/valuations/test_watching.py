"""Pure rules of valuations: what is watched over time, and values written down to be read back."""

import uuid
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from marketplace.canonical import canonical_bytes
from marketplace.errors import Refused
from transactions.valuations.rules import leaves, plain, watching
from transactions.valuations.rules.watching import Standing, Thresholds
from transactions.valuations.rules.words import (
    AlertKind,
    Basis,
    Frequency,
    Grade,
)

AT = Standing(1_000_000, 500_000, 100, None, date(2026, 1, 1))


def test_nothing_to_tell_of_what_stands_well() -> None:
    assert watching.alerts(None, AT, Thresholds()) == {}
    assert watching.alerts(AT, replace(AT, value_minor=900_000), Thresholds()) == {}


def test_a_fall_a_claim_above_the_value_and_a_limit() -> None:
    after = replace(AT, value_minor=400_000)
    assert watching.alerts(AT, after, Thresholds()) == {
        AlertKind.FELL: 6_000,
        AlertKind.UNDER_CLAIM: 12_500,
        AlertKind.OVER_LIMIT: 12_500,
    }
    assert watching.alerts(after, replace(after, value_minor=399_000), Thresholds()) == {}
    assert watching.alerts(AT, replace(AT, value_minor=None), Thresholds()) == {AlertKind.NO_LONGER_VALUED: 0}


def test_clocks_are_told_once() -> None:
    short = replace(AT, life_months=35, annuity_due_on=date(2026, 2, 1))
    assert watching.alerts(None, short, Thresholds()) == {AlertKind.LIFE_SHORT: 35, AlertKind.ANNUITY_DUE: 31}
    assert watching.alerts(short, replace(short, life_months=34), Thresholds()) == {}
    assert watching.alerts(None, replace(short, life_months=0, annuity_due_on=None), Thresholds()) == {
        AlertKind.EXPIRED: 0
    }
    early = replace(short, on=date(2025, 6, 1), life_months=41)
    assert AlertKind.ANNUITY_DUE in watching.alerts(early, short, Thresholds())


@pytest.mark.parametrize(
    ("wanted", "field"), [(Thresholds(fall=0), "fall"), (Thresholds(life_months=241), "life_months")]
)
def test_thresholds_have_limits(wanted: Thresholds, field: str) -> None:
    with pytest.raises(Refused) as refused:
        watching.check_thresholds(wanted)
    assert refused.value.field == field
    watching.check_thresholds(Thresholds())


def test_shares_of_nothing() -> None:
    assert watching.loan_to_value(1, 0) is None
    assert watching.loan_to_value(None, 5) is None
    assert watching.change(0, 5) is None
    assert watching.change(5, None) is None


def test_a_rhythm_keeps_its_day() -> None:
    first = date(2026, 1, 31)
    assert watching.next_due(first, Frequency.MONTHLY, date(2026, 1, 1)) == first
    assert watching.next_due(first, Frequency.MONTHLY, first) == date(2026, 2, 28)
    assert watching.next_due(first, Frequency.MONTHLY, date(2026, 2, 28)) == date(2026, 3, 31)
    assert watching.next_due(first, Frequency.QUARTERLY, date(2027, 1, 1)) == date(2027, 1, 31)


@dataclass(frozen=True)
class Inner:
    share: float
    exact: Fraction


@dataclass(frozen=True)
class Outer:
    name: str
    day: date | None
    basis: Basis
    inner: Inner
    several: tuple[Inner, ...]
    pair: tuple[int, str]
    names: frozenset[str]
    by_grade: dict[Grade, int]
    one: uuid.UUID
    left: int = 7


def test_frozen_values_read_back_exactly() -> None:
    inner = Inner(1 / 3, Fraction(1, 3))
    value = Outer(
        "泵", date(2026, 1, 2), Basis.MARKET, inner, (inner,), (1, "b"), frozenset({"z", "a"}), {Grade.A: 1},
        uuid.UUID(int=5),
    )  # fmt: skip
    written = plain.plain(value)
    canonical_bytes(written)
    assert plain.revive(Outer, written) == value
    assert plain.revive(Outer, {**written, "day": None, "new": 1}) == replace(value, day=None)
    del written["left"]
    assert plain.revive(Outer, written) == value


def test_a_kind_of_field_that_is_not_known_is_not_guessed() -> None:
    @dataclass(frozen=True)
    class Odd:
        number: complex

    with pytest.raises(TypeError):
        plain.revive(Odd, {"number": "1"})


@given(some.floats(allow_nan=False, allow_infinity=False))
def test_every_float_reads_back(share: float) -> None:
    inner = Inner(share, Fraction(0))
    assert plain.revive(Inner, plain.plain(inner)) == inner


@given(some.sets(some.integers(0, 300)))
def test_leaves_read_back(found: set[int]) -> None:
    assert list(leaves.read(leaves.written(found))) == sorted(found)


def test_leaves_in_few_characters() -> None:
    assert leaves.written([3, 1, 2, 7, 7]) == "1-3,7"
    with pytest.raises(ValueError, match="invalid literal"):
        leaves.read("1-x")


def test_told_figures_are_rounded() -> None:
    assert plain.plain({"share": 1 / 3}, 4) == {"share": "0.3333"}
