"""What a sale is counted under: names of dimensions, the finest key, and the ever coarser ones."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from transactions.comparables.values import sector_of
from transactions.rules.words import FAMILIES, AssetType, Channel

from .ages import quarter_of

# A key is a sorted tuple of (dimension, value): hashable, and a dict when it is stored.
Key = tuple[tuple[str, str], ...]

DIMENSIONS: Final = ("currency", "family", "type", "sector", "field", "year", "quarter", "channel")

# The tables of a release, by name: what each is broken down by. Prices are of one currency each.
BREAKDOWNS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": (),
    "type": ("type",),
    "sector": ("sector",),
    "field": ("field",),
    "year": ("year",),
    "quarter": ("quarter",),
    "channel": ("channel",),
    "type_year": ("type", "year"),
    "type_channel": ("type", "channel"),
    "type_field": ("type", "field"),
    "type_field_year": ("type", "field", "year"),
    "type_field_year_channel": ("type", "field", "year", "channel"),
}

# Dropped one after another: first how it was sold and its class, then the period.
_DROPPED: Final = (
    (),
    ("channel",),
    ("channel", "field"),
    ("channel", "field", "quarter"),
    ("channel", "field", "quarter", "sector"),
    ("channel", "field", "quarter", "sector", "type"),
    ("channel", "field", "quarter", "sector", "type", "family"),
    ("channel", "field", "quarter", "sector", "type", "family", "year"),
)


def finest_key(
    asset_type: AssetType, field: int | None, sold_on: date, channel: Channel, currency: str = ""
) -> Key:
    """Everything a sale may be counted under; without a currency for counts, with it for prices."""
    named = {
        "family": FAMILIES[asset_type].value,
        "type": asset_type.value,
        "year": str(sold_on.year),
        "quarter": quarter_of(sold_on),
        "channel": channel.value,
    }
    if field is not None:
        named |= {"field": str(field), "sector": str(sector_of(field))}
    if currency:
        named["currency"] = currency
    return tuple(sorted(named.items()))


def _without(names: tuple[str, ...]) -> Callable[[Key], Key]:
    return lambda key: tuple(pair for pair in key if pair[0] not in names)


# From a finest key to ever coarser ones.
LEVELS: Final[Sequence[Callable[[Key], Key]]] = tuple(_without(names) for names in _DROPPED)


def part_of(key: Mapping[str, str], dimensions: Sequence[str]) -> Key | None:
    """The cell of a table in which something of this key is counted; None where the key is too coarse."""
    if any(name not in key for name in dimensions):
        return None
    return tuple((name, key[name]) for name in dimensions)
