"""The sale-off (变卖): a fixed price that stands for weeks, and an auction as soon as somebody bids it."""

from dataclasses import replace
from datetime import datetime, timedelta

from auctions.formats.english import English
from auctions.rules import Bidder, Event, Phase, PhaseKind, Placed, Reason, State, Terms


class SaleOff(English):
    """Rules: 法明传〔2017〕455号 (secondary source); where it is silent, those of the English auction.

    Whoever bids has put down the full price before; that is for admission to know.
    """

    options = English.options | {"countdown_seconds"}

    def place(self, terms: Terms, state: State, event: Event, bidder: Bidder, amount: int) -> Placed | Reason:
        """The first bid sets the end, wherever it was before; from there as in an English auction."""
        placed = super().place(terms, state, event, bidder, amount)
        if isinstance(placed, Reason) or state.price is not None:
            return placed
        countdown = timedelta(seconds=terms.options.countdown_seconds)
        return replace(placed, state=replace(placed.state, closes_at=event.at + countdown))

    def phase(self, terms: Terms, state: State, now: datetime, bidder: Bidder | None) -> Phase:
        found = super().phase(terms, state, now, bidder)
        counting = found.kind is PhaseKind.BIDDING and state.price is not None
        return replace(found, kind=PhaseKind.COUNTDOWN) if counting else found
