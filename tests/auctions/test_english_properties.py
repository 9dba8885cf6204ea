"""Random auctions, step by step: the invariants I1 to I11 and agreement with a second, naive model."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from soak import examples

from auctions.rules import (
    Action,
    Bidder,
    Decision,
    Event,
    Grid,
    Options,
    Outcome,
    Reason,
    State,
    Terms,
)
from auctions.rules.decisions import begin, conclude, decide
from auctions.rules.ladder import ladder
from auctions.written.state_json import read_state, write_state
from auctions.written.terms import read_terms, write_terms
from marketplace import rule_packs
from marketplace.canonical import canonical_bytes
from marketplace.money import decimal_text

from .reference_english import Reference

OPENS = datetime(2026, 3, 2, 2, tzinfo=UTC)
START, STEP = 10_000, 1_000
PRIORITIES: dict[str, int | None] = {"A": None, "B": None, "C": None, "P": 1, "Q": 2}

bidders = st.sampled_from(sorted(PRIORITIES))
# Mostly around the price, in whole and broken raises; sometimes anything.
raises = st.one_of(
    st.sampled_from([-STEP, -1, 0, 1, STEP - 1, STEP, STEP + 1, 2 * STEP, 5 * STEP]),
    st.integers(-3 * STEP, 12 * STEP),
)
# Steps in time from nothing to beyond the window, and a clock that steps back.
pauses = st.sampled_from([0, 0, 0, 1, 1, 5, 30, 60, 299, 300, 301, 900, -60])


@dataclass(frozen=True)
class Accepted:
    at: datetime
    price_before: int | None
    state: State


class EnglishAuction(RuleBasedStateMachine):
    @initialize(
        proxy=st.booleans(),
        grid=st.booleans(),
        reserve=st.sampled_from([None, START, 13_500]),
        hard_stop=st.sampled_from([None, 3600, 4000]),
    )
    def open(self, *, proxy: bool, grid: bool, reserve: int | None, hard_stop: int | None) -> None:
        closes = OPENS + timedelta(seconds=3600)
        stop = None if hard_stop is None else OPENS + timedelta(seconds=hard_stop)
        self.terms = Terms(
            auction_format="english",
            pack=rule_packs.load("open"),
            currency="CNY",
            start_price=START,
            increment=STEP,
            reserve_price=reserve,
            reference_price=None,
            deposit=None,
            opens_at=OPENS,
            closes_at=closes,
            options=Options(grid=Grid.MULTIPLE if grid else Grid.FREE, proxy=proxy, hard_stop_at=stop),
        )
        assert read_terms(write_terms(self.terms)) == self.terms
        self.state = begin(self.terms)
        self.reference = Reference(START, STEP, OPENS, closes, proxy, grid, stop, priorities=PRIORITIES)
        self.now = OPENS - timedelta(seconds=1)
        self.recorded: list[tuple[str, int]] = []
        self.ended: State | None = None

    def pass_time(self, seconds: int) -> None:
        """What the service does: a clock that steps back stands still."""
        self.now = max(self.now, self.now + timedelta(seconds=seconds))

    def decide(self, action: Action, who: str | None = None, amount: int | None = None) -> Decision:
        text = None if amount is None else decimal_text(amount, "CNY")
        bidder = Bidder(who, PRIORITIES[who]) if who else None
        decision = decide(self.terms, self.state, Event(self.now, action, who, text), bidder)
        if decision.reason is not None and decision.state.outcome is Outcome.OPEN:
            assert decision.state == self.state, "a refusal changes nothing"
        return decision

    @rule(who=bidders, raised=raises, pause=pauses, action=st.sampled_from([Action.BID, Action.PROXY]))
    def act(self, who: str, raised: int, pause: int, action: Action) -> None:
        self.pass_time(pause)
        before = self.state
        amount = max(0, (before.price or START) + raised)
        expected = self.reference.refusal(action, who, amount, self.now)
        decision = self.decide(action, who, amount)
        assert (str(decision.reason) if decision.reason else None) == expected
        if decision.reason is None:
            self.reference.apply(action, who, amount, self.now)
            self.check_accepted(action, who, amount, before, decision)
        self.state = decision.state

    def check_accepted(
        self, action: Action, who: str, amount: int, before: State, decision: Decision
    ) -> None:
        after, closes = decision.state, before.closes_at
        assert after.closes_at is not None
        assert closes is not None
        assert OPENS <= self.now < closes, "I4"
        assert after.closes_at >= closes, "I6"
        moved = after.price != before.price
        counts = action is Action.BID or moved
        stop = self.terms.options.hard_stop_at
        if counts and closes - self.now <= timedelta(seconds=300):
            wanted = self.now + timedelta(seconds=300)
            assert after.closes_at == max(closes, min(wanted, stop) if stop else wanted), "I6"
        else:
            assert after.closes_at == closes, "I6"
        new = [(who, amount)] if action is Action.BID else []
        new += [(bid.bidder, bid.amount) for bid in decision.automatic]
        self.recorded += new
        for bidder, bid in new:
            maximum = after.maxima.get(bidder)
            assert bid >= START, "I3"
            assert action is Action.BID or maximum is None or bid <= maximum.amount, "I10"
        if before.leader == who:
            assert (new, moved) == ([], False), "I10: never against oneself"
        if after.price is not None and before.price is not None:
            assert after.price >= before.price, "I2"
            if not moved:
                assert before.leader == who or PRIORITIES[after.leader or ""] is not None, "I2"

    @rule(who=bidders, raised=st.integers(1, 6), action=st.sampled_from([Action.BID, Action.PROXY]))
    def raise_in_time(self, who: str, raised: int, action: Action) -> None:
        """Most acts of real bidders: quick, and a whole number of raises."""
        self.act(who, raised * STEP, 2, action)

    @rule(pause=pauses, action=st.sampled_from([Action.RESUME, Action.RESUME, Action.SUSPEND, *[None] * 5]))
    def stop_or_go(self, pause: int, action: Action | None) -> None:
        """Seldom a suspension, sooner a resumption, mostly neither."""
        self.pass_time(pause)
        if action is None:
            action = Action.RESUME if self.reference.suspended else Action.BID
        if action is Action.BID:
            return
        ended, suspended = self.reference.ended(self.now), self.reference.suspended
        decision = self.decide(action)
        if ended:
            assert decision.reason is Reason.CLOSED
        elif action is Action.SUSPEND:
            assert (decision.reason is Reason.SUSPENDED) == (suspended is not None)
            self.reference.suspended = suspended or self.now
        elif suspended is None:
            assert decision.reason is Reason.NOT_ALLOWED_IN_STAGE
        else:
            assert decision.reason is None
            self.reference.closes += self.now - suspended
            self.reference.suspended = None
        self.state = decision.state

    @invariant()
    def agrees_with_the_reference(self) -> None:
        if not hasattr(self, "state"):
            return
        state, reference = self.state, self.reference
        assert (state.price, state.closes_at) == (reference.price, reference.closes)
        assert state.bids == len(reference.record) == len(self.recorded), "I1, I12"
        if state.outcome is Outcome.OPEN:
            assert state.leader == reference.leader

    @invariant()
    def the_leader_heads_the_ladder(self) -> None:
        if not hasattr(self, "state") or not self.state.standing:
            return
        rungs = ladder(self.state)
        assert rungs[0] == self.state.leader, "I8, I11"
        assert self.state.standing[rungs[0]].amount == self.state.price
        best = dict(self.recorded)
        assert {bidder: one.amount for bidder, one in self.state.standing.items()} == best

    @invariant()
    def is_stored_and_read_back_the_same(self) -> None:
        if hasattr(self, "state"):
            written = write_state(self.state)
            canonical_bytes(written)
            assert read_state(written) == self.state, "I15"

    @invariant()
    def ends_with_a_winner_or_a_reason(self) -> None:
        if not hasattr(self, "state"):
            return
        ended = conclude(self.terms, self.state)
        if self.state.suspended_at is not None:
            assert ended.outcome is Outcome.OPEN
            return
        assert (ended.winner is None) != (ended.reason is None), "I7"
        assert conclude(self.terms, ended) == ended, "I7"
        reserve = self.terms.reserve_price or 0
        sold = ended.price is not None and ended.price >= reserve and ended.bids > 0
        assert (ended.outcome is Outcome.SOLD) == sold, "I9"
        assert ended.winner in {None, self.state.leader}, "I8"


TestEnglishAuction = EnglishAuction.TestCase
# 700 auctions of up to 40 steps: above 20,000 steps together.
TestEnglishAuction.settings = settings(
    max_examples=examples(700),
    stateful_step_count=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
