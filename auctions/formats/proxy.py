"""Proxies: a hidden maximum for which the system bids the least amount that leads.

Without a bid that is the start price; otherwise the rival's maximum or bid plus one raise, at most the own
maximum. Of equal maxima the earlier leads, unless the later belongs to a stronger priority holder, who may
match. A maximum that is overtaken in one step stays hidden: its owner's best remains the last bid made for
it.
"""

from datetime import datetime

from auctions.formats.raises import step_at
from auctions.formats.record import effective_maximum, keep_maximum, lead, record
from auctions.rules import Bidder, Placed, RecordedBid, State, Terms, stronger


def place_maximum(terms: Terms, state: State, at: datetime, bidder: Bidder, maximum: int) -> Placed:
    """Take the maximum of somebody who does not lead, and bid for it; a rival's proxy may answer."""
    rival = state.leader
    state = keep_maximum(state, bidder.id, maximum)
    if rival is None:
        own = terms.start_price
    else:
        bound = effective_maximum(state, rival)
        own = min(maximum, bound + step_at(terms, bound))
    state = record(state, bidder, own, at, state.events)
    first = RecordedBid(bidder.id, own)
    answered = answer(terms, state, bidder, own, at)
    if answered is not None:
        return Placed(answered.state, (first, *answered.recorded))
    return Placed(lead(state, bidder.id, own), (first,))


def answer(terms: Terms, state: State, challenger: Bidder, amount: int, at: datetime) -> Placed | None:
    """The leader's automatic answer to a challenger's `amount`, or None where its maximum does not reach.

    The answer is one raise above what it answers, or the exact maximum where that is less.
    """
    rival = state.leader
    maximum = state.maxima.get(rival) if rival is not None else None
    if rival is None or maximum is None or maximum.amount < amount:
        return None
    priority_order = state.standing[rival].priority_order
    if maximum.amount == amount and stronger(challenger.priority_order, priority_order):
        return None
    own = min(maximum.amount, amount + step_at(terms, amount))
    state = record(state, Bidder(rival, priority_order), own, at, maximum.order)
    return Placed(lead(state, rival, own), (RecordedBid(rival, own),))
