"""IP rights and the encumbrances on them: what they are, how long they last, which dates can be."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from marketplace.errors import Refused


class RightType(StrEnum):
    INVENTION = "invention"
    UTILITY_MODEL = "utility_model"
    DESIGN = "design"
    TRADEMARK = "trademark"
    COPYRIGHT = "copyright"


PATENTS = frozenset({RightType.INVENTION, RightType.UTILITY_MODEL, RightType.DESIGN})


class EncumbranceKind(StrEnum):
    PLEDGE = "pledge"
    LICENCE = "licence"
    SEIZURE = "seizure"


class RightReason(StrEnum):
    GRANTED_BEFORE_FILED = "granted_before_filed"
    EXPIRES_BEFORE_GRANTED = "expires_before_granted"
    FILED_IN_THE_FUTURE = "filed_in_the_future"
    RANK_BELOW_ONE = "rank_below_one"
    CLAIM_WITHOUT_HOLDER = "claim_without_holder"
    RANK_TAKEN = "rank_taken"
    COUNT_OUT_OF_RANGE = "count_out_of_range"
    FAMILY_CHARACTERS = "family_characters"


# Years from filing, Patent Law 42 as in force since 2021-06-01.
TERM_YEARS = {RightType.INVENTION: 20, RightType.UTILITY_MODEL: 10, RightType.DESIGN: 15}

# A design filed before the amended law came into force keeps the ten years of the law before it.
_DESIGN_FIFTEEN_SINCE = date(2021, 6, 1)
_DESIGN_YEARS_BEFORE = 10

# Years from registration, Trademark Law 39; renewable.
TRADEMARK_YEARS = 10

# Implementing Rules 115: after the due date six months of grace, against a surcharge.
ANNUITY_GRACE_MONTHS = 6


def add_years(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the 28th where there is none."""
    return add_months(day, 12 * years)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return first + timedelta(days=min(day.day, (after - first).days) - 1)


def expiry(right_type: RightType, filed_on: date | None, granted_on: date | None) -> date | None:
    """The day the right ends if nothing shortens or renews it; None where the dates do not tell.

    Patents count from filing, trademarks from registration. A copyright's term hangs on its author and its
    first publication (Copyright Law 23), which its registration does not show.
    """
    if right_type is RightType.TRADEMARK:
        return add_years(granted_on, TRADEMARK_YEARS) if granted_on else None
    if right_type not in TERM_YEARS or filed_on is None:
        return None
    old_design = right_type is RightType.DESIGN and filed_on < _DESIGN_FIFTEEN_SINCE
    return add_years(filed_on, _DESIGN_YEARS_BEFORE if old_design else TERM_YEARS[right_type])


def check_dates(
    filed_on: date | None, granted_on: date | None, expires_on: date | None, *, today: date
) -> None:
    """Refuse dates that cannot be: filed ≤ granted < expires, filed by today. None is not known."""
    if filed_on and filed_on > today:
        raise Refused(RightReason.FILED_IN_THE_FUTURE, field="filed_on")
    if filed_on and granted_on and granted_on < filed_on:
        raise Refused(RightReason.GRANTED_BEFORE_FILED, field="granted_on")
    begun = granted_on or filed_on
    if begun and expires_on and expires_on <= begun:
        raise Refused(RightReason.EXPIRES_BEFORE_GRANTED, field="expires_on")


def check_encumbrance(kind: EncumbranceKind, holder: str, rank: int, claim_minor: int | None) -> None:
    """Refuse a claim without a holder and a rank below 1 (Civil Code 414: order of registration)."""
    if rank < 1:
        raise Refused(RightReason.RANK_BELOW_ONE, field="rank")
    if not holder and (kind is EncumbranceKind.PLEDGE or claim_minor is not None):
        raise Refused(RightReason.CLAIM_WITHOUT_HOLDER, field="holder")


@dataclass(frozen=True, slots=True)
class Annuity:
    """The next yearly fee of a granted patent.

    Attributes:
        patent_year: the year the fee is for; the first begins on the day of filing.
        due_on: the last day without a surcharge.
        grace_until: the last day at all; after it the right has ended from the due date.
    """

    patent_year: int
    due_on: date
    grace_until: date


def next_annuity(
    right_type: RightType, filed_on: date | None, expires_on: date | None, *, today: date
) -> Annuity | None:
    """The yearly fee that falls due next; None for no patent, or when none is due before it expires.

    A year's fee is paid before the year before it ends, so on the anniversaries of the filing (Implementing
    Rules of the Patent Law 115). Whether earlier fees were paid is not known here.
    """
    if right_type not in PATENTS or filed_on is None:
        return None
    year = max(today.year - filed_on.year, 1)
    due_on = add_years(filed_on, year)
    if due_on < today:
        year += 1
        due_on = add_years(filed_on, year)
    if expires_on is not None and due_on >= expires_on:
        return None
    return Annuity(year + 1, due_on, add_months(due_on, ANNUITY_GRACE_MONTHS))
