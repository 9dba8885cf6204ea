"""The released tables as their page shows them: one table at a time, a cell that is not told seen as such."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from marketplace.money import decimal_text
from transactions import texts as record_texts
from transactions.disclosure import statistics
from transactions.disclosure.rules.keys import BREAKDOWNS
from transactions.disclosure.statistics import Figures, Table
from transactions.market import texts

ROWS_LIMIT = 1000

# The tables that a page shows; the finest one is for the download alone.
SHOWN = tuple(name for name in BREAKDOWNS if len(BREAKDOWNS[name]) <= 3)
FIRST = "type_year"


@dataclass(frozen=True, slots=True)
class Row:
    """One cell in words: its dimensions, its counts, and its prices by currency."""

    names: tuple[str, ...]
    counts: Figures | None
    prices: tuple[Figures, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One released table; `cut` says that it has more rows than a page shows."""

    table: Table
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    cut: bool


def sheet(session: Session, breakdown: str) -> Sheet | None:
    """A table of the latest release in words; None before the first release.

    Raises:
        KeyError: there is no such table.
    """
    table = statistics.tables(session, breakdown)
    if table is None:
        return None
    counts = {_cell(one, table.dimensions): one for one in table.counts}
    prices: dict[tuple[str, ...], list[Figures]] = {}
    for one in table.prices:
        prices.setdefault(_cell(one, table.dimensions), []).append(one)
    keys = sorted({*counts, *prices})
    rows = tuple(
        Row(_names(key, table.dimensions), counts.get(key), tuple(prices.get(key, ())))
        for key in keys[:ROWS_LIMIT]
    )
    headings = tuple(str(texts.DIMENSIONS[name]) for name in table.dimensions)
    return Sheet(table, headings, rows, len(keys) > ROWS_LIMIT)


def _cell(figures: Figures, dimensions: Sequence[str]) -> tuple[str, ...]:
    return tuple(figures.key.get(name, "") for name in dimensions)


def _names(key: Sequence[str], dimensions: Sequence[str]) -> tuple[str, ...]:
    words = _words()
    return tuple(words[name](value) for name, value in zip(dimensions, key, strict=True))


def _words() -> Mapping[str, Callable[[str], str]]:
    fields = {str(number): name for number, name in texts.field_names().items()}
    sectors = texts.sector_names()

    def among(table: Mapping[Any, Any]) -> Callable[[str], str]:
        by_value = {str(key): str(word) for key, word in table.items()}
        return lambda value: by_value.get(value, value)

    return {
        "family": among(record_texts.FAMILIES),
        "type": among(record_texts.ASSET_TYPES),
        "sector": among(sectors),
        "field": among(fields),
        "channel": among(record_texts.CHANNELS),
        "year": str,
        "quarter": str,
    }


_COUNTS = ("offered", "sold", "unsold", "withdrawn", "reauctioned", "reversed", "sale_rate", "prices")
_AMOUNTS = ("low", "median", "high")


def plain(table: Table) -> list[dict[str, str]]:
    """The table as flat rows of text for a download: amounts as decimals, an empty cell is not told."""
    return [_plain(one, (*table.dimensions, "currency")) for one in (*table.counts, *table.prices)]


def _plain(figures: Figures, names: Sequence[str]) -> dict[str, str]:
    row = {name: figures.key.get(name, "") for name in names}
    for name in _COUNTS:
        value = getattr(figures, name)
        row[name] = "" if value is None else str(value)
    for name in _AMOUNTS:
        minor = getattr(figures, f"{name}_minor")
        row[name] = "" if minor is None else decimal_text(minor, figures.currency)
    return row | {"coarse": "yes" if figures.coarse else "no"}
