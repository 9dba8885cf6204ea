"""The values that narrow a list, each with its count and the address that chooses or lifts it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from marketplace.listings.rules import AuctionFormat
from marketplace.money import decimal_text
from marketplace.rights.rules import RightType
from search.finding import Page
from search.labels import label
from search.rules import BANDED, FACETS, Order, Question
from search.rules.bands import LIVES, OPENINGS, PRICES
from search.texts import FACETS as HEADINGS
from search.texts import STATUSES

SHOWN = 10
"""Values of a facet that stand there at once; the others are folded."""

SHOWN_MOST = 50

Arguments = dict[str, Any]
Counts = Mapping[str, Mapping[str, int]]

# Values that have an order of their own; those of the other facets stand by their counts.
_ORDERED: dict[str, Sequence[str]] = {
    "status": [str(status) for status in STATUSES],
    "type": [str(kind) for kind in RightType],
    "channel": [str(way) for way in AuctionFormat],
    "price": list(PRICES),
    "opens": list(OPENINGS),
    "life": list(LIVES),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a facet: choosing it again lifts it."""

    value: str
    label: str
    count: int
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with values that a lot has or that are chosen; `folded` are those behind the first ones."""

    name: str
    heading: str
    shown: list[Entry]
    folded: list[Entry]


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that narrows the list, and the address without it."""

    heading: str
    label: str
    url: str


def counts(page: Page) -> dict[str, dict[str, int]]:
    """How many lots have each value, by the names of facets and bands in an address."""
    found = {name: dict(page.facets.get(indexed, {})) for name, (indexed, _) in FACETS.items()}
    for name, (number, _) in BANDED.items():
        counted = page.bands.get(number, ())
        found[name] = {band: many for band, many in zip(_ORDERED[name], counted, strict=False) if many}
    return found


def sellers_named(counted: Counts, question: Question) -> list[uuid.UUID]:
    """The institutions whose names `facets` and `chips` need."""
    return [uuid.UUID(value) for value in _values("seller", counted.get("seller", {}), question)]


def facets(counted: Counts, question: Question, sellers: Mapping[str, str]) -> list[Facet]:
    """The facets in their order, without those that no lot has a value of."""
    shown = []
    for name in HEADINGS:
        entries = [
            _entry(name, value, counted.get(name, {}).get(value, 0), question, sellers)
            for value in _values(name, counted.get(name, {}), question)
        ]
        if entries:
            shown.append(Facet(name, str(HEADINGS[name]), entries[:SHOWN], entries[SHOWN:]))
    return shown


def _values(name: str, counted: Mapping[str, int], question: Question) -> list[str]:
    """What is chosen always stands there, and before what is not where values stand by their counts."""
    chosen = question.chosen.get(name, frozenset())
    if name in _ORDERED:
        return [value for value in _ORDERED[name] if counted.get(value) or value in chosen]
    values = sorted(
        {*counted, *chosen}, key=lambda value: (value not in chosen, -counted.get(value, 0), value)
    )
    return values[: max(SHOWN_MOST, len(chosen))]


def _entry(name: str, value: str, count: int, question: Question, sellers: Mapping[str, str]) -> Entry:
    chosen = question.chosen.get(name, frozenset())
    text = label(name, value, question.currency, sellers)
    return Entry(value, text, count, _address(question, name, chosen ^ {value}), value in chosen)


def chips(question: Question, sellers: Mapping[str, str]) -> list[Chip]:
    """Everything that narrows the list, each to be taken away by itself."""
    found = [
        Chip(
            str(HEADINGS[name]),
            label(name, value, question.currency, sellers),
            _address(question, name, question.chosen[name] - {value}),
        )
        for name in HEADINGS
        for value in sorted(question.chosen.get(name, ()))
    ]
    if question.symbol:
        found.append(Chip(gettext("Class"), question.symbol, _without(question, "class")))
    least, most = (_amount(minor, question.currency) for minor in (question.least_minor, question.most_minor))
    if least:
        found.append(Chip(gettext("Start price from"), least, _without(question, "price_from")))
    if most:
        found.append(Chip(gettext("Start price to"), most, _without(question, "price_to")))
    return found


def _address(question: Question, name: str, values: frozenset[str]) -> str:
    return url_for("search.page", **(arguments(question) | {name: sorted(values)}))


def _without(question: Question, name: str) -> str:
    return url_for("search.page", **{key: value for key, value in arguments(question).items() if key != name})


def arguments(question: Question) -> Arguments:
    """The question as arguments of an address, from its first page; what is as usual is left out."""
    usual = Order.RELEVANCE if question.text else Order.NEWEST
    given: Arguments = {
        "q": question.text,
        **{name: sorted(values) for name, values in question.chosen.items()},
        "class": question.symbol,
        "price_from": _amount(question.least_minor, question.currency),
        "price_to": _amount(question.most_minor, question.currency),
        "currency": question.currency if question.currency != "CNY" else "",
        "sort": str(question.order) if question.order is not usual else "",
    }
    return {name: value for name, value in given.items() if value}


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else decimal_text(minor, currency)
