"""The arguments of an address, read as a question; what is malformed is refused by its name."""

from collections.abc import Mapping, Sequence

from marketplace.errors import Refused
from marketplace.money import EXPONENTS, MalformedAmount, parse_minor
from search import keys
from search.parsing import parse
from search.reasons import SearchReason
from search.rules.choices import BANDED, CHOICES_LIMIT, FACETS
from search.rules.question import PAGE_LIMIT, PAGE_SIZE, PAGE_SIZE_LIMIT, Order, Question

CLASS_LENGTH_LIMIT = 20

Arguments = Mapping[str, Sequence[str]]


def read(arguments: Arguments) -> Question:
    """Read a question from the arguments of an address.

    Raises:
        Refused: naming the argument that is malformed, unknown or out of bounds.
    """
    text = _first(arguments, "q").strip()
    words = parse(text)
    currency = _first(arguments, "currency") or "CNY"
    if currency not in EXPONENTS:
        raise _unknown("currency", currency)
    least, most = (_price(arguments, name, currency) for name in ("price_from", "price_to"))
    if least is not None and most is not None and least > most:
        raise Refused(SearchReason.PRICES_CROSSED, "price_to")
    return Question(
        text=text,
        words=words,
        chosen=_all_chosen(arguments),
        symbol=_symbol(arguments),
        currency=currency,
        least_minor=least,
        most_minor=most,
        order=_order(arguments) or (Order.RELEVANCE if text else Order.NEWEST),
        page=_number(arguments, "page", 1, PAGE_LIMIT),
        size=_number(arguments, "size", PAGE_SIZE, PAGE_SIZE_LIMIT),
    )


def _first(arguments: Arguments, name: str) -> str:
    return next(iter(arguments.get(name, ())), "")


def _unknown(name: str, value: str) -> Refused:
    return Refused(SearchReason.UNKNOWN_CHOICE, name, value=value[:40])


def _all_chosen(arguments: Arguments) -> dict[str, frozenset[str]]:
    accepts = {name: accepted for name, (_, accepted) in FACETS.items()}
    accepts |= {name: names.__contains__ for name, (_, names) in BANDED.items()}
    chosen = {}
    for name, accepted in accepts.items():
        given = frozenset(value for value in arguments.get(name, ()) if value)
        if len(given) > CHOICES_LIMIT:
            raise Refused(SearchReason.TOO_MANY_CHOICES, name, most=CHOICES_LIMIT)
        for value in sorted(given):
            if not accepted(value):
                raise _unknown(name, value)
        if given:
            chosen[name] = given
    return chosen


def _order(arguments: Arguments) -> Order | None:
    asked = _first(arguments, "sort")
    if asked and asked not in set(Order):
        raise _unknown("sort", asked)
    return Order(asked) if asked else None


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
