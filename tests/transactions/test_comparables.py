"""What earlier sales say: pure, without a database."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from transactions.comparables import similarity, trend
from transactions.comparables.adjustment import Adjusted, adjust
from transactions.comparables.factors import Line
from transactions.comparables.trend import Trend
from transactions.comparables.values import DEFAULT, Candidate, Rejection, Subject, sector_of
from transactions.rules.words import AssetType, Channel, ProofGrade, RightSold, SaleOutcome

ON = date(2026, 3, 2)
SUBJECT = Subject(
    asset_type=AssetType.INVENTION,
    technology_field=13,
    number_of_rights=1,
    remaining_life_months=120,
    channel=Channel.AUCTION_ENGLISH,
    forced=False,
    on=ON,
    currency="CNY",
)


def a_sale(number: int = 0, **changes: Any) -> Candidate:
    """A sale like the subject in everything, on the same day."""
    sale = Candidate(
        identity=f"{number:04d}",
        outcome=SaleOutcome.SOLD,
        asset_type=AssetType.INVENTION,
        technology_field=13,
        number_of_rights=1,
        remaining_life_months=120,
        channel=Channel.AUCTION_ENGLISH,
        forced=False,
        sold_on=ON,
        price_minor=100_000_00 + number,
        grade=ProofGrade.A,
    )
    return replace(sale, **changes)


def lines_of(adjusted: Adjusted) -> dict[Line, int]:
    return {line.line: line.basis_points for line in adjusted.lines}


def cut_of(adjusted: Adjusted) -> set[Line]:
    return {line.line for line in adjusted.lines if line.cut}


def adjusted(subject: Subject = SUBJECT, factors: dict[int, float] | None = None, **changes: Any) -> Adjusted:
    return adjust(subject, a_sale(**changes), 0.0, Trend(factors or {}), settings=DEFAULT)


def test_the_sectors_of_the_concordance() -> None:
    assert [sector_of(field) for field in (1, 8, 9, 13, 14, 24, 25, 32, 33, 35)] == [
        0, 0, 1, 1, 2, 2, 3, 3, 4, 4,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"asset_type": AssetType.TRADEMARK}, Rejection.OTHER_TYPE),
        ({"country": "US"}, Rejection.OTHER_OFFICE),
        ({"country": "WO"}, None),
        ({"outcome": SaleOutcome.UNSOLD, "price_minor": None}, Rejection.NOT_SOLD),
        ({"outcome": SaleOutcome.UNSOLD, "start_price_minor": 1, "bids": 3}, Rejection.NOT_SOLD),
        ({"outcome": SaleOutcome.UNSOLD, "start_price_minor": 1, "bids": 0}, None),
        ({"outcome": SaleOutcome.UNSOLD, "top_bid_minor": 1, "bids": 3}, None),
        ({"outcome": SaleOutcome.WITHDRAWN, "price_minor": None}, Rejection.WITHDRAWN),
        ({"outcome": SaleOutcome.REVERSED}, Rejection.UNDONE),
        ({"outcome": SaleOutcome.REAUCTIONED}, Rejection.UNDONE),
        ({"price_minor": None}, Rejection.NOT_SOLD),
        ({"usable": False}, Rejection.EXCLUDED),
        ({"right_sold": RightSold.LICENCE}, Rejection.LICENCE),
        ({"arms_length": False}, Rejection.NOT_ARMS_LENGTH),
        ({"sold_on": None}, Rejection.NO_DATE),
        ({"sold_on": ON + timedelta(days=1)}, Rejection.LATER),
        ({"sold_on": ON.replace(year=2000)}, Rejection.TOO_OLD),
        ({"number_of_rights": None}, Rejection.NO_SIZE),
        ({"number_of_rights": 11}, Rejection.OTHER_SIZE),
        ({"convertible": False}, Rejection.OTHER_CURRENCY),
        ({"number_of_rights": 10, "asset_type": AssetType.DESIGN}, None),
    ],
)
def test_who_may_not_serve(changes: dict[str, Any], reason: Rejection | None) -> None:
    subject = replace(SUBJECT, country="CN")
    assert similarity.rejection(subject, a_sale(**changes), DEFAULT) is reason


def test_how_well_a_sale_has_to_be_proved() -> None:
    strict, told = replace(DEFAULT, worst_grade=ProofGrade.C), a_sale(grade=ProofGrade.D)
    assert similarity.rejection(SUBJECT, told, strict) is Rejection.POORLY_PROVED
    assert similarity.rejection(SUBJECT, told, DEFAULT) is None


def test_a_work_needs_no_office() -> None:
    work = replace(SUBJECT, asset_type=AssetType.COPYRIGHT, country="CN")
    assert similarity.rejection(work, a_sale(asset_type=AssetType.COPYRIGHT, country="US"), DEFAULT) is None


def test_a_twin_is_not_adjusted() -> None:
    same = adjusted()
    assert set(lines_of(same).values()) == {0}
    assert (same.scaled_minor, same.adjusted_minor, same.gross_basis_points) == (100_000_00, 100_000_00, 0)
    assert same.weight == 1_000_000


def test_size_is_scaled_and_then_adjusted() -> None:
    larger = adjusted(number_of_rights=4)
    assert larger.scaled_minor == 25_000_00
    # (1/4) to the power of 0.85 − 1
    assert lines_of(larger)[Line.SIZE] == 2311
    assert larger.adjusted_minor == 30_777_50


def test_a_shorter_life_makes_the_subject_worth_more_than_its_comparable() -> None:
    # Level incomes of ten and six years at 15 %: 0.7528 / 0.5677.
    assert lines_of(adjusted(remaining_life_months=72))[Line.LIFE] == 3261
    assert lines_of(adjusted(remaining_life_months=0))[Line.LIFE] == DEFAULT.line_limit
    assert lines_of(adjusted(remaining_life_months=None))[Line.LIFE] == 0


def test_the_life_of_a_trademark_is_no_matter() -> None:
    mark = replace(SUBJECT, asset_type=AssetType.TRADEMARK)
    assert lines_of(adjusted(mark, asset_type=AssetType.TRADEMARK, remaining_life_months=5))[Line.LIFE] == 0


def test_a_forced_sale_fetches_less() -> None:
    assert lines_of(adjusted(replace(SUBJECT, forced=True)))[Line.FORCED] == -3000
    up = adjusted(forced=True)
    assert (lines_of(up)[Line.FORCED], cut_of(up)) == (3500, {Line.FORCED})
    assert lines_of(adjusted(replace(SUBJECT, forced=True), forced=True))[Line.FORCED] == 0


def test_an_earlier_failed_round_is_a_line_of_its_own() -> None:
    second = adjusted(replace(SUBJECT, forced=True, attempt=1), forced=True, attempt=2)
    assert lines_of(second)[Line.ROUND] == 2500
    late = adjusted(replace(SUBJECT, forced=True, attempt=9), forced=True, attempt=3)
    assert lines_of(late)[Line.ROUND] == 0
    assert lines_of(adjusted(attempt=2))[Line.ROUND] == 0


def test_headlines_are_cut_and_weigh_little() -> None:
    told = adjusted(grade=ProofGrade.D)
    assert (lines_of(told)[Line.PROOF], cut_of(told), told.weight) == (-3500, {Line.PROOF}, 300_000)


def test_time_is_adjusted_by_the_measured_trend() -> None:
    old = ON - timedelta(days=400)
    assert lines_of(adjusted(factors={1: 1.1}, sold_on=old))[Line.TIME] == 1000
    assert lines_of(adjusted(sold_on=old))[Line.TIME] == 0


def test_weight_halves_in_two_years() -> None:
    assert adjusted(sold_on=date(2024, 3, 2)).weight == pytest.approx(500_000, rel=0.001)


def test_what_was_to_be_rejected_is_not_adjusted() -> None:
    with pytest.raises(ValueError, match="rejected"):
        adjusted(sold_on=None)


def test_a_trend_needs_enough_sales_in_both_windows() -> None:
    latest = [a_sale(number, price_minor=200_00) for number in range(5)]
    earlier = [
        a_sale(number, price_minor=100_00, sold_on=ON - timedelta(days=400)) for number in range(10, 16)
    ]
    measured = trend.measure(SUBJECT, [*latest, *earlier], DEFAULT)
    # Doubled, believed by 5 / (5 + 20).
    assert measured.factor(13) == pytest.approx(2**0.2)
    assert measured.factor(0) == measured.factor(30) == 1
    assert trend.measure(SUBJECT, [*latest[:4], *earlier], DEFAULT).factors == {}
    assert trend.measure(SUBJECT, [*latest, *earlier[:4]], DEFAULT).factors == {}
    assert trend.measure(SUBJECT, [a_sale(sold_on=None)], DEFAULT).factors == {}
