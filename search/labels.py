"""What the values of facets are called in the reader's language."""

import re
from collections.abc import Mapping

from flask_babel import get_locale, gettext

from marketplace.listings.texts import AUCTION_FORMATS
from marketplace.money import exponent
from marketplace.rights.fields import field_name
from marketplace.rights.texts import RIGHT_TYPES
from marketplace.summaries import short_money, short_number
from search.classification import nice
from search.classification import title as class_title
from search.rules.bands import PRICES
from search.texts import LIVES, OPENINGS, STATUSES
from transactions.market.rules.regions import unit_of

TITLE_LENGTH = 40
"""Characters of a class's title beside its symbol."""

# A title of the classification lists its matters, parted so, or goes on to what it leaves out.
_PARTS = re.compile(r"[;；(（]")

_WORDS: dict[str, Mapping[str, object]] = {
    "status": {str(key): word for key, word in STATUSES.items()},
    "type": {str(key): word for key, word in RIGHT_TYPES.items()},
    "channel": {str(key): word for key, word in AUCTION_FORMATS.items()},
    "opens": OPENINGS,
    "life": LIVES,
}


def label(name: str, value: str, currency: str, sellers: Mapping[str, str]) -> str:
    """A value of the facet `name`; `sellers` are names by id, `currency` is that of price bands."""
    if name in _WORDS:
        return str(_WORDS[name].get(value, value))
    if name == "field":
        return field_label(int(value))
    if name == "price":
        return _price_label(value, currency)
    if name == "region":
        return region_label(value)
    return sellers.get(value, value) if name == "seller" else class_label(value)


def field_label(number: int) -> str:
    """The name of a technology field."""
    return field_name(number, _language())


def class_label(symbol: str) -> str:
    """The symbol of a class with its title; one of goods and services with the name of its scheme."""
    if symbol.startswith("nice:"):
        return _nice_label(int(symbol.removeprefix("nice:")))
    title = shorten(class_title(symbol, _language()), TITLE_LENGTH)
    return f"{symbol} {title}".strip()


def _nice_label(number: int) -> str:
    known = nice.classes().get(number)
    scheme = str(gettext("Nice class %(number)s", number=number))
    if known is None:
        return scheme
    heading = known.heading_en if _language() == "en" else known.short_zh
    return f"{scheme} {shorten(heading, TITLE_LENGTH)}"


def shorten(text: str, most: int) -> str:
    """The text up to its first part, and not longer than so many characters."""
    first = _PARTS.split(text, maxsplit=1)[0]
    return first if len(first) <= most else f"{first[: most - 1].rstrip()}…"


def region_label(code: str) -> str:
    """The name of a province; another region by its code."""
    unit = unit_of(code)
    if unit is None:
        return code
    return unit.english if _language() == "en" else unit.chinese


def _price_label(name: str, currency: str) -> str:
    """The currency stands once, at the greater of the two amounts."""
    unit, (least, most) = 10 ** exponent(currency), PRICES[name]
    if most is None:
        return str(gettext("%(least)s and more", least=short_money(least * unit, currency)))
    if not least:
        return str(gettext("below %(most)s", most=short_money(most * unit, currency)))
    ends = {"least": short_number(least * unit, currency), "most": short_money(most * unit, currency)}
    return str(gettext("%(least)s to %(most)s", **ends))


def _language() -> str:
    return str(get_locale() or "zh")
