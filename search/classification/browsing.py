"""What the page of the classes shows: a class with those above and below it, or what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from marketplace.errors import NotFound
from search import index
from search.classification import titles
from search.classification.counting import lots_on_offer
from search.classification.finding import Match
from search.classification.symbols import class_key, levels, written
from search.classification.tree import ancestors, children, tree

SIZE = 60
"""Classes on one page."""
SYMBOL_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A class in a list.

    Attributes:
        text: its symbol as people write it.
        title: in the reader's language, else in the other. beside: in the other one, where there are both.
        foreign: whether the title is in the other language.
        cooperative: only the CPC has it.
        url: its own page. lots_url: the lots in it. lots: how many are on offer, None where not counted.
    """

    symbol: str
    text: str
    title: str
    beside: str
    foreign: bool
    cooperative: bool
    url: str
    lots_url: str
    lots: int | None = None


@dataclass(frozen=True, slots=True)
class Below:
    """A page of the classes under one.

    Attributes:
        page: from 1. pages: in all. total: classes in all.
    """

    rows: list[Row]
    page: int
    pages: int
    total: int

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages


def known(symbol: str) -> str:
    """The key of a class that has a page: one of the scheme, or of an older edition under a class of it.

    Raises:
        NotFound: nothing of it is known.
    """
    key = class_key(symbol) if len(symbol) <= SYMBOL_LIMIT else ""
    if all(tree().row(level) is None for level in (*levels(key), key)):
        raise NotFound
    return key


def path(key: str, language: str) -> list[Row]:
    """The class and all above it, the section first."""
    return [_row(symbol, language) for symbol in (*ancestors(key), key)]


def below(key: str, page: int, language: str) -> Below:
    """A page of the classes directly under a class, the sections under "", with their lots on offer.

    Raises:
        NotFound: there are not so many pages.
    """
    symbols = children(key)
    pages = max(-(-len(symbols) // SIZE), 1)
    if page > pages:
        raise NotFound
    shown = symbols[(page - 1) * SIZE : page * SIZE]
    counted = lots_on_offer(index.current(), shown, key)
    return Below([_row(one, language, counted.get(one)) for one in shown], page, pages, len(symbols))


def found(matches: Sequence[Match], language: str) -> list[Row]:
    """Rows for what was found, each with a title that can be understood alone."""
    counted = lots_on_offer(index.current(), [match.symbol for match in matches])
    return [_row(match.symbol, language, counted.get(match.symbol), match.reading) for match in matches]


def _row(symbol: str, language: str, lots: int | None = None, reading: str = "") -> Row:
    row, asked = tree().row(symbol), dict[str, Any]({"class": symbol})
    here, there = ("", "") if row is None else titles.both(row, language)
    return Row(
        symbol=symbol,
        text=written(symbol),
        title=reading or here or there,
        beside=there if here and not reading else "",
        foreign=not here,
        cooperative=row is not None and not tree().international[row],
        url=url_for("classification.page", symbol=symbol),
        lots_url=url_for("search.page", **asked),
        lots=lots,
    )
