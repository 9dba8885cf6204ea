from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.calendar import UnknownJurisdiction, UnknownYear, add_working_days, is_working_day
from marketplace.rule_packs import load, notice_period

COURT, STATE, OPEN = load("cn-court"), load("cn-state"), load("open")
KNOWN = st.dates(date(2024, 1, 1), date(2026, 8, 1))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 2, 13), True),  # Friday before the Spring Festival
        (date(2026, 2, 14), True),  # Saturday worked in exchange (调休)
        (date(2026, 2, 16), False),  # Monday, but New Year's Eve
        (date(2026, 2, 28), True),  # Saturday worked in exchange
        (date(2026, 3, 1), False),  # plain Sunday
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),
    ],
)
def test_holidays_and_the_days_worked_in_exchange(day: date, *, worked: bool) -> None:
    assert is_working_day(day) is worked


def test_working_days_leap_over_a_festival() -> None:
    assert add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert add_working_days(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert add_working_days(date(2026, 3, 2), 10) == date(2026, 3, 16)


def test_a_year_without_its_notice_is_refused_and_not_guessed() -> None:
    with pytest.raises(UnknownYear) as refused:
        is_working_day(date(2100, 1, 4))
    assert refused.value.year == 2100
    with pytest.raises(UnknownJurisdiction):
        is_working_day(date(2026, 1, 5), "XX")
    for number in (0, -1, 367):
        with pytest.raises(ValueError, match="working days"):
            add_working_days(date(2026, 1, 5), number)


@given(day=KNOWN, number=st.integers(1, 60))
def test_the_last_working_day_is_worked_and_the_count_is_right(day: date, number: int) -> None:
    last = add_working_days(day, number)
    between = [day + timedelta(days=ahead + 1) for ahead in range((last - day).days)]
    assert is_working_day(last)
    assert sum(map(is_working_day, between)) == number


@given(day=KNOWN, number=st.integers(1, 30), more=st.integers(1, 30))
def test_counting_in_two_pieces_counts_the_same(day: date, number: int, more: int) -> None:
    assert add_working_days(add_working_days(day, number), more) == add_working_days(day, number + more)


def test_the_earliest_opening_of_each_kind_of_notice() -> None:
    published = datetime(2026, 3, 2, 2, tzinfo=UTC)
    first, later = notice_period(COURT, published, 1), notice_period(COURT, published, 2)
    assert first is not None
    assert later is not None
    assert (first.earliest, first.working) == (published + timedelta(days=30), False)
    assert (later.earliest, later.rule.source) == (published + timedelta(days=15), "法释〔2016〕18号 art. 26")
    state = notice_period(STATE, published, 1)
    assert state is not None
    assert state.working
    assert not state.rule.is_law
    assert state.earliest == datetime(2026, 3, 16, 16, tzinfo=UTC)  # ten working days are over at midnight
    assert notice_period(OPEN, published, 1) is None


def test_the_day_of_publication_is_the_day_in_china() -> None:
    late = notice_period(STATE, datetime(2026, 3, 2, 15, 59, tzinfo=UTC), 1)
    next_day = notice_period(STATE, datetime(2026, 3, 2, 16, 0, tzinfo=UTC), 1)
    assert late is not None
    assert next_day is not None
    assert late.earliest == datetime(2026, 3, 16, 16, tzinfo=UTC)
    assert next_day.earliest == datetime(2026, 3, 17, 16, tzinfo=UTC)


def test_a_notice_into_an_unknown_year_names_the_year() -> None:
    period = notice_period(STATE, datetime(2099, 12, 30, tzinfo=UTC), 1)
    assert period is not None
    assert (period.earliest, period.unknown_year) == (None, 2099)
