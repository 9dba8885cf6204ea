"""The fixed steps of the filters of a question: every value that there is, and nothing in between."""

from collections.abc import Mapping, Sequence

from marketplace.money import EXPONENTS
from transactions.rules.words import AssetType, Channel

FIRST_YEAR = 2000
_FIELDS = 35
_SECTORS = 5


def steps(last_year: int) -> Mapping[str, Sequence[str]]:
    """The values of each dimension, up to that year."""
    years = [str(year) for year in range(FIRST_YEAR, last_year + 1)]
    return {
        "type": [kind.value for kind in AssetType],
        "sector": [str(number) for number in range(_SECTORS)],
        "field": [str(number) for number in range(1, _FIELDS + 1)],
        "year": years,
        "quarter": [f"{year}Q{quarter}" for year in years for quarter in (1, 2, 3, 4)],
        "channel": [channel.value for channel in Channel],
        "currency": list(EXPONENTS),
    }
