"""The one way into the rules: phases, control, and what a bidder's deposit allows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from auctions.rules import Action, Bidder, EndReason, Event, Options, Outcome, PhaseKind, Reason, State, Terms
from auctions.rules.decisions import begin, conclude, decide, phase
from marketplace.rule_packs import load

OPENS = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=1)
DURING = OPENS + timedelta(minutes=5)

TERMS = Terms(
    auction_format="english",
    pack=load("open"),
    currency="CNY",
    start_price=100_000,
    increment=1_000,
    reserve_price=None,
    reference_price=None,
    deposit=None,
    opens_at=OPENS,
    closes_at=CLOSES,
    options=Options(),
)


def concealed() -> State:
    return replace(begin(TERMS), concealed=True)


def test_after_the_end_sealed_amounts_are_waited_for() -> None:
    assert phase(TERMS, concealed(), CLOSES).kind is PhaseKind.AWAITING_OPENING
    assert phase(TERMS, concealed(), DURING).kind is not PhaseKind.AWAITING_OPENING
    late = Event(CLOSES, Action.BID, "b1", "2000.00")
    assert decide(TERMS, concealed(), late, Bidder("b1")).reason is Reason.CLOSED


def test_an_extension_moves_the_end() -> None:
    decided = decide(TERMS, begin(TERMS), Event(DURING, Action.EXTEND, None, "600"))
    assert decided.reason is None
    assert decided.state.closes_at == CLOSES + timedelta(seconds=600)


def test_nobody_bids_more_than_its_deposit_stands_for() -> None:
    bid = Event(DURING, Action.BID, "b1", "1000.00")
    over = decide(TERMS, begin(TERMS), bid, Bidder("b1", headroom=99_999))
    assert (over.reason, over.amount_minor) == (Reason.OVER_LIMIT, 100_000)
    assert decide(TERMS, begin(TERMS), bid, Bidder("b1", headroom=100_000)).reason is None


def test_of_a_whole_and_its_parts_one_side_gives_way_once_it_is_sold() -> None:
    way = Event(CLOSES, Action.GIVE_WAY)
    assert decide(TERMS, begin(TERMS), Event(DURING, Action.GIVE_WAY)).reason is Reason.NOT_ALLOWED_IN_STAGE
    bid = Event(DURING, Action.BID, "b1", "1000.00")
    sold = conclude(TERMS, decide(TERMS, begin(TERMS), bid, Bidder("b1")).state)
    assert sold.outcome is Outcome.SOLD
    given = decide(TERMS, sold, way).state
    assert (given.outcome, given.reason) == (Outcome.UNSOLD, EndReason.GAVE_WAY)
    assert decide(TERMS, given, way).reason is Reason.CLOSED
