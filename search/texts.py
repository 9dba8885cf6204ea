"""The words of the search."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from marketplace.listings.rules import LotStatus
from search.reasons import SearchReason
from search.rules import Order

REFUSALS: dict[StrEnum, Any] = {
    SearchReason.TOO_LONG: lazy_gettext("At most %(most)s characters."),
    SearchReason.TOO_MANY_TERMS: lazy_gettext(
        "At most %(most)s words; “%(piece)s” at character %(position)s is one too many."
    ),
    SearchReason.WILDCARD_PLACE: lazy_gettext(
        "“%(piece)s” at character %(position)s: a * may only stand at the end of a single word,"
        " for example “batter*”."
    ),
    SearchReason.SHORT_PREFIX: lazy_gettext(
        "“%(piece)s” at character %(position)s: before a * at least %(letters)s letters are needed,"
        " in Chinese %(characters)s characters."
    ),
    SearchReason.TOO_BROAD: lazy_gettext("Too many words begin with “%(prefix)s”; add a letter or two."),
    SearchReason.TOO_SLOW: lazy_gettext(
        "The search took longer than half a second and was given up; add a word or a filter to narrow it."
    ),
    SearchReason.UNKNOWN_CHOICE: lazy_gettext("“%(value)s” is not among the choices."),
    SearchReason.TOO_MANY_CHOICES: lazy_gettext("At most %(most)s values can be chosen together."),
    SearchReason.TOO_MANY_LOTS: lazy_gettext("At most %(most)s lots can be compared at once."),
    SearchReason.BAD_CLASS: lazy_gettext("“%(value)s” is not a class symbol such as H01M or H01M10/0525."),
    SearchReason.BAD_PRICE: lazy_gettext("Write figures only, for example 120000.00."),
    SearchReason.PRICES_CROSSED: lazy_gettext("The upper price lies below the lower one."),
    SearchReason.BAD_PAGE: lazy_gettext("A whole number from 1 to %(most)s."),
}

ORDERS: dict[Order, Any] = {
    Order.RELEVANCE: lazy_gettext("best match first"),
    Order.NEWEST: lazy_gettext("newest first"),
    Order.OPENING: lazy_gettext("opening soonest first"),
    Order.CLOSING: lazy_gettext("closing soonest first"),
    Order.PRICE_LOW: lazy_gettext("lowest start price first"),
    Order.PRICE_HIGH: lazy_gettext("highest start price first"),
    Order.LIFE: lazy_gettext("longest remaining life first"),
}

# In the order in which they stand beside the list.
FACETS: dict[str, Any] = {
    "status": lazy_gettext("State"),
    "type": lazy_gettext("Type of right"),
    "price": lazy_gettext("Start price"),
    "opens": lazy_gettext("Bidding opens"),
    "life": lazy_gettext("Remaining life"),
    "field": lazy_gettext("Technology field"),
    "subclass": lazy_gettext("Class"),
    "seller": lazy_gettext("Seller"),
    "region": lazy_gettext("Region"),
    "channel": lazy_gettext("Way of selling"),
}

STATUSES: dict[LotStatus, Any] = {
    LotStatus.PUBLISHED: lazy_gettext("on offer"),
    LotStatus.RESERVED: lazy_gettext("in progress"),
    LotStatus.SOLD: lazy_gettext("sold"),
    LotStatus.UNSOLD: lazy_gettext("not sold"),
}

OPENINGS: dict[str, Any] = {
    "past": lazy_gettext("open already"),
    "week": lazy_gettext("this week"),
    "month": lazy_gettext("this month"),
    "quarter": lazy_gettext("within three months"),
    "later": lazy_gettext("later"),
}

LIVES: dict[str, Any] = {
    "ended": lazy_gettext("term ended"),
    "0-3": lazy_gettext("less than 3 years"),
    "3-5": lazy_gettext("3 to 5 years"),
    "5-10": lazy_gettext("5 to 10 years"),
    "10-15": lazy_gettext("10 to 15 years"),
    "15-": lazy_gettext("15 years and more"),
}
