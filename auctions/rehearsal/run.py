"""A rehearsal: a clock that jumps from look to look, and the rules that decide live bids.

The same terms, bidders and seed give the same run for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from heapq import heapify, heappop, heappush
from random import Random

from auctions.formats import FORMATS
from auctions.rehearsal.rules import Player, choose, wait
from auctions.rules import BIDDING, Action, Bidder, Decision, Event, Outcome, Phase, PhaseKind, State, Terms
from auctions.rules.decisions import begin, conclude, decide, phase
from marketplace.money import decimal_text

MOST_LOOKS = 20_000
MOST_ACTS = 2_000

_BEFORE_OPENING = timedelta(hours=1)
_PAUSE_AFTER, _PAUSE = timedelta(minutes=30), timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Interventions:
    """What happens besides bidding.

    Attributes:
        pause: whether the platform suspends the auction halfway, for ten minutes.
        default: whether the winner does not pay.
    """

    pause: bool = False
    default: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One event of the run with its decision and what it left behind."""

    event: Event
    decision: Decision


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A run.

    Attributes:
        acts: in order; automatic bids are in their decisions.
        state: when all time has passed.
        cut_short: whether the run was ended by its limits rather than by the auction's end.
    """

    terms: Terms
    players: tuple[Player, ...]
    acts: tuple[Act, ...]
    state: State
    cut_short: bool


def rehearse(terms: Terms, players: Sequence[Player], interventions: Interventions, seed: int) -> Rehearsal:
    """Run the auction from before its opening to its end, or until a limit of the run is reached."""
    run = _Run(terms, players, seed)
    cut_short = run.play(interventions)
    state = conclude(terms, run.state)
    if interventions.default and state.outcome is Outcome.SOLD:
        moment = max(run.now, state.closes_at or run.now)
        state = conclude(terms, run.decide(state, Event(moment, Action.DEFAULT, state.winner)).state)
    return Rehearsal(terms, tuple(players), tuple(run.acts), state, cut_short)


class _Run:
    """The queue of looks and what has come of them so far."""

    def __init__(self, terms: Terms, players: Sequence[Player], seed: int) -> None:
        self.terms, self.source, self.state = terms, Random(seed), begin(terms)  # noqa: S311 - the same seed, the same run
        early = FORMATS[terms.auction_format].bids_before_opening
        self.now = terms.opens_at - _BEFORE_OPENING if early else terms.opens_at
        self.acts: list[Act] = []
        self.players = {player.id: player for player in players}
        self.looks = [(self.now, number, player.id) for number, player in enumerate(players)]
        heapify(self.looks)

    def play(self, interventions: Interventions) -> bool:
        """Let everybody look and act; says whether a limit ended it."""
        if interventions.pause:
            self._pause()
        for _ in range(MOST_LOOKS):
            if not self.looks or len(self.acts) >= MOST_ACTS:
                break
            self.now, number, name = heappop(self.looks)
            if name in {Action.SUSPEND, Action.RESUME}:
                self.decide(self.state, Event(self.now, Action(name)))
                continue
            seen = phase(self.terms, self.state, self.now, Bidder(name))
            if seen.kind is PhaseKind.ENDED:
                return False
            heappush(
                self.looks, (self.now + wait(seen, self.now, self.players[name], self.source), number, name)
            )
            self._act(self.players[name], seen)
        return bool(self.looks)

    def decide(self, state: State, event: Event) -> Decision:
        """Decide and keep one event."""
        bidder = Bidder(event.bidder) if event.bidder and event.action in BIDDING else None
        decision = decide(self.terms, state, event, bidder)
        self.acts.append(Act(event, decision))
        self.state = decision.state
        return decision

    def _act(self, player: Player, seen: Phase) -> None:
        choice = choose(self.terms, self.state, player, seen, self.source)
        if choice is not None:
            action, amount = choice
            text = decimal_text(amount, self.terms.currency)
            self.decide(self.state, Event(self.now, action, player.id, text))

    def _pause(self) -> None:
        """Ten minutes of suspension, half an hour after the opening or halfway, whichever is earlier."""
        end = self.state.closes_at or self.terms.opens_at + timedelta(hours=1)
        begins = min(
            self.terms.opens_at + (end - self.terms.opens_at) / 2, self.terms.opens_at + _PAUSE_AFTER
        )
        heappush(self.looks, (begins, -2, str(Action.SUSPEND)))
        heappush(self.looks, (begins + _PAUSE, -1, str(Action.RESUME)))
