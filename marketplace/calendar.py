"""Working days of a jurisdiction: public holidays, and the weekend days that are worked in exchange (调休).

China fixes both by a notice of the State Council each November for the next year. A year whose notice the
library does not hold is refused, never guessed: a guess would be wrong by up to two weeks.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

# In whose days a notice of sale and a sale day are counted.
CHINA = ZoneInfo("Asia/Shanghai")

# No notice period and no deadline comes near this many working days.
MOST_WORKING_DAYS = 366


class UnknownYear(Exception):
    """The holidays of the year are not known here.

    Attributes:
        year: the first year that would have been needed.
    """

    def __init__(self, year: int) -> None:
        super().__init__(f"the holidays of {year} are not known")
        self.year = year


class UnknownJurisdiction(Exception):
    """No calendar of this country is loaded."""


def _in_china(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise UnknownYear(day.year) from error


_WORKED: Mapping[str, Callable[[date], bool]] = {"CN": _in_china}


def is_working_day(day: date, country: str = "CN") -> bool:
    """Whether offices work on that day.

    Raises:
        UnknownYear: the holidays of its year are not published, or not loaded.
        UnknownJurisdiction: there is no calendar of the country.
    """
    if country not in _WORKED:
        raise UnknownJurisdiction(country)
    return _WORKED[country](day)


def add_working_days(day: date, number: int, country: str = "CN") -> date:
    """The `number`-th working day after `day`, which is itself not counted.

    Raises:
        ValueError: `number` is below one or beyond any period of law.
        UnknownYear, UnknownJurisdiction: as `is_working_day`.
    """
    if not 1 <= number <= MOST_WORKING_DAYS:
        raise ValueError(f"{number} working days")
    while number:
        day += timedelta(days=1)
        number -= is_working_day(day, country)
    return day
