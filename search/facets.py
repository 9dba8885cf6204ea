"""The values that narrow a list, each with its count and the address that chooses or lifts it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import get_locale

from marketplace.money import decimal_text
from marketplace.rights.fields import field_name
from marketplace.rights.rules import RightType
from marketplace.rights.texts import RIGHT_TYPES
from search.rules import TECHNOLOGY_FIELDS, Order, Question
from search.texts import STATUSES

# The name of each facet in an address and in the index.
FACET_NAMES = {"status": "status", "type": "right_type", "field": "technology_field"}

Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a facet: choosing it again lifts it."""

    label: str
    count: int
    url: str
    chosen: bool


def facets(counts: Mapping[str, Mapping[str, int]], question: Question) -> dict[str, list[Entry]]:
    """Per facet its values with a lot or chosen, the most frequent technology fields first."""
    shown = {}
    for name, indexed in FACET_NAMES.items():
        chosen = set(arguments(question).get(name, ()))
        counted = counts.get(indexed, {})
        values = [value for value in _order(name, counted) if counted.get(value) or value in chosen]
        shown[name] = [_entry(name, value, counted.get(value, 0), question, chosen) for value in values]
    return shown


def _order(name: str, counted: Mapping[str, int]) -> list[str]:
    if name == "status":
        return [str(status) for status in STATUSES]
    if name == "type":
        return [str(kind) for kind in RightType]
    return sorted(map(str, TECHNOLOGY_FIELDS), key=lambda value: (-counted.get(value, 0), int(value)))


def _entry(name: str, value: str, count: int, question: Question, chosen: set[str]) -> Entry:
    labels = {"status": STATUSES, "type": RIGHT_TYPES}
    label = field_label(int(value)) if name == "field" else str(labels[name][value])  # type: ignore[index]
    address = arguments(question)
    address[name] = sorted(chosen ^ {value})
    return Entry(label, count, url_for("search.page", **address), value in chosen)


def arguments(question: Question) -> Arguments:
    """The question as arguments of an address, from its first page; what is as usual is left out."""
    usual = Order.RELEVANCE if question.text else Order.NEWEST
    given: Arguments = {
        "q": question.text,
        "status": sorted(map(str, question.statuses)),
        "type": sorted(map(str, question.right_types)),
        "field": sorted(map(str, question.technology_fields)),
        "class": question.symbol,
        "price_from": _amount(question.least_minor, question.currency),
        "price_to": _amount(question.most_minor, question.currency),
        "currency": question.currency if question.currency != "CNY" else "",
        "sort": str(question.order) if question.order is not usual else "",
    }
    return {name: value for name, value in given.items() if value}


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else decimal_text(minor, currency)


def field_label(number: int) -> str:
    """The name of a technology field in the reader's language."""
    return field_name(number, str(get_locale() or "zh"))
