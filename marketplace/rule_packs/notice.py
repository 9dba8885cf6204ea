"""How long a sale must have been announced before it opens: the earliest lawful opening, pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from marketplace.calendar import CHINA, UnknownYear, add_working_days
from marketplace.rule_packs.packs import Number, Pack, Sourced


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """The notice that a pack asks before one attempt.

    Attributes:
        rule: the number with its article.
        working: whether it counts working days rather than calendar days.
        earliest: the first moment at which bidding may open; None where the calendar of a year that it
            reaches into is not known.
        unknown_year: that year.
    """

    rule: Sourced[int]
    working: bool
    earliest: datetime | None
    unknown_year: int | None = None


def notice_period(pack: Pack, published_at: datetime, attempt: int) -> NoticePeriod | None:
    """The notice before the `attempt`-th sale published at that moment; None where the pack asks none.

    Calendar days run from the moment of publication. Working days begin on the day after it, and bidding may
    open once the last of them is over in China.
    """
    days = pack.notice_days if attempt == 1 else pack.notice_days_later
    if days is not None:
        return NoticePeriod(days, False, published_at + timedelta(days=days.value))
    return _in_working_days(pack.notice_working_days, published_at)


def _in_working_days(days: Number, published_at: datetime) -> NoticePeriod | None:
    if days is None:
        return None
    published_on = published_at.astimezone(CHINA).date()
    try:
        last = add_working_days(published_on, days.value)
    except UnknownYear as unknown:
        return NoticePeriod(days, True, None, unknown.year)
    opening = datetime.combine(last + timedelta(days=1), time(), CHINA)
    return NoticePeriod(days, True, opening.astimezone(UTC))
