"""State as JSON and back: integers, texts and lists only, so that its digest has one spelling."""

from collections.abc import Mapping
from typing import Any

from auctions.rules import (
    EndReason,
    Maximum,
    NextRound,
    NextRoundKind,
    Outcome,
    Standing,
    State,
)
from marketplace.clock import moment_text, parse_moment


def write_state(state: State) -> dict[str, Any]:
    """The state as JSON values. It holds the hidden maxima: never show it as a whole."""
    return {
        "closes_at": state.closes_at and moment_text(state.closes_at),
        "suspended_at": state.suspended_at and moment_text(state.suspended_at),
        "outcome": str(state.outcome),
        "reason": state.reason and str(state.reason),
        "price": state.price,
        "leader": state.leader,
        "winner": state.winner,
        "standing": {
            bidder: [best.amount, moment_text(best.at), best.order, best.priority_order]
            for bidder, best in state.standing.items()
        },
        "maxima": {bidder: [maximum.amount, maximum.order] for bidder, maximum in state.maxima.items()},
        "bids": state.bids,
        "events": state.events,
        "struck": list(state.struck),
        "forfeited": list(state.forfeited),
        "next_round": state.next_round and _write_next_round(state.next_round),
    }


def _write_next_round(next_round: NextRound) -> dict[str, Any]:
    return {
        "kind": str(next_round.kind),
        "least_start_price": next_round.least_start_price,
        "start_price": next_round.start_price,
        "barred": list(next_round.barred),
    }


def read_state(raw: Mapping[str, Any]) -> State:
    """The inverse of `write_state`."""
    following = raw["next_round"]
    return State(
        closes_at=raw["closes_at"] and parse_moment(raw["closes_at"]),
        suspended_at=raw["suspended_at"] and parse_moment(raw["suspended_at"]),
        outcome=Outcome(raw["outcome"]),
        reason=raw["reason"] and EndReason(raw["reason"]),
        price=raw["price"],
        leader=raw["leader"],
        winner=raw["winner"],
        standing={
            bidder: Standing(amount, parse_moment(at), order, priority_order)
            for bidder, (amount, at, order, priority_order) in raw["standing"].items()
        },
        maxima={bidder: Maximum(*maximum) for bidder, maximum in raw["maxima"].items()},
        bids=raw["bids"],
        events=raw["events"],
        struck=tuple(raw["struck"]),
        forfeited=tuple(raw["forfeited"]),
        next_round=following and _read_next_round(following),
    )


def _read_next_round(raw: Mapping[str, Any]) -> NextRound:
    barred = tuple(raw["barred"])
    return NextRound(NextRoundKind(raw["kind"]), raw["least_start_price"], raw["start_price"], barred)
