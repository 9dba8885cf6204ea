"""What a format has to answer."""

from datetime import datetime
from typing import Protocol

from auctions.rules import Bidder, Event, Phase, Placed, Reason, State, Terms


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

    def opening(self, terms: Terms, state: State) -> datetime:
        """When bidding opens, suspensions counted in where they move it."""
        ...

    def next_moment(self, terms: Terms, state: State) -> datetime | None:
        """When time alone next changes an open, running auction; None when it never does."""
        ...

    def heard_after_end(self, terms: Terms, state: State, event: Event) -> bool:
        """Whether an act after the end is answered by its stage rather than as `closed`."""
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

    def phase(self, terms: Terms, state: State, now: datetime, bidder: Bidder | None) -> Phase:
        """What is going on at `now`, for a bidder or for everybody; `state` has been advanced to `now`."""
        ...
