"""Prices, dates and remaining life as stretches of the index's numbers."""

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from marketplace.money import MINOR_LIMIT
from marketplace.rights.rules import add_months
from search.engines import Between, Bounds, Everything, Node, Without
from search.language.fields import Field, Kind
from search.language.places import Piece, refused
from search.language.reasons import LanguageReason
from search.language.tree import Compared, Leaf, Span
from search.language.values import amount, days, months
from search.meaning import any_of
from search.prices import price_key

ZONE = ZoneInfo("Asia/Shanghai")
"""A day in a query is a day here; the same as `marketplace.clock.LOCAL_ZONE`, which rules do not import."""

NOTHING = Without(Everything(), Everything())
"""No document."""

Ends = tuple[int, int]

_SOME_DAY = date(2000, 1, 1)

_DAY_FIELDS = frozenset({"filed", "expires"})


def between(field: Field, leaf: Leaf, today: date | None) -> Node:
    """The documents whose number a value, a comparison or a range means; of a life without a day none.

    Raises:
        Refused: the value is malformed, or the range is crossed or of two currencies.
    """
    if field.kind is Kind.PRICE:
        return _between(field.asked[0], *_price_bounds(leaf))
    if field.kind is Kind.LIFE:
        found = _between(field.asked[0], *_life_bounds(leaf, today or _SOME_DAY))
        return found if today else NOTHING
    least, most = _bounds(leaf, _ordinals)
    return any_of([_between(name, *_as_kept(name, least, most)) for name in field.asked])


def _between(name: str, least: int | None, most: int | None) -> Node:
    empty = least is not None and most is not None and least > most
    return NOTHING if empty else Between(name, least, most)


def _bounds(leaf: Leaf, ends: Callable[[Piece], Ends]) -> Bounds:
    """The stretch of a leaf, where one value reaches from one end to the other; `*` for no bound."""
    if isinstance(leaf, Span):
        least = None if leaf.least == "*" else ends(Piece(leaf.least, leaf.start))[0]
        most = None if leaf.most == "*" else ends(Piece(leaf.most, leaf.start))[1]
        if least is not None and most is not None and least > most:
            raise refused(LanguageReason.SPAN_CROSSED, leaf)
        return least, most
    if leaf.text == "*":
        return None, None
    first, last = ends(leaf)
    sign = leaf.sign if isinstance(leaf, Compared) else "="
    return {
        "=": (first, last),
        ">=": (first, None),
        ">": (last + 1, None),
        "<=": (None, last),
        "<": (None, first - 1),
    }[sign]


def _ordinals(piece: Piece) -> Ends:
    first, last = days(piece)
    return first.toordinal(), last.toordinal()


def _as_kept(name: str, least: int | None, most: int | None) -> Bounds:
    """Days as this field of the index has them: by number, or from their first to their last second."""
    if name in _DAY_FIELDS:
        return least, most
    return (
        None if least is None else max(_midnight(least), 0),
        None if most is None else max(_midnight(most + 1) - 1, 0),
    )


def _midnight(day: int) -> int:
    return int(datetime.combine(date.fromordinal(day), time(), ZONE).timestamp())


def _price_bounds(leaf: Leaf) -> Bounds:
    """Prices of one currency; an open end ends with the currency."""
    written = (leaf.least, leaf.most) if isinstance(leaf, Span) else (leaf.text,)
    named = {amount(Piece(text, leaf.start))[1] for text in written if text != "*"} - {None}
    if len(named) > 1:
        raise refused(LanguageReason.TWO_CURRENCIES, leaf)
    currency = next(iter(named), None) or "CNY"

    def ends(piece: Piece) -> Ends:
        minor, _ = amount(piece, currency)
        return price_key(minor, currency), price_key(minor, currency)

    least, most = _bounds(leaf, ends)
    if least is None and most is None:
        return None, None
    whole = price_key(0, currency), price_key(MINOR_LIMIT - 1, currency)
    return whole[0] if least is None else least, whole[1] if most is None else most


def _life_bounds(leaf: Leaf, today: date) -> Bounds:
    """Days on which rights end; `rl=5` is from five years to the day before six, no life is below zero."""

    def ends(piece: Piece) -> Ends:
        day = add_months(today, months(piece)).toordinal()
        return day, day

    least, most = _bounds(leaf, ends)
    if least is None and most is not None:
        return today.toordinal(), most
    if least is not None and least == most and not isinstance(leaf, Span):
        return least, add_months(today, months(leaf) + 12).toordinal() - 1
    return least, most
