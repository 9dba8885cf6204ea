"""Scripted bidders: how each goes about it, and what it does at a look. Pure, and repeatable by its seed.

Every bidder has a limit that it never exceeds, and a manner. It looks at the auction again and again, after a
part of the time that is left, and does what the phase allows it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from auctions.formats.raises import step_at
from auctions.rules import Action, Grid, Phase, PhaseKind, State, Terms

MOST_BIDDERS = 20

# How long a bidder waits where nobody can know when the phase ends.
_UNKNOWN = timedelta(hours=6)
_SHORTEST = timedelta(seconds=1)

# Where nobody sees the others, a bidder stays somewhat below its limit: these thousandths of it. An eager one
# may jump some raises.
_SHADE = (850, 1000)
_JUMP = 5


class Manner(StrEnum):
    """How a bidder goes about it: the part of the time left after which it looks again."""

    EAGER = "eager"
    STEADY = "steady"
    LATE = "late"
    MAXIMUM = "maximum"


# The least and the most of the time left that passes between two looks, in thousandths.
_PATIENCE: dict[Manner, tuple[int, int]] = {
    Manner.EAGER: (10, 100),
    Manner.STEADY: (100, 400),
    Manner.LATE: (800, 990),
    Manner.MAXIMUM: (50, 300),
}


@dataclass(frozen=True, slots=True)
class Player:
    """A scripted bidder.

    Attributes:
        limit: the most it would pay, in minor units.
    """

    id: str
    limit: int
    manner: Manner


def a_cast(terms: Terms, count: int, lowest_percent: int, highest_percent: int, seed: int) -> list[Player]:
    """`count` bidders with limits spread evenly at random between two percentages of the start price."""
    if not 0 < count <= MOST_BIDDERS:
        raise ValueError(f"a rehearsal has 1 to {MOST_BIDDERS} bidders")
    source, manners = Random(seed), list(Manner)  # noqa: S311 - the same seed, the same cast
    limits = (source.randint(*_span(terms, lowest_percent, highest_percent)) for _ in range(count))
    return [
        Player(f"R{number}", limit, manners[(number - 1) % len(manners)])
        for number, limit in enumerate(limits, start=1)
    ]


def _span(terms: Terms, lowest_percent: int, highest_percent: int) -> tuple[int, int]:
    lowest, highest = sorted((lowest_percent, highest_percent))
    return terms.start_price * lowest // 100, max(1, terms.start_price * highest // 100)


def wait(seen: Phase, now: datetime, player: Player, source: Random) -> timedelta:
    """Until the next look: a part of what is left, by the bidder's manner; at least a second."""
    until = seen.changes_at or seen.ends_at
    left = until - now if until is not None and until > now else _UNKNOWN
    return max(_SHORTEST, left * source.randint(*_PATIENCE[player.manner]) / 1000)


def choose(
    terms: Terms, state: State, player: Player, seen: Phase, source: Random
) -> tuple[Action, int] | None:
    """What a bidder does at a look, with the amount in minor units; None for nothing."""
    if Action.TAKE in seen.actions and seen.price is not None:
        return (Action.TAKE, seen.price) if seen.price <= player.limit else None
    if Action.BID not in seen.actions or seen.least is None or state.leader == player.id:
        return None
    own = state.standing.get(player.id)
    if seen.hidden or seen.kind is PhaseKind.BEST_BID:
        amount = max(seen.least, player.limit * source.randint(*_SHADE) // 1000)
        return (Action.BID, amount) if own is None and amount <= player.limit else None
    if player.manner is Manner.MAXIMUM and Action.PROXY in seen.actions:
        maximum = _on_grid(terms, player.limit)
        left = state.maxima.get(player.id)
        return (Action.PROXY, maximum) if left is None and maximum >= seen.least else None
    return _raise(terms, player, seen, source)


def _raise(terms: Terms, player: Player, seen: Phase, source: Random) -> tuple[Action, int] | None:
    """A bid that leads: the least there is, or some raises more where the bidder is eager."""
    step = step_at(terms, seen.price or terms.start_price)
    least = max(seen.least or 0, (seen.price or 0) + step if seen.kind is PhaseKind.TURN else 0)
    jump = step * source.randint(0, _JUMP) if player.manner is Manner.EAGER else 0
    amount = least + jump if least + jump <= player.limit else least
    return (Action.BID, amount) if amount <= player.limit else None


def _on_grid(terms: Terms, limit: int) -> int:
    if terms.options.grid is not Grid.MULTIPLE or not terms.increment:
        return limit
    return limit - (limit - terms.start_price) % terms.increment
