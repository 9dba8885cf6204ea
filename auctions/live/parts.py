"""What the room shows of one format only: the clock of a falling price, the turns of rounds. Pure."""

from dataclasses import dataclass
from datetime import datetime

from auctions.formats.falling import price_after
from auctions.rules import Phase, PhaseKind, State, Terms
from auctions.rules.decisions import advance

# Formats in which the next bid tops the price by a raise, and a late one moves the end.
RAISING = frozenset({"english", "sale_off"})


@dataclass(frozen=True, slots=True)
class Clock:
    """What a falling price does next.

    Attributes:
        next_price: after the next fall; None where it falls no more.
        last_price, ends_at: the lowest there will be, and until when it can be taken.
    """

    next_price: int | None
    last_price: int
    ends_at: datetime


def clock_of(terms: Terms, phase: Phase) -> Clock | None:
    """The clock as everybody may know it; None outside its stage. Not to be shown over a secret reserve."""
    if phase.kind is not PhaseKind.CLOCK or phase.price is None or phase.ends_at is None:
        return None
    lowest = price_after(terms, terms.options.clock.steps)
    following = max(lowest, phase.price - terms.options.clock.step)
    return Clock(None if phase.changes_at is None else following, lowest, phase.ends_at)


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One bidder of a round: what it stands at, and whether it speaks, has spoken, or will."""

    alias: str
    amount_minor: int
    speaking: bool
    spoken: bool
    mine: bool


def turn_rows(state: State, terms: Terms, now: datetime, own: str | None) -> list[TurnRow]:
    """The bidders of this round in the order in which they speak; empty before the opening and at the end."""
    state = advance(terms, state, now)
    turns = state.turns
    if turns is None:
        return []
    at = -1 if turns.turn is None else turns.turn
    return [
        TurnRow(alias, state.standing[alias].amount, number == at, number < at, alias == own)
        for number, alias in enumerate(turns.order)
        if alias in state.standing
    ]
