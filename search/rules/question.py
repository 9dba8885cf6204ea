"""A question to the search, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from search.engines import Sort
from search.parsing import Words, parse

PAGE_SIZE = 20
PAGE_SIZE_LIMIT = 50
PAGE_LIMIT = 200


class Order(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OPENING = "opening"
    CLOSING = "closing"
    PRICE_LOW = "price_low"
    PRICE_HIGH = "price_high"
    LIFE = "life"


ORDERS = {
    Order.RELEVANCE: Sort(),
    Order.NEWEST: Sort("published", descending=True),
    Order.OPENING: Sort("opens"),
    Order.CLOSING: Sort("closes"),
    Order.PRICE_LOW: Sort("price"),
    Order.PRICE_HIGH: Sort("price", descending=True),
    Order.LIFE: Sort("expires", descending=True),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks.

    Attributes:
        chosen: by name of a facet or set of bands (`choices`) the values; those of one are alternatives.
        symbol: key of a class of which everything below is asked for; empty for none.
        least_minor, most_minor: bounds of the start price in `currency`, both included.
        page: from 1.
    """

    text: str = ""
    words: Words = field(default_factory=lambda: parse(""))
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    symbol: str = ""
    currency: str = "CNY"
    least_minor: int | None = None
    most_minor: int | None = None
    order: Order = Order.NEWEST
    page: int = 1
    size: int = PAGE_SIZE
