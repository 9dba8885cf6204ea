"""The periods of statements. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from marketplace.errors import Refused

# What a statement shows when nobody says from when.
DEFAULT_DAYS = 30
# Ten years.
MOST_DAYS = 3660
# A table or PDF of more lines is refused: the period has to be narrowed.
MOST_LINES = 5000


class BookReason(StrEnum):
    PERIOD_BACKWARD = "period_backward"
    PERIOD_TOO_LONG = "period_too_long"
    TOO_MANY_LINES = "too_many_lines"
    NOT_A_DAY = "not_a_day"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of the marketplace's zone, both included."""

    first: date
    last: date

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The first moment of the period, and the first one after it, in UTC."""
        begin = datetime.combine(self.first, time.min, zone)
        end = datetime.combine(self.last + timedelta(days=1), time.min, zone)
        return begin.astimezone(UTC), end.astimezone(UTC)


def period(first: str, last: str, today: date) -> Period:
    """The period that was asked for; an empty day means today, and 30 days before the last one.

    Raises:
        Refused: naming the field, when a day is none, the period runs backward or is longer than ten years.
    """
    until = _day(last, "until") or today
    since = _day(first, "since") or until - timedelta(days=DEFAULT_DAYS)
    if since > until:
        raise Refused(BookReason.PERIOD_BACKWARD, field="since")
    if (until - since).days > MOST_DAYS:
        raise Refused(BookReason.PERIOD_TOO_LONG, field="since", most=MOST_DAYS)
    return Period(since, until)


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(BookReason.NOT_A_DAY, field=field) from None
    if not date(2000, 1, 1) <= day <= date(2200, 1, 1):
        raise Refused(BookReason.NOT_A_DAY, field=field)
    return day
