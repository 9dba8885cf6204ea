"""A record as a sequence of frames: what stood after each entry, for whoever plays an auction again. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from auctions.record.form import Record
from auctions.record.rerun import Rerun, Step
from auctions.rules import Action, State


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry of the record and where the auction stood after it.

    Attributes:
        decision: `accepted` or `refused:REASON`.
        automatic: whether the system bid for its owner.
        price, leader: after the entry; None before the first bid.
        closes_at: the end as it stood then; None while nobody could know it.
        extended_by: by how much this entry moved the end.
    """

    sequence: int
    at: datetime
    action: Action
    bidder: str | None
    amount: str | None
    amount_minor: int | None
    decision: str
    automatic: bool
    price: int | None
    leader: str | None
    closes_at: datetime | None
    extended_by: timedelta

    @property
    def accepted(self) -> bool:
        return self.decision == "accepted"

    @property
    def reason(self) -> str:
        """The reason of a refusal; empty for none."""
        return self.decision.partition(":")[2]


def frames(record: Record, done: Rerun) -> list[Frame]:
    """Every entry of the record, in order."""
    found: list[Frame] = []
    closes_at = record.terms.closes_at
    price: int | None = None
    leader: str | None = None
    for step in done.steps:
        state = step.decision.state
        found += _of_step(step, price, leader, closes_at)
        price, leader, closes_at = state.price, state.leader, state.closes_at
    return found


def _of_step(step: Step, price: int | None, leader: str | None, closes_at: datetime | None) -> list[Frame]:
    """The act itself, then the automatic bids it caused; the last shows where everything came to rest."""
    state, entry = step.decision.state, step.entry
    moved = _moved(closes_at, state)
    last = _standing(state)
    if step.followers and entry.action is Action.BID:
        own: tuple[int | None, str | None] = (entry.amount_minor, entry.bidder)
    else:
        own = (price, leader) if step.followers else last
    made = [_frame(step, 0, own, moved)]
    for place, follower in enumerate(step.followers, start=1):
        rests = place == len(step.followers)
        made.append(_frame(step, place, last if rests else (follower.amount_minor, follower.bidder), None))
    return made


def _standing(state: State) -> tuple[int | None, str | None]:
    return state.price, state.leader


def _moved(before: datetime | None, state: State) -> timedelta:
    if before is None or state.closes_at is None:
        return timedelta(0)
    return state.closes_at - before


def _frame(step: Step, place: int, standing: tuple[int | None, str | None], moved: timedelta | None) -> Frame:
    entry = step.followers[place - 1] if place else step.entry
    amount_minor = entry.amount_minor if place or entry.sealed is None else step.decision.amount_minor
    return Frame(
        sequence=entry.sequence,
        at=entry.at,
        action=entry.action,
        bidder=entry.bidder,
        amount=entry.amount,
        amount_minor=amount_minor,
        decision=entry.decision,
        automatic=place > 0,
        price=standing[0],
        leader=standing[1],
        closes_at=step.decision.state.closes_at,
        extended_by=moved or timedelta(0),
    )
