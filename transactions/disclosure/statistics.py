"""The tables of the latest release: what is told of the record in sums, for everybody alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from transactions.disclosure import queries
from transactions.disclosure.rules.keys import BREAKDOWNS


@dataclass(frozen=True, slots=True)
class Figures:
    """What is told of one cell. None is not told: too few, or too few parents, or one of them too large.

    Attributes:
        key: the cell's dimensions; `currency` among them where it has prices.
        offered, sold, unsold, withdrawn, reauctioned, reversed: how many.
        sale_rate: per cent of the offers.
        prices: how many sales the quartiles are of.
        low_minor, median_minor, high_minor: quartiles in minor units of `currency`.
        coarse: amounts are to two significant figures, because not every sale in the cell is public.
    """

    key: Mapping[str, str]
    offered: int | None = None
    sold: int | None = None
    unsold: int | None = None
    withdrawn: int | None = None
    reauctioned: int | None = None
    reversed: int | None = None
    sale_rate: int | None = None
    prices: int | None = None
    low_minor: int | None = None
    median_minor: int | None = None
    high_minor: int | None = None
    coarse: bool = False

    @property
    def currency(self) -> str:
        return self.key.get("currency", "")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a release.

    Attributes:
        breakdown: its name in `BREAKDOWNS`. dimensions: what it is broken down by.
        counts: cells with how many were offered and sold.
        prices: cells with quartiles, one for each currency.
        number, released_at, through, tree_size, withheld_percent: of the release (`StatisticsRelease`).
    """

    breakdown: str
    dimensions: tuple[str, ...]
    counts: tuple[Figures, ...]
    prices: tuple[Figures, ...]
    number: int
    released_at: datetime
    through: date
    tree_size: int
    withheld_percent: int


def tables(session: Session, breakdown: str, **only: str) -> Table | None:
    """A table of the latest release; None before the first one.

    Args:
        session: reads the bind `transactions`.
        breakdown: a name in `BREAKDOWNS`, as `type_year`.
        only: values of dimensions of that table (or `currency`) to which the answer is limited.

    Raises:
        KeyError: there is no such table.
    """
    dimensions = BREAKDOWNS[breakdown]
    release = queries.latest_release(session)
    if release is None:
        return None
    found = [
        Figures(key=cell.key, **cell.figures)
        for cell in queries.cells(session, release.number, breakdown)
        if all(cell.key.get(name) == value for name, value in only.items() if name in cell.key)
    ]
    found.sort(key=lambda one: [one.key.get(name, "") for name in (*dimensions, "currency")])
    return Table(
        breakdown,
        dimensions,
        tuple(one for one in found if one.offered is not None),
        tuple(one for one in found if one.prices is not None),
        release.number,
        release.released_at,
        release.through,
        release.tree_size,
        release.withheld_percent,
    )
