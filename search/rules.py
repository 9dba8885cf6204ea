"""What may be asked of the search: words, filters, order and page, read from an address and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from marketplace.errors import Refused
from marketplace.listings.rules import PUBLIC_STATUSES, LotStatus
from marketplace.money import EXPONENTS, MINOR_LIMIT, MalformedAmount, parse_minor
from marketplace.rights.rules import RightType
from search import keys
from search.engines import All, Request, Sort, Term
from search.parsing import Words, parse
from search.prices import price_key
from search.reasons import SearchReason

PAGE_SIZE = 20
PAGE_SIZE_LIMIT = 50
PAGE_LIMIT = 200
TECHNOLOGY_FIELDS = range(1, 36)
CLASS_LENGTH_LIMIT = 20

Choice = TypeVar("Choice", bound=StrEnum)
Arguments = Mapping[str, Sequence[str]]


class Order(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    CLOSING = "closing"
    PRICE_LOW = "price_low"
    PRICE_HIGH = "price_high"


ORDERS = {
    Order.RELEVANCE: Sort(),
    Order.NEWEST: Sort("published", descending=True),
    Order.CLOSING: Sort("closes"),
    Order.PRICE_LOW: Sort("price"),
    Order.PRICE_HIGH: Sort("price", descending=True),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks.

    Attributes:
        symbol: key of a class of which everything below is asked for; empty for none.
        least_minor, most_minor: bounds of the start price in `currency`, both included.
        page: from 1.
    """

    text: str = ""
    words: Words = field(default_factory=lambda: parse(""))
    statuses: frozenset[LotStatus] = frozenset()
    right_types: frozenset[RightType] = frozenset()
    technology_fields: frozenset[int] = frozenset()
    symbol: str = ""
    currency: str = "CNY"
    least_minor: int | None = None
    most_minor: int | None = None
    order: Order = Order.NEWEST
    page: int = 1
    size: int = PAGE_SIZE


def read(arguments: Arguments) -> Question:
    """Read a question from the arguments of an address.

    Raises:
        Refused: naming the argument that is malformed, unknown or out of bounds.
    """
    text = _first(arguments, "q").strip()
    words = parse(text)
    currency = _first(arguments, "currency") or "CNY"
    if currency not in EXPONENTS:
        raise Refused(SearchReason.UNKNOWN_CHOICE, "currency", value=currency[:20])
    least, most = (_price(arguments, name, currency) for name in ("price_from", "price_to"))
    if least is not None and most is not None and least > most:
        raise Refused(SearchReason.PRICES_CROSSED, "price_to")
    asked = _chosen(Order, arguments, "sort", frozenset(Order))
    return Question(
        text=text,
        words=words,
        statuses=_chosen(LotStatus, arguments, "status", PUBLIC_STATUSES),
        right_types=_chosen(RightType, arguments, "type", frozenset(RightType)),
        technology_fields=_technology_fields(arguments),
        symbol=_symbol(arguments),
        currency=currency,
        least_minor=least,
        most_minor=most,
        order=next(iter(asked), Order.RELEVANCE if text else Order.NEWEST),
        page=_number(arguments, "page", 1, PAGE_LIMIT),
        size=_number(arguments, "size", PAGE_SIZE, PAGE_SIZE_LIMIT),
    )


def request_for(question: Question, *, loose: bool = False) -> Request:
    """The request to an engine; `loose` asks for any of the words instead of all."""
    node = question.words.loose if loose else question.words.strict
    if question.symbol:
        node = All((node, Term("classes", question.symbol, 0.0)))
    filters = {
        "status": frozenset(map(str, question.statuses)),
        "right_type": frozenset(map(str, question.right_types)),
        "technology_field": frozenset(map(str, question.technology_fields)),
    }
    return Request(
        node=node,
        filters={name: accepted for name, accepted in filters.items() if accepted},
        ranges=_ranges(question),
        sort=ORDERS[question.order],
        offset=(question.page - 1) * question.size,
        limit=question.size,
    )


def _ranges(question: Question) -> dict[str, tuple[int | None, int | None]]:
    least, most = question.least_minor, question.most_minor
    if least is None and most is None:
        return {}
    ends = (0 if least is None else least, MINOR_LIMIT - 1 if most is None else most)
    return {"price": (price_key(ends[0], question.currency), price_key(ends[1], question.currency))}


def _first(arguments: Arguments, name: str) -> str:
    return next(iter(arguments.get(name, ())), "")


def _given(arguments: Arguments, name: str) -> list[str]:
    return [value for value in arguments.get(name, ()) if value]


def _chosen(
    choices: type[Choice], arguments: Arguments, name: str, accepted: frozenset[Choice]
) -> frozenset[Choice]:
    chosen = set()
    for value in _given(arguments, name):
        if value not in accepted:
            raise Refused(SearchReason.UNKNOWN_CHOICE, name, value=value[:20])
        chosen.add(choices(value))
    return frozenset(chosen)


def _technology_fields(arguments: Arguments) -> frozenset[int]:
    known = {str(number): number for number in TECHNOLOGY_FIELDS}
    given = _given(arguments, "field")
    for value in given:
        if value not in known:
            raise Refused(SearchReason.UNKNOWN_CHOICE, "field", value=value[:20])
    return frozenset(known[value] for value in given)


def _symbol(arguments: Arguments) -> str:
    text = _first(arguments, "class").strip()
    symbol = keys.class_key(text) if len(text) <= CLASS_LENGTH_LIMIT else ""
    if text and not (symbol.isascii() and symbol.replace("/", "").replace("-", "").isalnum()):
        raise Refused(SearchReason.BAD_CLASS, "class", value=text[:20])
    return symbol


def _price(arguments: Arguments, name: str, currency: str) -> int | None:
    text = _first(arguments, name).strip().replace(",", "")
    if not text:
        return None
    try:
        return parse_minor(text, currency)
    except MalformedAmount:
        raise Refused(SearchReason.BAD_PRICE, name, value=text[:20]) from None


def _number(arguments: Arguments, name: str, default: int, most: int) -> int:
    text = _first(arguments, name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise Refused(SearchReason.BAD_PAGE, name, most=most)
    return int(text)
