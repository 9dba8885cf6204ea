"""Asking the next on the ladder: what he may answer, and until when. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.errors import Conflict
from marketplace.rule_packs import Pack
from marketplace.status import Moves, check_move

# Where a pack does not say how long the next bidder has.
DAYS_TO_ANSWER = 5


class Answer(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


# Nobody buys by being silent, and a no costs nothing.
ANSWER_MOVES: Moves[Answer] = {
    Answer.ASKED: frozenset({Answer.ACCEPTED, Answer.DECLINED, Answer.LAPSED}),
    Answer.ACCEPTED: frozenset(),
    Answer.DECLINED: frozenset(),
    Answer.LAPSED: frozenset(),
}


class RunnerUpReason(StrEnum):
    TOO_LATE_TO_ACCEPT = "too_late_to_accept"


def answer_by(pack: Pack, asked_at: datetime) -> datetime:
    """Until when the next bidder may accept."""
    days = pack.runner_up_days.value if pack.runner_up_days else DAYS_TO_ANSWER
    return asked_at + timedelta(days=days)


def check_answer(old: Answer, new: Answer, until: datetime, now: datetime) -> None:
    """Raise Conflict for an answer that was given already, or a yes that comes too late."""
    check_move(ANSWER_MOVES, old, new)
    if new is Answer.ACCEPTED and now >= until:
        raise Conflict(RunnerUpReason.TOO_LATE_TO_ACCEPT)
