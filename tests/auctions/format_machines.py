"""State machines that bid at random in one format and compare every answer with a naive second auction.

Each subclass says which terms it draws and which naive auction it is compared with.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from auctions.rules import Action, Bidder, Decision, Event, Options, Outcome, State, Terms
from auctions.rules.decisions import advance, begin, conclude, decide, due_at, phase
from auctions.rules.ladder import ladder
from auctions.scenarios.scenario import decide_all
from auctions.written.state_json import read_state, write_state
from marketplace.rule_packs import load

from .reference_stages import Naive

OPENS = datetime(2026, 5, 11, 10, 0, tzinfo=UTC)
PRIORITIES: dict[str, int | None] = {"A": None, "B": 2, "C": None}
BIDDERS = {name: Bidder(name, order) for name, order in PRIORITIES.items()}
MICROSECOND = timedelta(microseconds=1)
STEPS: Counter[str] = Counter()

names = st.sampled_from(sorted(BIDDERS))
amounts = st.integers(0, 9)
# Turns last ten seconds, pauses five: many acts come at a boundary and a microsecond before it.
pauses = st.sampled_from([0, 0, 0, 1_000_000, 2_500_000, 4_999_999, 5_000_000, 10_000_000, 30_000_000])
packs = st.sampled_from(["open", "cn-court"])


def terms_for(auction_format: str, pack: str, options: Options, **values: Any) -> Terms:
    usual: dict[str, Any] = {"increment": None, "reserve_price": None, "closes_at": None, "start_price": 1000}
    return Terms(
        auction_format=auction_format,
        pack=load(pack),
        currency="CNY",
        reference_price=None,
        deposit=None,
        opens_at=OPENS,
        options=options,
        **(usual | values),
    )


class FormatMachine(RuleBasedStateMachine):
    """Bids, waits, stops and resumes; subclasses set `terms` and `naive` in `draw`."""

    name = ""
    starts_before = 10
    usual_action = Action.BID
    actions: tuple[Action, ...] = (Action.BID,) * 7 + (Action.PASS, Action.TAKE, Action.PROXY)

    @initialize(data=st.data(), pack=packs)
    def begin_auction(self, data: st.DataObject, pack: str) -> None:
        self.terms, self.naive = self.draw(data, pack)
        self.state, self.now = begin(self.terms), OPENS - timedelta(seconds=self.starts_before)
        self.events: list[Event] = []
        self.answers: list[str] = []

    def draw(self, data: st.DataObject, pack: str) -> tuple[Terms, Naive]:
        raise NotImplementedError

    def interesting(self, who: str, found: int) -> int:
        """An amount near one that matters: the start, the price, one's own, the least that is taken."""
        shown = phase(self.terms, self.state, self.now, BIDDERS[who])
        own = self.state.standing.get(who)
        places = (shown.least, shown.price, own and own.amount, self.terms.start_price)
        near = places[found // 3] if found < 9 else shown.least
        return max((near or self.terms.start_price) + (found % 3 - 1) * (1 if found < 6 else 150), 0)

    def decide(self, action: Action, who: str | None = None, amount: int | None = None) -> Decision:
        """Decide the event, with what must hold of every decision."""
        STEPS[self.name] += 1
        text = None if amount is None else f"{amount // 100}.{amount % 100:02d}"
        event = Event(self.now, action, who, text)
        waited = advance(self.terms, self.state, self.now)
        bidder = BIDDERS[who] if who and action not in {Action.DEFAULT, Action.DISQUALIFY} else None
        decision = decide(self.terms, self.state, event, bidder)
        assert decision == decide(self.terms, waited, event, bidder), "time may pass in two steps"
        if decision.reason is not None:
            assert decision.state == waited, "a refusal changes nothing"
        self.events.append(event)
        self.answers.append(str(decision))
        self.state = decision.state
        return decision

    @rule(who=names, found=amounts, data=st.data(), pause=pauses)
    def act(self, who: str, found: int, data: st.DataObject, pause: int) -> None:
        self.now += timedelta(microseconds=pause)
        action, amount = data.draw(st.sampled_from(self.actions)), self.interesting(who, found)
        self.bid(who, action, amount)

    @rule(who=names, pause=pauses)
    def act_well(self, who: str, pause: int) -> None:
        """What the phase says is possible must be taken, at the least it names; that is how most bid."""
        self.now += timedelta(microseconds=pause)
        shown = phase(self.terms, self.state, self.now, BIDDERS[who])
        action = Action.TAKE if Action.TAKE in shown.actions else self.usual_action
        decision = self.bid(who, action, shown.least or self.terms.start_price)
        if action in shown.actions and shown.least is not None:
            assert decision.reason is None, "a phase offers what is refused"
        elif action not in shown.actions:
            assert decision.reason is not None, "a phase does not offer what is taken"

    def bid(self, who: str, action: Action, amount: int) -> Decision:
        with_amount = action in {Action.BID, Action.TAKE, Action.PROXY}
        expected = self.naive.refusal(str(action), who, amount, self.now)
        decision = self.decide(action, who, amount if with_amount else None)
        assert (decision.reason and str(decision.reason)) == expected
        if expected is None:
            self.naive.apply(str(action), who, amount, self.now)
        return decision

    @rule(pause=pauses, wanted=st.sampled_from(["go", "go", "go", "stop", "cancel", *["wait"] * 9]))
    def stop_or_go(self, pause: int, wanted: str) -> None:
        """Seldom a suspension, sooner a resumption, hardly ever a cancellation, mostly a wait."""
        self.now += timedelta(microseconds=pause)
        stopped, ended = self.naive.stopped, self.naive.cancelled or self.naive.ended(self.now)
        if wanted == "stop" and stopped is None:
            accepted = self.decide(Action.SUSPEND).reason is None
            assert accepted is not ended
            self.naive.stopped = self.now if accepted else None
        elif wanted == "go" or (wanted == "wait" and stopped is not None):
            accepted = self.decide(Action.RESUME).reason is None
            assert accepted == (stopped is not None and not ended)
            if accepted:
                self.naive.resume(self.now)
        elif wanted == "cancel" and not ended and len(self.events) > 15:
            assert self.decide(Action.CANCEL).reason is None
            self.naive.cancelled, self.naive.stopped = True, None

    @rule(action=st.sampled_from([Action.DEFAULT, Action.DISQUALIFY]))
    def strike_the_winner(self, action: Action) -> None:
        outcome, winner, *_ = self.naive.result(self.now)
        if outcome == "sold" and winner is not None:
            assert self.decide(action, winner).reason is None
            self.naive.struck.append(winner)

    @invariant()
    def agrees_with_the_naive_one(self) -> None:
        if not hasattr(self, "state"):
            return
        state = advance(self.terms, self.state, self.now)
        outcome, winner, price, reason = self.naive.result(self.now)
        assert (str(state.outcome), state.winner) == (outcome, winner)
        assert (state.reason and str(state.reason)) == reason
        assert state.bids == self.naive.bids()
        if outcome == "sold":
            assert (state.price, state.leader) == (price, winner)
            rows = self.naive.valid_rows()
            assert list(ladder(state)) == self.naive.ladder(rows), "the winner is the best valid bid"
        if outcome == "open":
            assert (state.price, state.leader) == self.naive.shown(self.now)
        if outcome in {"sold", "unsold"}:
            assert state.closes_at == self.naive.end() + self.naive.lost

    @invariant()
    def is_stored_and_read_back_the_same(self) -> None:
        if hasattr(self, "state"):
            assert read_state(write_state(self.state)) == self.state

    @invariant()
    def time_passes_in_any_steps(self) -> None:
        """To the next moment, to a microsecond before it, or far beyond: the order of steps is nothing."""
        if not hasattr(self, "state"):
            return
        due, far = due_at(self.terms, self.state), self.now + timedelta(seconds=97)
        assert (due is None) == (self.state.outcome is not Outcome.OPEN or self.naive.stopped is not None)
        in_steps = advance(self.terms, self.state, self.now)
        if due is not None and self.now < due:
            assert advance(self.terms, in_steps, due - MICROSECOND) == in_steps, "nothing before it is due"
            in_steps = advance(self.terms, in_steps, due)
        if due is None or due <= far:
            assert advance(self.terms, in_steps, far) == advance(self.terms, self.state, far)

    @invariant()
    def hides_what_is_sealed(self) -> None:
        if not hasattr(self, "state"):
            return
        shown = phase(self.terms, self.state, self.now)
        taken = self.state.taken
        if shown.hidden:
            assert shown.price == (taken.price if taken and self.state.outcome is Outcome.OPEN else None)
            assert self.state.leader == (taken.by if taken else None)

    def teardown(self) -> None:
        """A replay of the events gives the same answers and the same state; its end is an end."""
        if not hasattr(self, "state"):
            return
        decisions, state = decide_all(self.terms, BIDDERS, self.events)
        assert [str(decision) for decision in decisions] == self.answers
        assert state == self.state
        ended: State = conclude(self.terms, state)
        assert conclude(self.terms, ended) == ended
        assert ended.outcome is not Outcome.OPEN or state.suspended_at is not None
