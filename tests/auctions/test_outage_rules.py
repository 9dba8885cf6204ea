"""The pure side of outages: what is a silence, what an auction lost by it; nobody loses time to bid."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from auctions.outages.rules import resumes_by_itself, seconds_lacking, standstill
from auctions.rules import Action, Bidder, Event
from auctions.rules.decisions import begin, decide
from auctions.written.terms import read_terms
from marketplace.heartbeat.rules import OUTAGE_FROM, Gap, gap_between
from marketplace.rule_packs import load

OPENS = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=1)
SECOND = timedelta(seconds=1)
PACK = load("open")
FREE = replace(PACK, outage_extension_most_hours=None, outage_notice_minutes=None)
TERMS = read_terms(
    {
        "format": "english",
        "rule_pack": "open",
        "currency": "CNY",
        "start_price": "100000.00",
        "increment": "1000.00",
        "opens_at": "2026-03-02T02:00:00Z",
        "closes_at": "2026-03-03T02:00:00Z",
    }
)


def test_a_silence_counts_from_a_minute_on() -> None:
    assert gap_between(OPENS, OPENS + OUTAGE_FROM) is None
    assert gap_between(OPENS, OPENS - timedelta(hours=1)) is None
    gap = gap_between(OPENS, OPENS + OUTAGE_FROM + SECOND)
    assert gap is not None
    assert gap.length == OUTAGE_FROM + SECOND


@pytest.mark.parametrize(
    ("last_event_at", "expected"),
    [
        (None, OPENS),
        (OPENS - SECOND, OPENS),
        (OPENS + SECOND, OPENS + SECOND),
        (OPENS + timedelta(minutes=5), None),
    ],
)
def test_what_an_auction_lost(last_event_at: datetime | None, expected: datetime | None) -> None:
    gap = Gap(OPENS - timedelta(minutes=5), OPENS + timedelta(minutes=5))
    found = standstill(gap, OPENS, last_event_at)
    assert (found and found.began_at) == expected


def test_a_short_standstill_ends_by_itself() -> None:
    assert resumes_by_itself(PACK, timedelta(hours=24))
    assert not resumes_by_itself(PACK, timedelta(hours=24) + SECOND)
    assert resumes_by_itself(FREE, timedelta(days=365))


def test_what_is_lacking_to_the_time_to_come_back() -> None:
    assert seconds_lacking(PACK, OPENS + timedelta(seconds=10), OPENS) == 590
    assert seconds_lacking(PACK, OPENS + timedelta(seconds=10.5), OPENS) == 590
    assert seconds_lacking(PACK, OPENS + timedelta(minutes=10), OPENS) == 0
    assert seconds_lacking(PACK, None, OPENS) == 0
    assert seconds_lacking(FREE, OPENS, OPENS) == 0


moments = some.integers(0, 86_399).map(lambda seconds: OPENS + timedelta(seconds=seconds))


@given(began=moments, length=some.integers(61, 5 * 86_400), bid=some.none() | moments)
def test_nobody_loses_time_to_bid_by_an_outage(began: datetime, length: int, bid: datetime | None) -> None:
    """What was left at the last sign of life is left at the return, whatever was bid before."""
    state = begin(TERMS)
    if bid is not None and bid <= began:
        state = decide(TERMS, state, Event(bid, Action.BID, "A", "100000.00"), Bidder("A")).state
    before = state.closes_at
    ended = began + timedelta(seconds=length)
    for event in (Event(began, Action.SUSPEND), Event(ended, Action.RESUME)):
        decision = decide(TERMS, state, event)
        assert decision.reason is None
        state = decision.state
    assert before is not None
    assert state.closes_at is not None
    assert state.closes_at - ended == before - began
    late = decide(TERMS, state, Event(ended, Action.BID, "B", "200000.00"), Bidder("B"))
    assert late.reason is None
