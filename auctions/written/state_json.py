"""State as JSON and back: integers, texts and lists only, so that its digest has one spelling."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from auctions.rules import (
    EndReason,
    Maximum,
    NextRound,
    NextRoundKind,
    Outcome,
    Standing,
    State,
    Taken,
    Turns,
)
from marketplace.clock import moment_text, parse_moment


def write_state(state: State) -> dict[str, Any]:
    """The state as JSON values. It holds hidden maxima and sealed bids: never show it as a whole.

    What only some formats have stands there only where there is something.
    """
    return _stages(state) | {
        "closes_at": state.closes_at and moment_text(state.closes_at),
        "suspended_at": state.suspended_at and moment_text(state.suspended_at),
        "outcome": str(state.outcome),
        "reason": state.reason and str(state.reason),
        "price": state.price,
        "leader": state.leader,
        "winner": state.winner,
        "standing": {bidder: _write_standing(best) for bidder, best in state.standing.items()},
        "maxima": {bidder: [maximum.amount, maximum.order] for bidder, maximum in state.maxima.items()},
        "bids": state.bids,
        "events": state.events,
        "struck": list(state.struck),
        "forfeited": list(state.forfeited),
        "next_round": state.next_round and _write_next_round(state.next_round),
        **({"concealed": True} if state.concealed else {}),
    }


def _stages(state: State) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if state.moved:
        written["moved"] = state.moved // timedelta(microseconds=1)
    if turns := state.turns:
        held = turns.held and _write_standing(turns.held)
        written["turns"] = [turns.round, turns.turn, list(turns.order), held]
    if taken := state.taken:
        take = _write_standing(taken.take)
        written["taken"] = [taken.by, taken.price, moment_text(taken.at), take, taken.unsealed]
    return written


def _write_standing(standing: Standing) -> list[Any]:
    return [standing.amount, moment_text(standing.at), standing.order, standing.priority_order]


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
        standing={bidder: _read_standing(best) for bidder, best in raw["standing"].items()},
        maxima={bidder: Maximum(*maximum) for bidder, maximum in raw["maxima"].items()},
        bids=raw["bids"],
        events=raw["events"],
        struck=tuple(raw["struck"]),
        forfeited=tuple(raw["forfeited"]),
        next_round=following and _read_next_round(following),
        concealed=raw.get("concealed", False),
        moved=timedelta(microseconds=raw.get("moved", 0)),
        turns=_read_turns(raw.get("turns")),
        taken=_read_taken(raw.get("taken")),
    )


def _read_standing(raw: list[Any]) -> Standing:
    amount, at, order, priority_order = raw
    return Standing(amount, parse_moment(at), order, priority_order)


def _read_turns(raw: list[Any] | None) -> Turns | None:
    if raw is None:
        return None
    number, turn, order, held = raw
    return Turns(number, turn, tuple(order), held and _read_standing(held))


def _read_taken(raw: list[Any] | None) -> Taken | None:
    if raw is None:
        return None
    by, price, at, take, unsealed = raw
    return Taken(by, price, parse_moment(at), _read_standing(take), unsealed)


def _read_next_round(raw: Mapping[str, Any]) -> NextRound:
    barred = tuple(raw["barred"])
    return NextRound(NextRoundKind(raw["kind"]), raw["least_start_price"], raw["start_price"], barred)
