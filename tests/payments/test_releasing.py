"""Whether a payout may leave now, and if not why."""

from datetime import UTC, datetime, timedelta

import pytest

from payments.releasing import Blocker, Hold, Release, blockers, not_before
from payments.rules import PayoutKind

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_the_money_of_a_sale_waits_for_the_title() -> None:
    release = Release(kind=PayoutKind.SETTLEMENT)
    assert blockers(release, NOW) == (Blocker(Hold.TITLE_NOT_TRANSFERRED),)


@pytest.mark.parametrize(
    "release",
    [
        Release(kind=PayoutKind.SETTLEMENT, title_recorded=True),
        Release(kind=PayoutKind.SETTLEMENT, title_waived=True),
        Release(kind=PayoutKind.SETTLEMENT, title_required=False),
        Release(kind=PayoutKind.FORFEITURE),
        Release(kind=PayoutKind.RETURN),
    ],
)
def test_nothing_else_does(release: Release) -> None:
    assert blockers(release, NOW) == ()


def test_a_dispute_keeps_everything_here_until_it_is_decided() -> None:
    by = NOW + timedelta(days=7)
    release = Release(kind=PayoutKind.RETURN, disputed=True, evidence_by=by)
    assert blockers(release, NOW) == (Blocker(Hold.DISPUTE_OPEN, due_by=by),)


def test_a_price_that_was_taken_back_keeps_the_payouts_here() -> None:
    release = Release(kind=PayoutKind.SETTLEMENT, title_recorded=True, price_taken_back=True)
    assert blockers(release, NOW) == (Blocker(Hold.PRICE_TAKEN_BACK),)


def test_the_hold_back_period_ends_by_itself() -> None:
    until = NOW + timedelta(days=3)
    release = Release(kind=PayoutKind.SETTLEMENT, title_recorded=True, not_before=until)
    assert blockers(release, NOW) == (Blocker(Hold.HELD_BACK, until=until),)
    assert blockers(release, until) == ()


@pytest.mark.parametrize(
    ("days", "reversible", "reversible_days", "paid_at", "expected"),
    [
        (0, False, 14, NOW, None),
        (0, True, 0, NOW, None),
        (0, True, 14, None, None),
        (0, True, 14, NOW, NOW + timedelta(days=14)),
        (3, False, 14, NOW, NOW + timedelta(days=10 + 3)),
        (3, True, 14, NOW, NOW + timedelta(days=14)),
        (9, True, 14, NOW, NOW + timedelta(days=10 + 9)),
    ],
)
def test_the_longer_of_both_periods_counts(
    *, days: int, reversible: bool, reversible_days: int, paid_at: datetime | None, expected: datetime | None
) -> None:
    found = not_before(
        settled_at=NOW + timedelta(days=10),
        days=days,
        paid_at=paid_at,
        reversible=reversible,
        reversible_days=reversible_days,
    )
    assert found == expected
