"""The English auction: open ascending bids, soft close, priority holders, proxies, reserve.

`Placed.recorded` holds the bids the system made; a bid by hand is the journal's own entry and is not
repeated.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from auctions.formats.proxy import answer, place_maximum
from auctions.formats.raises import least_next, step_at
from auctions.formats.record import effective_maximum, keep_maximum, lead, record
from auctions.formats.windows import begin_with_end, end_faults, ended, waiting
from auctions.rules import (
    Action,
    Bidder,
    Event,
    Grid,
    Outcome,
    Phase,
    PhaseKind,
    Placed,
    Reason,
    State,
    Terms,
    stronger,
)
from auctions.rules.after_close import close


class English:
    """Rules: 法释〔2016〕18号 arts. 11, 20 and 21; common proxy bidding."""

    bids_before_opening = False
    options = frozenset(
        {
            "grid",
            "proxy",
            "extension_window_seconds",
            "extension_seconds",
            "hard_stop_at",
            "increment_table",
            "round",
        }
    )

    def faults(self, terms: Terms) -> list[tuple[str, str]]:
        """An English auction needs an end after its opening and one kind of raise."""
        found = end_faults(terms, "an english auction needs one")
        if not terms.increment and not terms.options.increment_table:
            found.append(("increment", "must be above zero unless there is an increment_table"))
        if terms.options.increment_table and terms.options.grid is Grid.MULTIPLE:
            found.append(("options.grid", "multiple needs one increment, not an increment_table"))
        return found

    def begin(self, terms: Terms) -> State:
        return begin_with_end(terms)

    def opening(self, terms: Terms, _state: State) -> datetime:
        return terms.opens_at

    def next_moment(self, _terms: Terms, state: State) -> datetime | None:
        return state.closes_at

    def heard_after_end(self, _terms: Terms, _state: State, _event: Event) -> bool:
        return False

    def advance(self, terms: Terms, state: State, now: datetime) -> State:
        """The end itself is already too late for a bid."""
        due = state.closes_at is not None and now >= state.closes_at
        return close(terms, state) if due else state

    def refuse_in_stage(self, terms: Terms, _state: State, event: Event, _bidder: Bidder) -> Reason | None:
        if event.action is Action.PROXY:
            return None if terms.options.proxy else Reason.PROXY_NOT_OFFERED
        return None if event.action is Action.BID else Reason.NOT_ALLOWED_IN_STAGE

    def place(self, terms: Terms, state: State, event: Event, bidder: Bidder, amount: int) -> Placed | Reason:
        """Check the price and apply the bid or the maximum."""
        if state.leader == bidder.id:
            return _act_of_leader(terms, state, event, bidder, amount)
        if refused := refused_by_price(terms, state, bidder, amount):
            return refused
        if event.action is Action.BID:
            placed = _bid(terms, state, event.at, bidder, amount)
        else:
            placed = place_maximum(terms, state, event.at, bidder, amount)
        if event.action is Action.PROXY and placed.state.price == state.price:
            return placed
        return replace(placed, state=extend(terms, placed.state, event.at))

    def phase(self, terms: Terms, state: State, now: datetime, bidder: Bidder | None) -> Phase:
        if state.outcome is not Outcome.OPEN:
            return ended(state)
        if now < terms.opens_at:
            return waiting(terms, terms.opens_at)
        leads = bidder is not None and bidder.id == state.leader
        proxy = frozenset({Action.PROXY}) if terms.options.proxy else frozenset()
        return Phase(
            kind=PhaseKind.BIDDING,
            price=state.price,
            least=None if leads else least_for(terms, state, bidder),
            ends_at=state.closes_at,
            actions=proxy if leads else proxy | {Action.BID},
        )


def least_for(terms: Terms, state: State, bidder: Bidder | None) -> int:
    """The least amount somebody who does not lead could bid: a stronger priority holder may match."""
    if state.leader is not None and state.price is not None and bidder is not None:
        leader = state.standing[state.leader]
        if stronger(bidder.priority_order, leader.priority_order):
            return state.price
    return least_next(terms, state)


def _act_of_leader(terms: Terms, state: State, event: Event, bidder: Bidder, amount: int) -> Placed | Reason:
    """The leader may only leave a higher maximum, which changes neither price nor end."""
    if event.action is Action.BID:
        return Reason.ALREADY_LEADING
    if amount < effective_maximum(state, bidder.id):
        return Reason.LOWER_THAN_MAXIMUM
    if _off_grid(terms, amount):
        return Reason.OFF_GRID
    return Placed(keep_maximum(state, bidder.id, amount))


def refused_by_price(terms: Terms, state: State, bidder: Bidder, amount: int) -> Reason | None:
    """Why somebody who does not lead may not bid, or leave as maximum, this amount.

    A priority holder may match the current price exactly when the leader is weaker in priority (art. 21).
    """
    least = least_next(terms, state)
    if state.price is None or state.leader is None:
        if amount < least:
            return Reason.BELOW_START
    elif amount < least:
        leader = state.standing[state.leader]
        if amount != state.price or not stronger(bidder.priority_order, leader.priority_order):
            return Reason.BELOW_MINIMUM
    return Reason.OFF_GRID if _off_grid(terms, amount) else None


def _off_grid(terms: Terms, amount: int) -> bool:
    """On a grid every bid and every maximum lies a whole number of increments above the start price."""
    step = step_at(terms, amount)
    return terms.options.grid is Grid.MULTIPLE and (amount - terms.start_price) % step != 0


def _bid(terms: Terms, state: State, at: datetime, bidder: Bidder, amount: int) -> Placed:
    """A bid by hand leads unless the leader's hidden maximum answers it."""
    order = state.events + 1
    state = replace(record(state, bidder, amount, at, order), events=order)
    return answer(terms, state, bidder, amount, at) or Placed(lead(state, bidder.id, amount))


def extend(terms: Terms, state: State, at: datetime) -> State:
    """Soft close: a bid at most the window before the end, the window itself included, sets a new end.

    The new end lies `extension_seconds` after the bid, never beyond the hard stop and never before the old
    end.
    """
    options, closes_at = terms.options, state.closes_at
    if closes_at is None or closes_at - at > timedelta(seconds=options.extension_window_seconds):
        return state
    proposed = at + timedelta(seconds=options.extension_seconds)
    if options.hard_stop_at is not None:
        proposed = min(proposed, options.hard_stop_at)
    return replace(state, closes_at=max(closes_at, proposed))
