"""How old a confidential sale must be before others may learn from it (antitrust practice, see docs)."""

import calendar
from datetime import date

from transactions.rules.words import DatePrecision

# Statistics: the age of the health-care statements of 1996. Advice: that of the RealPage judgment of 2025.
STATISTICS_MONTHS = 3
ADVICE_MONTHS = 12


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where that month is shorter."""
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day(sold_on: date, precision: DatePrecision) -> date:
    """The last day on which the sale may have been: a date known to the month may be its last day."""
    if precision is DatePrecision.DAY:
        return sold_on
    month = 12 if precision is DatePrecision.YEAR else sold_on.month
    return date(sold_on.year, month, calendar.monthrange(sold_on.year, month)[1])


def old_enough(sold_on: date | None, precision: DatePrecision, on: date, months: int) -> bool:
    """Whether the sale is at least so many months old on that day; never where its date is not known."""
    if sold_on is None or precision is DatePrecision.UNKNOWN:
        return False
    return last_day(sold_on, precision) <= months_before(on, months)


def quarter_of(day: date) -> str:
    """As 2025Q2."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarter_start(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
