from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.errors import Refused
from marketplace.rights.rules import (
    EncumbranceKind,
    RightReason,
    RightType,
    add_months,
    add_years,
    check_dates,
    check_encumbrance,
    expiry,
    next_annuity,
)

TODAY = date(2026, 3, 2)
INVENTION, DESIGN = RightType.INVENTION, RightType.DESIGN
DAYS = st.dates(date(1985, 4, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("right_type", "filed_on", "granted_on", "expires_on"),
    [
        (INVENTION, date(2018, 5, 4), None, date(2038, 5, 4)),
        (INVENTION, date(2020, 2, 29), None, date(2040, 2, 29)),
        (RightType.UTILITY_MODEL, date(2020, 2, 29), None, date(2030, 2, 28)),
        (DESIGN, date(2021, 5, 31), None, date(2031, 5, 31)),
        (DESIGN, date(2021, 6, 1), None, date(2036, 6, 1)),
        (DESIGN, None, date(2021, 6, 1), None),
        (RightType.TRADEMARK, date(2015, 1, 1), date(2016, 7, 7), date(2026, 7, 7)),
        (RightType.TRADEMARK, date(2015, 1, 1), None, None),
        (RightType.COPYRIGHT, date(2015, 1, 1), date(2015, 2, 1), None),
    ],
)
def test_how_long_a_right_lasts(
    right_type: RightType, filed_on: date | None, granted_on: date | None, expires_on: date | None
) -> None:
    assert expiry(right_type, filed_on, granted_on) == expires_on


@pytest.mark.parametrize(
    ("filed_on", "granted_on", "expires_on", "reason"),
    [
        (date(2026, 3, 3), None, None, RightReason.FILED_IN_THE_FUTURE),
        (date(2020, 1, 2), date(2020, 1, 1), None, RightReason.GRANTED_BEFORE_FILED),
        (date(2020, 1, 2), None, date(2020, 1, 2), RightReason.EXPIRES_BEFORE_GRANTED),
        (None, date(2020, 1, 2), date(2020, 1, 1), RightReason.EXPIRES_BEFORE_GRANTED),
    ],
)
def test_dates_that_cannot_be(
    filed_on: date | None, granted_on: date | None, expires_on: date | None, reason: RightReason
) -> None:
    with pytest.raises(Refused, match=reason):
        check_dates(filed_on, granted_on, expires_on, today=TODAY)


@pytest.mark.parametrize("granted_on", [date(2018, 5, 4), None])
def test_dates_that_can_be(granted_on: date | None) -> None:
    check_dates(date(2018, 5, 4), granted_on, date(2038, 5, 4), today=TODAY)
    check_dates(None, granted_on, None, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "holder", "rank", "claim", "reason"),
    [
        (EncumbranceKind.PLEDGE, "Bank", 0, 1, RightReason.RANK_BELOW_ONE),
        (EncumbranceKind.PLEDGE, "", 1, None, RightReason.CLAIM_WITHOUT_HOLDER),
        (EncumbranceKind.SEIZURE, "", 1, 5, RightReason.CLAIM_WITHOUT_HOLDER),
    ],
)
def test_encumbrances_that_cannot_be(
    kind: EncumbranceKind, holder: str, rank: int, claim: int | None, reason: RightReason
) -> None:
    with pytest.raises(Refused, match=reason):
        check_encumbrance(kind, holder, rank, claim)


def test_encumbrances_that_can_be() -> None:
    check_encumbrance(EncumbranceKind.PLEDGE, "Bank", 1, 100)
    check_encumbrance(EncumbranceKind.SEIZURE, "", 1, None)


@pytest.mark.parametrize(
    ("today", "year", "due_on", "grace_until"),
    [
        (date(2026, 3, 2), 9, date(2026, 5, 4), date(2026, 11, 4)),
        (date(2026, 5, 4), 9, date(2026, 5, 4), date(2026, 11, 4)),
        (date(2026, 5, 5), 10, date(2027, 5, 4), date(2027, 11, 4)),
        (date(2018, 6, 1), 2, date(2019, 5, 4), date(2019, 11, 4)),
    ],
)
def test_the_next_annuity_falls_due_on_the_anniversary_of_filing(
    today: date, year: int, due_on: date, grace_until: date
) -> None:
    annuity = next_annuity(INVENTION, date(2018, 5, 4), date(2038, 5, 4), today=today)
    assert annuity is not None
    assert (annuity.patent_year, annuity.due_on, annuity.grace_until) == (year, due_on, grace_until)


def test_no_annuity_for_other_rights_unknown_dates_and_the_last_year() -> None:
    assert next_annuity(RightType.TRADEMARK, date(2018, 5, 4), None, today=TODAY) is None
    assert next_annuity(INVENTION, None, None, today=TODAY) is None
    assert next_annuity(INVENTION, date(2006, 5, 4), date(2026, 5, 4), today=TODAY) is None
    assert next_annuity(INVENTION, date(2006, 5, 4), None, today=TODAY) is not None


@given(DAYS, st.integers(0, 600), st.integers(0, 600))
def test_adding_months_keeps_the_order_and_the_day_where_it_can(day: date, months: int, more: int) -> None:
    later = add_months(day, months)
    assert later.day <= day.day
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert add_months(day, months + more) >= later
    assert add_years(day, 1) == add_months(day, 12)
