"""Sealed bids: all bid unseen, the last amount of each counts, the best wins at its own or the next price."""

from dataclasses import replace
from datetime import datetime

from auctions.formats.record import keep_amount
from auctions.formats.windows import begin_with_end, end_faults, ended, waiting
from auctions.rules import (
    Action,
    Bidder,
    Event,
    Outcome,
    Phase,
    PhaseKind,
    Placed,
    Pricing,
    Reason,
    State,
    Terms,
)
from auctions.rules.after_close import close, sold_at
from auctions.rules.ladder import ladder


class Sealed:
    """Rules: first-price and second-price (Vickrey) sealed bids.

    State.price and State.leader stay empty until the close, so that nothing that shows them can leak.
    """

    bids_before_opening = False
    options = frozenset({"pricing", "round"})

    def faults(self, terms: Terms) -> list[tuple[str, str]]:
        return end_faults(terms, "sealed bids need one")

    def begin(self, terms: Terms) -> State:
        return begin_with_end(terms)

    def opening(self, terms: Terms, _state: State) -> datetime:
        return terms.opens_at

    def next_moment(self, _terms: Terms, state: State) -> datetime | None:
        return state.closes_at

    def heard_after_end(self, _terms: Terms, _state: State, _event: Event) -> bool:
        return False

    def advance(self, terms: Terms, state: State, now: datetime) -> State:
        """At the end the bids are opened."""
        if state.closes_at is None or now < state.closes_at:
            return state
        closed = close(terms, state)
        if closed.winner is None or terms.options.pricing is Pricing.FIRST:
            return closed
        return sold_at(closed, second_price(terms, closed))

    def refuse_in_stage(self, _terms: Terms, _state: State, event: Event, _bidder: Bidder) -> Reason | None:
        if event.action is Action.PROXY:
            return Reason.PROXY_NOT_OFFERED
        return None if event.action is Action.BID else Reason.NOT_ALLOWED_IN_STAGE

    def place(self, terms: Terms, state: State, event: Event, bidder: Bidder, amount: int) -> Placed | Reason:
        """Keep the amount; no other bid matters before the close."""
        if amount < terms.start_price:
            return Reason.BELOW_START
        return Placed(keep_amount(state, bidder, amount, event.at))

    def phase(self, terms: Terms, state: State, now: datetime, _bidder: Bidder | None) -> Phase:
        """Hidden until the bids are opened; those of an auction that is cancelled never are."""
        if state.outcome is not Outcome.OPEN:
            return replace(ended(state), hidden=state.outcome is Outcome.CANCELLED)
        if now < terms.opens_at:
            return replace(waiting(terms, terms.opens_at), hidden=True)
        return Phase(
            kind=PhaseKind.SEALED_BIDS,
            hidden=True,
            least=terms.start_price,
            ends_at=state.closes_at,
            actions=frozenset({Action.BID}),
        )


def second_price(terms: Terms, state: State) -> int:
    """The larger of the second-best amount and the start price, or the reserve where one is set."""
    amounts = [state.standing[bidder].amount for bidder in ladder(state)[1:2]]
    return max([terms.start_price, terms.reserve_price or 0, *amounts])
