"""The Dutch auction: the price falls by the clock, and the first to take it has it."""

from dataclasses import replace
from datetime import datetime

from auctions.formats.falling import clock_faults, clock_length, clock_price, next_fall, own_time, take
from auctions.formats.windows import ended, waiting
from auctions.rules import Action, Bidder, Event, Outcome, Phase, PhaseKind, Placed, Reason, State, Terms
from auctions.rules.after_close import close


class Dutch:
    """Rules: a falling clock; a take carries exactly the price of its moment."""

    bids_before_opening = False
    options = frozenset({"step", "step_percent", "interval_seconds", "steps", "round"})

    def faults(self, terms: Terms) -> list[tuple[str, str]]:
        return clock_faults(terms)

    def begin(self, terms: Terms) -> State:
        return State(closes_at=terms.opens_at + clock_length(terms))

    def opening(self, terms: Terms, state: State) -> datetime:
        """A suspension moves the whole clock, its start too."""
        return terms.opens_at + state.moved

    def next_moment(self, _terms: Terms, state: State) -> datetime | None:
        return state.closes_at

    def heard_after_end(self, terms: Terms, state: State, event: Event) -> bool:
        """Whoever takes while the clock would still run hears that the lot is taken."""
        running = own_time(state, event.at) < terms.opens_at + clock_length(terms)
        return event.action is Action.TAKE and state.taken is not None and running

    def advance(self, terms: Terms, state: State, now: datetime) -> State:
        """No take by the end of the last price: nobody has bid."""
        return close(terms, state) if state.closes_at is not None and now >= state.closes_at else state

    def refuse_in_stage(self, _terms: Terms, state: State, event: Event, _bidder: Bidder) -> Reason | None:
        if event.action is Action.PROXY:
            return Reason.PROXY_NOT_OFFERED
        if event.action is not Action.TAKE:
            return Reason.NOT_ALLOWED_IN_STAGE
        return Reason.TAKEN if state.taken is not None else None

    def place(self, terms: Terms, state: State, event: Event, bidder: Bidder, amount: int) -> Placed | Reason:
        """The take is the hammer: the auction ends at that moment."""
        if amount != clock_price(terms, state, event.at):
            return Reason.STALE_PRICE
        return Placed(close(terms, replace(take(state, event, bidder, amount), closes_at=event.at)))

    def phase(self, terms: Terms, state: State, now: datetime, _bidder: Bidder | None) -> Phase:
        if state.outcome is not Outcome.OPEN:
            return ended(state)
        opening = self.opening(terms, state)
        return clock_phase(terms, state, now) if now >= opening else waiting(terms, opening)


def clock_phase(terms: Terms, state: State, now: datetime) -> Phase:
    """The clock for everybody: its price is what a take must carry."""
    price = clock_price(terms, state, now)
    return Phase(
        kind=PhaseKind.CLOCK,
        price=price,
        least=price,
        ends_at=terms.opens_at + state.moved + clock_length(terms),
        changes_at=next_fall(terms, state, now),
        actions=frozenset({Action.TAKE}),
    )
