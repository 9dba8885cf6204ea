"""What a format has to answer."""

from datetime import datetime
from typing import Protocol

from auctions.rules import Bidder, Event, Placed, Reason, State, Terms


class Format(Protocol):
    """Pure: the same questions get the same answers for ever.

    Attributes:
        bids_before_opening: whether bids before `opens_at` are taken at all.
        options: names of the options a lot in this format may set.
    """

    @property
    def bids_before_opening(self) -> bool: ...

    @property
    def options(self) -> frozenset[str]: ...

    def faults(self, terms: Terms) -> list[tuple[str, str]]:
        """What the terms lack or may not have: pairs of field and reason; empty when they can be run."""
        ...

    def begin(self, terms: Terms) -> State:
        """The state before the first event."""
        ...

    def advance(self, terms: Terms, state: State, now: datetime) -> State:
        """What time alone changes in an open, running auction by `now`."""
        ...

    def refuse_in_stage(self, terms: Terms, state: State, event: Event, bidder: Bidder) -> Reason | None:
        """Whether this action has no place at this moment."""
        ...

    def place(self, terms: Terms, state: State, event: Event, bidder: Bidder, amount: int) -> Placed | Reason:
        """Apply an admitted, well-formed act to the price, or refuse it by its price."""
        ...
