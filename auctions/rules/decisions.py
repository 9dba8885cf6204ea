"""The one way in: every event of every format is decided here, live, in a rehearsal and in a replay.

The order of the checks is fixed: state of the auction, admission, form of the amount, stage, price.
"""

from dataclasses import replace
from datetime import datetime

from auctions.formats import FORMATS
from auctions.rules import (
    AFTER_CLOSE,
    CONTROL,
    WITH_AMOUNT,
    Action,
    Bidder,
    Decision,
    Event,
    Outcome,
    Phase,
    PhaseKind,
    Reason,
    State,
    Terms,
)
from auctions.rules.after_close import give_way, strike
from auctions.rules.control import control, extend
from marketplace.money import MalformedAmount, parse_minor


def begin(terms: Terms) -> State:
    """The state before the first event."""
    return FORMATS[terms.auction_format].begin(terms)


def advance(terms: Terms, state: State, now: datetime) -> State:
    """What time alone changes by `now`: the close, and whatever stages a format has.

    Where the amounts are sealed time decides nothing: the officers' opening does.
    """
    if state.outcome is not Outcome.OPEN or state.suspended_at is not None or state.concealed:
        return state
    return FORMATS[terms.auction_format].advance(terms, state, now)


def awaits_opening(state: State, now: datetime) -> bool:
    """Whether bidding is over but the sealed amounts are not known: until then only a cancellation counts."""
    if state.outcome is not Outcome.OPEN or state.suspended_at is not None or state.closes_at is None:
        return False
    return state.concealed and now >= state.closes_at


def due_at(terms: Terms, state: State) -> datetime | None:
    """When time alone next changes the auction; None when it has ended, is suspended, or never changes."""
    if state.outcome is not Outcome.OPEN or state.suspended_at is not None:
        return None
    return FORMATS[terms.auction_format].next_moment(terms, state)


def phase(terms: Terms, state: State, now: datetime, bidder: Bidder | None = None) -> Phase:
    """What is going on in an auction at `now`: for `bidder`, or for everybody where none is given.

    While the auction is suspended it shows the phase in which it stands still: nothing can be done, and
    nobody knows when anything ends.
    """
    state = advance(terms, state, now)
    if awaits_opening(state, now):
        return Phase(kind=PhaseKind.AWAITING_OPENING, hidden=True)
    asked = FORMATS[terms.auction_format].phase
    if state.outcome is not Outcome.OPEN or state.suspended_at is None:
        return asked(terms, state, now, bidder)
    still = asked(terms, state, state.suspended_at, bidder)
    return replace(still, suspended=True, ends_at=None, changes_at=None, actions=frozenset())


def conclude(terms: Terms, state: State) -> State:
    """The state when all time has passed. An auction left suspended stays open: nobody said how it ends."""
    return advance(terms, state, datetime.max.replace(tzinfo=terms.opens_at.tzinfo))


def decide(terms: Terms, state: State, event: Event, bidder: Bidder | None = None) -> Decision:
    """Decide one event at its moment; a refusal leaves the state as time alone made it.

    Args:
        terms: what was published.
        state: what came of all earlier events.
        event: what arrived; its moment was read after the auction's lock was held.
        bidder: who acts, for the actions of bidders.
    """
    state = advance(terms, state, event.at)
    if awaits_opening(state, event.at) and event.action is not Action.CANCEL:
        return Decision(Reason.CLOSED, state)
    if event.action is Action.EXTEND:
        return _answer(state, extend(terms, state, event.amount))
    if event.action in CONTROL:
        return _answer(state, control(state, event.action, event.at))
    if event.action is Action.GIVE_WAY:
        return _answer(state, give_way(state))
    if event.action in AFTER_CLOSE:
        return _answer(state, strike(terms, state, event.action, event.bidder))
    return _decide_bidding(terms, state, event, bidder)


def _answer(state: State, result: State | Reason) -> Decision:
    return Decision(result, state) if isinstance(result, Reason) else Decision(None, result)


def _decide_bidding(terms: Terms, state: State, event: Event, bidder: Bidder | None) -> Decision:
    auction_format = FORMATS[terms.auction_format]
    refused = refused_by_state(terms, state, event) or refused_by_admission(bidder)
    if refused or bidder is None:
        return Decision(refused, state)
    amount = None
    if event.action in WITH_AMOUNT:
        try:
            amount = parse_minor(event.amount or "", terms.currency)
        except MalformedAmount:
            return Decision(Reason.MALFORMED_AMOUNT, state)
        if bidder.headroom is not None and amount > bidder.headroom:
            return Decision(Reason.OVER_LIMIT, state, amount)
    placed = auction_format.refuse_in_stage(terms, state, event, bidder) or auction_format.place(
        terms, state, event, bidder, amount or 0
    )
    if isinstance(placed, Reason):
        return Decision(placed, state, amount)
    return Decision(None, placed.state, amount, placed.recorded)


def refused_by_state(terms: Terms, state: State, event: Event) -> Reason | None:
    """Whether the auction as such takes bids at the event's moment.

    An ended or cancelled auction is `closed` even before its opening moment, and a suspended one that has not
    opened yet is `not_open`; while it is suspended it does not close, so a bid then is `suspended`, however
    late.
    """
    auction_format = FORMATS[terms.auction_format]
    if state.outcome is not Outcome.OPEN:
        return None if auction_format.heard_after_end(terms, state, event) else Reason.CLOSED
    if event.at < auction_format.opening(terms, state) and not auction_format.bids_before_opening:
        return Reason.NOT_OPEN
    return Reason.SUSPENDED if state.suspended_at is not None else None


def refused_by_admission(bidder: Bidder | None) -> Reason | None:
    """Whether this bidder may bid at all: admitted, not barred, deposit held, asked in that order."""
    if bidder is None or not bidder.admitted:
        return Reason.NOT_ADMITTED
    if bidder.barred:
        return Reason.BARRED
    return None if bidder.deposit_held else Reason.NO_DEPOSIT
