"""The hybrid Dutch auction: a falling clock, then sealed bids of the others, then the taker's best bid.

Times of the stages are those of the auction's own clock (`auctions.formats.falling`).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from auctions.formats.dutch import clock_phase
from auctions.formats.falling import clock_faults, clock_length, clock_price, take
from auctions.formats.record import keep_amount, lead
from auctions.formats.windows import ended, waiting
from auctions.rules import (
    Action,
    Bidder,
    Event,
    Outcome,
    Phase,
    PhaseKind,
    Placed,
    Reason,
    State,
    Taken,
    Terms,
)
from auctions.rules.after_close import close
from auctions.rules.ladder import ladder

_IN_SEALED_STAGES = frozenset({Action.BID, Action.WITHDRAW})


class HybridDutch:
    """Rules: the take stops the clock; a sealed bid must beat it; the taker may beat the best of them.

    Until the sealed bids are opened, State.price and State.leader are those of the take, which all have seen.
    """

    bids_before_opening = False
    options = frozenset(
        {
            "step",
            "step_percent",
            "interval_seconds",
            "steps",
            "sealed_seconds",
            "best_bid_seconds",
            "best_bid_step",
            "best_bid_step_percent",
            "round",
        }
    )

    def faults(self, terms: Terms) -> list[tuple[str, str]]:
        found = clock_faults(terms)
        if terms.options.clock.best_bid_step < 1:
            found.append(("options.best_bid_step", "must come to at least one minor unit of the currency"))
        return found

    def begin(self, terms: Terms) -> State:
        return State(closes_at=terms.opens_at + clock_length(terms))

    def opening(self, terms: Terms, state: State) -> datetime:
        """A suspension moves the whole clock, its start too."""
        return terms.opens_at + state.moved

    def next_moment(self, _terms: Terms, state: State) -> datetime | None:
        return state.closes_at

    def heard_after_end(self, _terms: Terms, _state: State, _event: Event) -> bool:
        return False

    def advance(self, terms: Terms, state: State, now: datetime) -> State:
        """The clock runs out, the sealed bids are opened, the best bid's time ends."""
        if state.closes_at is None or now < state.closes_at:
            return state
        taken = state.taken
        if taken is None or taken.unsealed or len(state.standing) == 1:
            return close(terms, state)
        return self.advance(terms, _unseal(terms, state, taken, state.closes_at), now)

    def refuse_in_stage(self, _terms: Terms, state: State, event: Event, bidder: Bidder) -> Reason | None:
        """Before the take all may take; then all but the taker may bid; then only the taker."""
        if event.action is Action.PROXY:
            return Reason.PROXY_NOT_OFFERED
        taken = state.taken
        if event.action is Action.TAKE:
            return Reason.TAKEN if taken is not None else None
        if taken is None or event.action not in _IN_SEALED_STAGES:
            return Reason.NOT_ALLOWED_IN_STAGE
        return None if (bidder.id == taken.by) == taken.unsealed else Reason.NOT_ALLOWED_IN_STAGE

    def place(self, terms: Terms, state: State, event: Event, bidder: Bidder, amount: int) -> Placed | Reason:
        """The take, a sealed bid, a best bid, or one of these two withdrawn."""
        taken = state.taken
        if taken is None:
            if amount != clock_price(terms, state, event.at):
                return Reason.STALE_PRICE
            return Placed(_sealed_stage(terms, take(state, event, bidder, amount), event.at))
        if event.action is Action.WITHDRAW:
            return Placed(_withdraw(state, taken, bidder))
        if amount < _least(terms, state, taken):
            return Reason.BELOW_MINIMUM
        placed = keep_amount(state, bidder, amount, event.at)
        return Placed(lead(placed, bidder.id, amount) if taken.unsealed else placed)

    def phase(self, terms: Terms, state: State, now: datetime, bidder: Bidder | None) -> Phase:
        """What is bid after the take is hidden until it is opened; for ever after a cancellation."""
        taken = state.taken
        hidden = taken is not None and not taken.unsealed
        if state.outcome is not Outcome.OPEN:
            return replace(ended(state), hidden=hidden and state.outcome is Outcome.CANCELLED)
        if taken is None:
            opening = self.opening(terms, state)
            return clock_phase(terms, state, now) if now >= opening else waiting(terms, opening)
        may_bid = (bidder is not None and bidder.id == taken.by) == taken.unsealed
        return Phase(
            kind=PhaseKind.SEALED_BIDS if hidden else PhaseKind.BEST_BID,
            hidden=hidden,
            price=state.price,
            least=_least(terms, state, taken) if may_bid else None,
            ends_at=state.closes_at,
            turn_of=None if hidden else taken.by,
            actions=_IN_SEALED_STAGES if may_bid else frozenset(),
        )


def _sealed_stage(terms: Terms, state: State, taken_at: datetime) -> State:
    return replace(state, closes_at=taken_at + timedelta(seconds=terms.options.clock.sealed_seconds))


def _unseal(terms: Terms, state: State, taken: Taken, now: datetime) -> State:
    """Open the sealed bids: the best of them leads, and the taker's time begins."""
    best = _best_sealed(state, taken)
    closes_at = now + timedelta(seconds=terms.options.clock.best_bid_seconds)
    state = replace(state, closes_at=closes_at, taken=replace(taken, unsealed=True))
    return lead(state, best, state.standing[best].amount)


def _best_sealed(state: State, taken: Taken) -> str:
    return next(bidder for bidder in ladder(state) if bidder != taken.by)


def _least(terms: Terms, state: State, taken: Taken) -> int:
    """A sealed bid beats the take by any amount; the best bid beats the best sealed one by its step."""
    if not taken.unsealed:
        return taken.price + 1
    return state.standing[_best_sealed(state, taken)].amount + terms.options.clock.best_bid_step


def _withdraw(state: State, taken: Taken, bidder: Bidder) -> State:
    """A withdrawn sealed bid is gone; the taker falls back to the take. Nothing to withdraw is no fault."""
    if taken.unsealed:
        standing = {**state.standing, taken.by: taken.take}
        best = _best_sealed(state, taken)
        return lead(replace(state, standing=standing), best, standing[best].amount)
    return replace(state, standing={name: one for name, one in state.standing.items() if name != bidder.id})
