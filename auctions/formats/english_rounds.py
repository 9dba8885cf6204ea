"""The English auction in rounds: sealed initial bids, then turns, the lowest speaking first.

There is no common last moment at which to snipe. Times of the turns are those of the auction's own clock,
which stands still while the auction is suspended: the real time less `State.moved`.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from auctions.formats.record import keep_amount, lead
from auctions.formats.windows import ended, schedule_faults
from auctions.rules import (
    Action,
    Bidder,
    Event,
    Outcome,
    Phase,
    PhaseKind,
    Placed,
    Reason,
    Standing,
    State,
    Terms,
    Threshold,
    Turns,
)
from auctions.rules.after_close import close
from auctions.rules.ladder import ladder

_IN_TURN = frozenset({Action.BID, Action.WITHDRAW, Action.PASS})


class EnglishRounds:
    """Rules: the three-round English auction of bank-asset sales.

    State.price and State.leader stay empty until the opening: the initial bids are sealed.
    """

    bids_before_opening = True
    options = frozenset(
        {"rounds", "turn_seconds", "first_pause_seconds", "pause_seconds", "threshold", "round"}
    )

    def faults(self, terms: Terms) -> list[tuple[str, str]]:
        found = schedule_faults(terms)
        if not terms.increment:
            found.append(("increment", "must be above zero"))
        return found

    def begin(self, _terms: Terms) -> State:
        """Nobody knows the end before it is known how many bid."""
        return State(closes_at=None)

    def opening(self, terms: Terms, state: State) -> datetime:
        """A suspension moves the whole schedule, its start too."""
        return terms.opens_at + state.moved

    def next_moment(self, terms: Terms, state: State) -> datetime | None:
        """The opening, then the end of every pause and turn."""
        if state.turns is None:
            return self.opening(terms, state)
        return _turn_ends(terms, state, state.turns) if state.turns.order else state.closes_at

    def heard_after_end(self, _terms: Terms, _state: State, _event: Event) -> bool:
        return False

    def advance(self, terms: Terms, state: State, now: datetime) -> State:
        """Open the initial bids; then let pauses, turns and rounds pass; at the end, judge."""
        if state.turns is None:
            if now < self.opening(terms, state):
                return state
            state = _open(terms, state)
        if state.closes_at is not None and now >= state.closes_at:
            over = Turns(terms.options.turns.rounds, None, ())
            return close(terms, replace(_only_valid(terms, state), turns=over))
        return _move_on(terms, state, state.turns, now) if state.turns else state

    def refuse_in_stage(self, _terms: Terms, state: State, event: Event, bidder: Bidder) -> Reason | None:
        """Before the opening only bids; in a pause nothing; then only the bidder whose turn it is."""
        if event.action is Action.PROXY:
            return Reason.PROXY_NOT_OFFERED
        turns = state.turns
        if turns is None:
            return None if event.action is Action.BID else Reason.NOT_ALLOWED_IN_STAGE
        if turns.turn is None or event.action not in _IN_TURN:
            return Reason.NOT_ALLOWED_IN_STAGE
        return None if turns.order[turns.turn] == bidder.id else Reason.NOT_YOUR_TURN

    def place(self, terms: Terms, state: State, event: Event, bidder: Bidder, amount: int) -> Placed | Reason:
        """An initial bid, or what a bidder does in its turn; passing does nothing."""
        turns = state.turns
        if turns is None:
            if amount < terms.start_price:
                return Reason.BELOW_START
            return Placed(keep_amount(state, bidder, amount, event.at))
        if event.action is Action.PASS:
            return Placed(state)
        held = turns.held or state.standing[bidder.id]
        if event.action is Action.WITHDRAW:
            standing = {**state.standing, bidder.id: held}
            return Placed(_show(replace(state, standing=standing, turns=replace(turns, held=None))))
        if amount < held.amount + (terms.increment or 0):
            return Reason.BELOW_MINIMUM
        state = replace(state, turns=replace(turns, held=held))
        return Placed(_show(keep_amount(state, bidder, amount, event.at)))

    def phase(self, terms: Terms, state: State, _now: datetime, bidder: Bidder | None) -> Phase:
        """The initial bids are hidden until the opening, and for ever when it is cancelled before."""
        turns = state.turns
        if state.outcome is not Outcome.OPEN:
            return replace(ended(state), hidden=turns is None and state.outcome is Outcome.CANCELLED)
        if turns is None:
            return _initial_phase(terms, self.opening(terms, state))
        in_turn = turns.turn is not None
        speaker = turns.order[turns.turn] if turns.turn is not None else None
        asked = speaker is not None and bidder is not None and bidder.id == speaker
        held = turns.held or (state.standing[speaker] if speaker is not None else None)
        return Phase(
            kind=PhaseKind.TURN if in_turn else PhaseKind.PAUSE,
            price=state.price,
            least=held.amount + (terms.increment or 0) if asked and held is not None else None,
            ends_at=self.next_moment(terms, state),
            turn_of=speaker,
            round=turns.round,
            actions=_IN_TURN if asked else frozenset(),
        )


def _initial_phase(terms: Terms, opening: datetime) -> Phase:
    return Phase(
        kind=PhaseKind.INITIAL_BIDS,
        hidden=True,
        least=terms.start_price,
        ends_at=opening,
        actions=frozenset({Action.BID}),
    )


def _show(state: State) -> State:
    """Let the head of the ladder lead; without bids nobody does."""
    best = ladder(state)
    return lead(state, best[0], state.standing[best[0]].amount) if best else state


def _speaking_order(state: State) -> tuple[str, ...]:
    """The lowest amount first; of equal ones the later, so that the earlier keeps the last word."""
    upwards = sorted(state.standing, key=lambda name: _lateness(state.standing[name]), reverse=True)
    return tuple(sorted(upwards, key=lambda name: state.standing[name].amount))


def _lateness(standing: Standing) -> tuple[datetime, int]:
    return standing.at, standing.order


def _open(terms: Terms, state: State) -> State:
    times, count = terms.options.turns, len(state.standing)
    pauses = times.first_pause_seconds + (times.rounds - 1) * times.pause_seconds
    length = timedelta(seconds=pauses + times.rounds * count * times.turn_seconds)
    turns = Turns(1, None, _speaking_order(state))
    return _show(replace(state, turns=turns, closes_at=terms.opens_at + state.moved + length))


def _move_on(terms: Terms, state: State, turns: Turns, now: datetime) -> State:
    """Turn to the bidder, or the pause, of this moment. A new round orders the bidders anew."""
    number, turn = _position(terms, state, len(turns.order), now)
    if (number, turn) == (turns.round, turns.turn):
        return state
    order = turns.order if number == turns.round else _speaking_order(state)
    return replace(state, turns=Turns(number, turn, order))


def _position(terms: Terms, state: State, count: int, now: datetime) -> tuple[int, int | None]:
    """Round and turn at a moment before the end; no turn in a pause, which belongs to the round after it."""
    times = terms.options.turns
    passed = now - state.moved - terms.opens_at - timedelta(seconds=times.first_pause_seconds)
    if passed < timedelta(0) or count == 0:
        return 1, None
    turn, speaking = timedelta(seconds=times.turn_seconds), timedelta(seconds=times.turn_seconds * count)
    rounds, within = divmod(passed, speaking + timedelta(seconds=times.pause_seconds))
    return (rounds + 1, within // turn) if within < speaking else (rounds + 2, None)


def _turn_ends(terms: Terms, state: State, turns: Turns) -> datetime:
    """When this turn or pause ends."""
    times, count = terms.options.turns, len(turns.order)
    earlier = (turns.round - 1) * (count * times.turn_seconds + times.pause_seconds)
    within = 0 if turns.turn is None else (turns.turn + 1) * times.turn_seconds
    seconds = times.first_pause_seconds + earlier + within
    return terms.opens_at + state.moved + timedelta(seconds=seconds)


def _only_valid(terms: Terms, state: State) -> State:
    """With a threshold, what does not reach it at the end is no valid bid."""
    if terms.options.turns.threshold is Threshold.NONE:
        return state
    least = terms.start_price + (terms.increment or 0)
    valid = {name: one for name, one in state.standing.items() if one.amount >= least}
    return replace(state, standing=valid)
