"""When somebody is told: at once, or in the morning of the reader's zone."""

from datetime import datetime, time, timedelta

from search.watching.rules.words import Frequency

MORNING = time(8)
_MONDAY = 0


def due_at(frequency: Frequency, now: datetime) -> datetime:
    """When to tell about something found now: at once, the next morning at eight, or the next Monday's.

    Args:
        frequency: how often the person wants to be told.
        now: in the zone whose morning is meant.
    """
    if frequency is Frequency.AT_ONCE:
        return now
    morning = datetime.combine(now.date(), MORNING, now.tzinfo)
    while morning <= now or (frequency is Frequency.WEEKLY and morning.weekday() != _MONDAY):
        morning = datetime.combine(morning.date() + timedelta(days=1), MORNING, now.tzinfo)
    return morning


def retry_wait(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: a minute, doubling to six hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), timedelta(hours=6))
