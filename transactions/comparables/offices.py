"""Patent and trademark offices, grouped by what one grant there covers and so by what it may fetch."""

from transactions.disclosure.rules import OfficeGroup
from transactions.disclosure.rules.coarse import office_group as group_of

# An international application is not yet a right anywhere.
_NOWHERE = frozenset({"WO", "IB"})

# Groups that are one country, by its code.
WITH_ONE_COUNTRY = frozenset({OfficeGroup.CN.value, OfficeGroup.US.value})

# A generalised comparable tells its group in the place of its country.
_GROUPS = frozenset(group.value for group in OfficeGroup)


def office_group(country: str) -> str:
    """The group of a country, or of a group itself; empty where nothing is known."""
    if country in _GROUPS:
        return country
    return "" if country in _NOWHERE else group_of(country).value
