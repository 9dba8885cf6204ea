"""Windows for offers by their rules alone: which packs, how long, from which price."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from marketplace.deals.windows.rules import (
    WINDOW_MOVES,
    WITH_WINDOW,
    WindowReason,
    WindowStatus,
    check_offer,
    check_terms,
    end_of,
    is_open,
    next_status,
    shows_count,
)
from marketplace.errors import Refused
from marketplace.listings.rules import LotStatus
from marketplace.rule_packs import load

PACK, OPEN_PACK = load("cn-bank"), load("open")
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)


def refused(act: Callable[[], object]) -> object:
    with pytest.raises(Refused) as found:
        act()
    return found.value.reason


@pytest.mark.parametrize(
    ("name", "allowed"), [("cn-court", 0), ("cn-state", 0), ("cn-bank", 30), ("open", 60)]
)
def test_only_packs_that_let_a_seller_agree_know_a_window(name: str, allowed: int) -> None:
    pack = load(name)
    if not allowed:
        assert (
            refused(lambda: check_terms(pack, 7, None, LotStatus.UNSOLD)) is WindowReason.SOLD_IN_PUBLIC_ONLY
        )
        return
    check_terms(pack, allowed, 1, LotStatus.UNSOLD)
    for days in (0, allowed + 1):
        reason = refused(lambda days=days: check_terms(pack, days, None, LotStatus.UNSOLD))  # type: ignore[misc]
        assert reason is WindowReason.DAYS_OUT_OF_RANGE
    assert refused(lambda: check_terms(pack, 1, 0, LotStatus.UNSOLD)) is WindowReason.FLOOR_NOT_POSITIVE


@pytest.mark.parametrize("status", list(LotStatus))
def test_a_window_follows_a_lot_that_an_auction_may_leave_unsold(status: LotStatus) -> None:
    if status in WITH_WINDOW:
        check_terms(PACK, 7, None, status)
        expected = WindowStatus.OPEN if status is LotStatus.UNSOLD else WindowStatus.PLANNED
        assert next_status(status) is expected
        return
    assert refused(lambda: check_terms(PACK, 7, None, status)) is WindowReason.LOT_NOT_SUITED


@given(days=some.integers(1, 60), seconds=some.integers(0, 61 * 86_400))
def test_offers_are_taken_until_the_end_and_not_at_it(days: int, seconds: int) -> None:
    closes_at, now = end_of(AT, days), AT + timedelta(seconds=seconds)
    assert is_open(WindowStatus.OPEN, closes_at, now) == (seconds < days * 86_400)
    assert not any(is_open(status, closes_at, now) for status in set(WindowStatus) - {WindowStatus.OPEN})


@given(
    price=some.integers(-5, 100),
    floor=some.none() | some.integers(1, 100),
    own=some.none() | some.integers(1, 100),
)
def test_an_offer_reaches_the_floor_and_tops_ones_own(price: int, floor: int | None, own: int | None) -> None:
    good = price > 0 and (floor is None or price >= floor) and (own is None or price > own)
    if good:
        check_offer(price, floor_minor=floor, own_minor=own)
    else:
        assert refused(lambda: check_offer(price, floor_minor=floor, own_minor=own)) in {
            WindowReason.BELOW_FLOOR,
            WindowReason.NOT_ABOVE_OWN,
        }


def test_what_everybody_sees_is_the_packs() -> None:
    assert (shows_count(PACK), shows_count(OPEN_PACK)) == (False, True)
    assert set(WINDOW_MOVES) == set(WindowStatus)
