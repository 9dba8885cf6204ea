"""What narrows a list: facets, each a field of the index, and bands, each a stretch of one of its numbers."""

import re
import uuid
from collections.abc import Callable

from marketplace.listings.rules import PUBLIC_STATUSES, AuctionFormat
from marketplace.rights.rules import RightType
from search.rules import bands

TECHNOLOGY_FIELDS = range(1, 36)

CHOICES_LIMIT = 50
"""The most values of one facet that may be chosen together."""

_SUBCLASS = re.compile(r"[A-H][0-9]{2}[A-Z]|nice:[1-9][0-9]?")
_REGION = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


def _is_id(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False


def _is_field(value: str) -> bool:
    return value in {str(number) for number in TECHNOLOGY_FIELDS}


# The name of each facet in an address, with its field in the index and what a value may be.
FACETS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "status": ("status", frozenset(map(str, PUBLIC_STATUSES)).__contains__),
    "type": ("right_type", frozenset(map(str, RightType)).__contains__),
    "field": ("technology_field", _is_field),
    "subclass": ("subclass", lambda value: bool(_SUBCLASS.fullmatch(value))),
    "seller": ("seller", _is_id),
    "region": ("region", lambda value: bool(_REGION.fullmatch(value))),
    "channel": ("channel", frozenset(map(str, AuctionFormat)).__contains__),
}

# The name of each set of bands in an address, with its number in the index and the names of its bands.
BANDED: dict[str, tuple[str, frozenset[str]]] = {
    "price": ("price", frozenset(bands.PRICES)),
    "life": ("expires", frozenset(bands.LIVES)),
    "opens": ("opens", frozenset(bands.OPENINGS)),
}
