"""Where the record is searched, and in which order: the nearest kinds of sales first, until there are enough.

A record of a million sales is not read to find ten. It is searched stratum by stratum; each is read from its
latest sale back, so far as `depth` allows, and the search ends with the first stratum after which there are
enough sales that may serve. What was searched, how much of it, and why the search ended stands beside every
answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from transactions.comparables.values import Rejection, Subject, sector_of
from transactions.rules.words import AssetType, types_of

FIELDS = range(1, 36)


class Kind(StrEnum):
    """The strata, nearest first."""

    SAME_FIELD = "same_field"
    SAME_FIELD_OTHER_TYPE = "same_field_other_type"
    SAME_SECTOR = "same_sector"
    SAME_TYPE = "same_type"
    OTHER_TYPE = "other_type"
    SAME_OFFICE = "same_office"


@dataclass(frozen=True, slots=True)
class Strip:
    """Records of one type; of one field, of none of the fields in `without`, of one country, if told."""

    asset_type: AssetType
    technology_field: int | None = None
    without: tuple[int, ...] = ()
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Stratum:
    """Strips that are searched together.

    Attributes:
        depth: so many of the latest records of each strip are looked at.
        most: so many of those that may serve are read from each.
    """

    kind: Kind
    strips: tuple[Strip, ...]
    depth: int
    most: int


class Stop(StrEnum):
    """ENOUGH: farther strata would add none that is nearer. EVERYTHING: no stratum is left."""

    ENOUGH = "enough"
    EVERYTHING = "everything"


# So many sales that may serve are enough: six for each place in the grid.
ENOUGH = 60

# So many records are read for one comparison at most, whatever was found.
MOST_READ = 800


@dataclass(frozen=True, slots=True)
class Searched:
    """One stratum: records looked at, those read because they may serve, and the sold ones of these."""

    kind: Kind
    looked_at: int
    read: int
    sold: int


@dataclass(frozen=True, slots=True)
class Search:
    """How the candidates were found.

    Attributes:
        strata: in the order in which they were searched.
        left_out: records looked at and not read, by reason.
    """

    strata: tuple[Searched, ...] = ()
    left_out: Mapping[Rejection, int] = field(default_factory=dict)
    stop: Stop = Stop.EVERYTHING


def enough(searched: tuple[Searched, ...]) -> bool:
    """Whether the search may end after these strata."""
    return sum(one.sold for one in searched) >= ENOUGH or sum(one.read for one in searched) >= MOST_READ


def strata_of(subject: Subject) -> tuple[Stratum, ...]:
    """The strata of a subject, nearest first; no record is in two of them but in the last.

    The last looks for the subject's own office throughout the family: where few rights of that office are
    sold, the latest sales of the others hold none.
    """
    own, others = subject.asset_type, tuple(sorted(types_of(subject.family) - {subject.asset_type}))
    number = subject.technology_field
    near = () if number is None else _near(own, others, number)
    sector = () if number is None else tuple(one for one in FIELDS if sector_of(one) == sector_of(number))
    without = () if number is None else (number,)
    far = (
        Stratum(Kind.SAME_TYPE, (Strip(own, without=sector),), depth=600, most=200),
        Stratum(Kind.OTHER_TYPE, tuple(Strip(one, without=without) for one in others), depth=300, most=100),
        Stratum(Kind.SAME_OFFICE, _of_office(subject, (own, *others)), depth=300, most=100),
    )
    return tuple(stratum for stratum in (*near, *far) if stratum.strips)


def _near(own: AssetType, others: tuple[AssetType, ...], number: int) -> tuple[Stratum, ...]:
    sector = tuple(one for one in FIELDS if one != number and sector_of(one) == sector_of(number))
    return (
        Stratum(Kind.SAME_FIELD, (Strip(own, number),), depth=600, most=200),
        Stratum(Kind.SAME_FIELD_OTHER_TYPE, tuple(Strip(one, number) for one in others), depth=300, most=100),
        Stratum(Kind.SAME_SECTOR, tuple(Strip(own, one) for one in sector), depth=100, most=40),
    )


def _of_office(subject: Subject, types: tuple[AssetType, ...]) -> tuple[Strip, ...]:
    if not subject.country:
        return ()
    return tuple(Strip(one, country=subject.country) for one in types)
