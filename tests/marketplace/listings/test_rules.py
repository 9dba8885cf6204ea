from datetime import UTC, datetime, timedelta

import pytest

from marketplace.listings.rules import LOT_MOVES, LotStatus, NextAction, next_action
from marketplace.status import terminal

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SOON, LATER, PAST = NOW + timedelta(days=1), NOW + timedelta(days=2), NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "opens_at", "closes_at", "action", "moment"),
    [
        (LotStatus.DRAFTED, SOON, LATER, NextAction.COMPLETE_DRAFT, SOON),
        (LotStatus.SUBMITTED, SOON, LATER, NextAction.APPROVE, SOON),
        (LotStatus.APPROVED, SOON, LATER, NextAction.PUBLISH, SOON),
        (LotStatus.PUBLISHED, SOON, LATER, NextAction.AWAIT_OPENING, SOON),
        (LotStatus.PUBLISHED, PAST, LATER, NextAction.AWAIT_CLOSE, LATER),
        (LotStatus.RESERVED, PAST, LATER, NextAction.AWAIT_CLOSE, LATER),
        (LotStatus.RESERVED, PAST, PAST, NextAction.AWAIT_PAYMENT, None),
        (LotStatus.RESERVED, SOON, LATER, NextAction.AWAIT_PAYMENT, None),
        (LotStatus.RESERVED, None, None, NextAction.AWAIT_PAYMENT, None),
        (LotStatus.PUBLISHED, PAST, PAST, NextAction.DECIDE_AGAIN, None),
        (LotStatus.PUBLISHED, None, None, NextAction.DECIDE_AGAIN, None),
        (LotStatus.UNSOLD, PAST, PAST, NextAction.DECIDE_AGAIN, None),
        (LotStatus.SOLD, PAST, PAST, NextAction.NOTHING, None),
        (LotStatus.WITHDRAWN, SOON, LATER, NextAction.NOTHING, None),
    ],
)
def test_what_comes_next_for_a_lot(
    status: LotStatus,
    opens_at: datetime | None,
    closes_at: datetime | None,
    action: NextAction,
    moment: datetime | None,
) -> None:
    assert next_action(status, opens_at, closes_at, NOW) == (action, moment)


def test_only_sold_and_withdrawn_lots_are_final() -> None:
    assert terminal(LOT_MOVES) == {LotStatus.SOLD, LotStatus.WITHDRAWN}
    assert set(LOT_MOVES) == set(LotStatus)
