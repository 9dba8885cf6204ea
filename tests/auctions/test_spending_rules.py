"""What a bidder has bound itself to."""

from dataclasses import replace
from datetime import UTC, datetime

from auctions.rules import Standing, State
from auctions.rules.values import Maximum
from auctions.spending.rules import commitment


def test_a_leader_is_bound_by_its_maximum_and_nobody_else_by_anything() -> None:
    closes = datetime(2026, 3, 2, tzinfo=UTC)
    standing = {"b1": Standing(500, closes, 0, None)}
    led = State(closes_at=closes, price=500, leader="b1", standing=standing, maxima={"b1": Maximum(900, 0)})
    assert commitment(led, "b1") == 900
    assert commitment(replace(led, maxima={}), "b1") == 500
    assert commitment(led, "b2") == 0
