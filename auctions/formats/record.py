"""Putting bids into the state."""

from dataclasses import replace
from datetime import datetime

from auctions.rules import Bidder, Maximum, Standing, State


def record(state: State, bidder: Bidder, amount: int, at: datetime, order: int) -> State:
    """Count a bid and keep it as the bidder's own best; `order` is when it was committed to."""
    best = Standing(amount, at, order, bidder.priority_order)
    return replace(state, bids=state.bids + 1, standing={**state.standing, bidder.id: best})


def keep_amount(state: State, bidder: Bidder, amount: int, at: datetime) -> State:
    """Count a bid of which the last one counts; the same amount again keeps its place in time."""
    order, known = state.events + 1, state.standing.get(bidder.id)
    if known is not None and known.amount == amount:
        return replace(state, events=order, bids=state.bids + 1)
    return record(replace(state, events=order), bidder, amount, at, order)


def lead(state: State, bidder: str, price: int) -> State:
    """Make the bidder leader at the price."""
    return replace(state, leader=bidder, price=price)


def keep_maximum(state: State, bidder: str, amount: int) -> State:
    """Keep a proxy's maximum; leaving the same one again does not lose its place in time."""
    order, known = state.events + 1, state.maxima.get(bidder)
    if known is not None and known.amount == amount:
        return replace(state, events=order)
    return replace(state, events=order, maxima={**state.maxima, bidder: Maximum(amount, order)})


def effective_maximum(state: State, bidder: str) -> int:
    """How far a bidder with a bid has bound itself: its maximum, or its own best bid where that is more."""
    maximum = state.maxima.get(bidder)
    return max(state.standing[bidder].amount, maximum.amount if maximum else 0)
