"""The pure parts of the live room: stages, a reader's own state, costs."""

from datetime import UTC, datetime, timedelta

import pytest

from auctions.live.mine import Mine, Place, all_in, standing
from auctions.live.stage import Stage, effective_end, stage_of
from auctions.rules import Outcome

OPENS = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "suspended", "outcome", "expected"),
    [
        (OPENS - SECOND, False, Outcome.OPEN, Stage.SCHEDULED),
        (OPENS, False, Outcome.OPEN, Stage.LIVE),
        (CLOSES - SECOND, False, Outcome.OPEN, Stage.LIVE),
        (CLOSES, False, Outcome.OPEN, Stage.CLOSING),
        (CLOSES + SECOND, True, Outcome.OPEN, Stage.SUSPENDED),
        (CLOSES, False, Outcome.SOLD, Stage.SOLD),
        (CLOSES, False, Outcome.UNSOLD, Stage.UNSOLD),
        (OPENS, True, Outcome.CANCELLED, Stage.CANCELLED),
    ],
)
def test_stages(now: datetime, *, suspended: bool, outcome: Outcome, expected: Stage) -> None:
    assert stage_of(outcome, OPENS, CLOSES, now, suspended=suspended) is expected


def test_an_auction_without_an_end_does_not_close_by_itself() -> None:
    assert stage_of(Outcome.OPEN, OPENS, None, CLOSES, suspended=False) is Stage.LIVE


def test_there_is_no_end_to_count_down_to_while_suspended() -> None:
    assert effective_end(CLOSES, suspended=True) is None
    assert effective_end(CLOSES, suspended=False) == CLOSES


def place(**changes: bool) -> Place:
    facts = {"admitted": True, "barred": False, "deposit_held": True, "leads": False, "has_bid": False}
    return Place(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "stage", "expected"),
    [
        ({"barred": True, "leads": True}, Stage.LIVE, Mine.BARRED),
        ({"admitted": False}, Stage.LIVE, Mine.NOT_ADMITTED),
        ({"deposit_held": False}, Stage.SCHEDULED, Mine.WAITING_FOR_DEPOSIT),
        ({}, Stage.LIVE, Mine.READY),
        ({"has_bid": True}, Stage.LIVE, Mine.OUTBID),
        ({"has_bid": True, "leads": True}, Stage.LIVE, Mine.LEADING),
        ({"has_bid": True, "leads": True}, Stage.CLOSING, Mine.LEADING),
        ({"has_bid": True, "leads": True}, Stage.SOLD, Mine.WON),
        ({"barred": True}, Stage.SOLD, Mine.LOST),
        ({"leads": True}, Stage.UNSOLD, Mine.NO_SALE),
    ],
)
def test_my_state(changes: dict[str, bool], stage: Stage, expected: Mine) -> None:
    assert standing(place(**changes), stage) is expected


def test_the_whole_cost_of_a_price() -> None:
    cost = all_in(10_000_050, 1_000_000, 250)
    assert (cost.commission, cost.total, cost.due) == (250_001, 10_250_051, 9_250_051)
    assert all_in(500, 1_000, None).due == 0


def test_the_duty_is_part_of_the_cost_and_not_paid_through_the_platform() -> None:
    cost = all_in(10_000_000, 1_000_000, 300, 3)
    assert (cost.commission, cost.duty) == (300_000, 3_000)
    assert cost.total == 10_303_000
    assert cost.due == 9_300_000


def test_a_tax_that_the_buyer_bears_is_paid_through_the_platform_on_top_of_the_price() -> None:
    cost = all_in(10_000_000, 1_000_000, 300, 6, 600)
    assert (cost.commission, cost.duty, cost.tax) == (300_000, 6_000, 600_000)
    assert cost.total == 10_906_000
    assert cost.due == 9_900_000
