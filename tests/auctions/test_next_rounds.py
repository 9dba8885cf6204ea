"""What an auction's rules announce as its next round is what the ladder of the bank's steps allows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from auctions.rules import NextRoundKind
from auctions.rules.after_close import close
from auctions.rules.decisions import begin
from auctions.written.terms import read_terms
from marketplace.rule_packs import Attempt, AttemptEnd, StepKind, load, possible_steps

OPENS = datetime(2026, 3, 2, 2, tzinfo=UTC)
COURT = load("cn-court")
KINDS = {StepKind.NEXT_AUCTION: NextRoundKind.SECOND_AUCTION, StepKind.SALE_OFF: NextRoundKind.SALE_OFF}
TERMS = read_terms(
    {
        "format": "english",
        "rule_pack": "cn-court",
        "currency": "CNY",
        "start_price": "100.00",
        "increment": "1.00",
        "opens_at": "2026-03-02T02:00:00Z",
        "closes_at": "2026-03-03T02:00:00Z",
    }
)


@given(first=st.integers(1, 10**12), cut=st.integers(0, 20), number=st.integers(1, 2))
def test_the_auction_and_the_ladder_say_the_same(first: int, cut: int, number: int) -> None:
    starts = [first, -(-first * (100 - cut) // 100)][:number]
    attempts = [
        Attempt(
            round=at,
            start_price=start,
            reserve=None,
            end=AttemptEnd.NO_BUYER,
            opens_at=OPENS + timedelta(days=60 * at),
            ended_at=OPENS + timedelta(days=60 * at + 1),
        )
        for at, start in enumerate(starts, start=1)
    ]
    now = OPENS + timedelta(days=300)
    step = possible_steps(COURT, attempts, reference=None, secured=False, now=now)[0]
    terms = replace(TERMS, start_price=starts[-1], options=replace(TERMS.options, round=number))
    following = close(terms, begin(terms)).next_round
    assert following is not None
    assert following.kind is KINDS[step.kind]
    (limit,) = step.limits
    told = following.start_price if limit.exact else following.least_start_price
    assert told == limit.amount
