"""Officers' keys over time, and what a concealed auction keeps."""

from datetime import UTC, datetime, timedelta

import pytest

from auctions.rules import Action, Standing, State
from auctions.sealing.rules import (
    KeyAct,
    KeyState,
    KeyTimes,
    conceal,
    keeps_amount,
    key_state,
    may_open,
    still_covered,
)

FROM = datetime(2026, 3, 2, tzinfo=UTC)
UNTIL = FROM + timedelta(days=10)
MOMENT = timedelta(microseconds=1)
CONFIRMED = (KeyAct.CONFIRMED,)


@pytest.mark.parametrize(
    ("acts", "now", "state", "opens"),
    [
        ((), FROM, KeyState.WAITING, False),
        (CONFIRMED, FROM - MOMENT, KeyState.TO_COME, False),
        (CONFIRMED, FROM, KeyState.IN_USE, True),
        (CONFIRMED, UNTIL - MOMENT, KeyState.IN_USE, True),
        (CONFIRMED, UNTIL, KeyState.EXPIRED, True),
        ((KeyAct.CONFIRMED, KeyAct.WITHDRAWN), FROM, KeyState.WITHDRAWN, False),
    ],
)
def test_a_key_over_time(acts: tuple[KeyAct, ...], now: datetime, state: KeyState, *, opens: bool) -> None:
    found = key_state(KeyTimes(FROM, UNTIL, acts), now)
    assert (found, may_open(found)) == (state, opens)


def test_an_amount_is_kept_while_bidding_goes_on() -> None:
    sealed = State(closes_at=UNTIL, concealed=True)
    assert keeps_amount(sealed, Action.BID, FROM)
    assert not keeps_amount(sealed, Action.BID, UNTIL)
    assert not keeps_amount(sealed, Action.PASS, FROM)
    assert not keeps_amount(State(closes_at=UNTIL), Action.BID, FROM)
    assert keeps_amount(State(closes_at=None, concealed=True), Action.BID, UNTIL)


def test_who_bid_and_when_is_all_that_stays() -> None:
    open_state = State(
        closes_at=UNTIL, standing={"b1": Standing(500, FROM, 0, 2)}, price=500, leader="b1", bids=1
    )
    assert conceal(open_state) is open_state
    hidden = conceal(State(closes_at=UNTIL, standing=open_state.standing, price=500, concealed=True))
    assert dict(hidden.standing) == {"b1": Standing(0, FROM, 0, 2)}
    assert (hidden.price, hidden.leader, dict(hidden.maxima)) == (None, None, {})


def test_each_envelope_needs_a_key_that_is_left() -> None:
    assert still_covered([{"a", "b"}, {"b", "c"}], {"b"})
    assert not still_covered([{"a", "b"}, {"c"}], {"b"})
