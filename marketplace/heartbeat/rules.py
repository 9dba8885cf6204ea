"""When a silence is an outage. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# How often the worker says that it lives, and from which silence on it counts as having been down.
BEAT_EVERY = timedelta(seconds=10)
OUTAGE_FROM = timedelta(seconds=60)

WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nothing was heard: from the last sign of life to the next."""

    began_at: datetime
    ended_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ended_at - self.began_at


def gap_between(heard_at: datetime, now: datetime) -> Gap | None:
    """The outage between the last sign of life and now; None where the silence is an ordinary one.

    A clock that stepped back is no silence.
    """
    return Gap(heard_at, now) if now - heard_at > OUTAGE_FROM else None
