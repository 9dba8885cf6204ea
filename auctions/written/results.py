"""How an auction's end is written in scenario files, exports and answers."""

from typing import Any

from auctions.rules import NextRound, NextRoundKind, Outcome, State, Terms
from auctions.rules.ladder import ladder
from marketplace.clock import moment_text
from marketplace.money import decimal_text


def result(terms: Terms, state: State) -> dict[str, Any]:
    """Outcome, reason, winner, price, end, ladder, number of bids and next round, as JSON values.

    The price is what the winner pays, or, while the auction is open, what leads; otherwise None.
    """
    shows_price = state.outcome in {Outcome.SOLD, Outcome.OPEN} and state.price is not None
    return {
        "outcome": str(state.outcome),
        "reason": None if state.reason is None else str(state.reason),
        "winner": state.winner,
        "price": decimal_text(state.price or 0, terms.currency) if shows_price else None,
        "closes_at": None if state.closes_at is None else moment_text(state.closes_at),
        "ladder": list(ladder(state)),
        "bids": state.bids,
        "next_round": None if state.next_round is None else next_round(state.next_round, terms.currency),
    }


def next_round(following: NextRound, currency: str) -> dict[str, Any]:
    """The next round with the fields its kind has."""
    written: dict[str, Any] = {"kind": str(following.kind)}
    if following.least_start_price is not None:
        written["least_start_price"] = decimal_text(following.least_start_price, currency)
    if following.start_price is not None:
        written["start_price"] = decimal_text(following.start_price, currency)
    if following.kind is NextRoundKind.RE_AUCTION:
        written["barred"] = list(following.barred)
    return written
