"""Why a question is not answered; the sentences are in `search.texts`."""

from enum import StrEnum


class SearchReason(StrEnum):
    TOO_LONG = "too_long"
    TOO_MANY_TERMS = "too_many_terms"
    WILDCARD_PLACE = "wildcard_place"
    SHORT_PREFIX = "short_prefix"
    TOO_BROAD = "too_broad"
    TOO_SLOW = "too_slow"
    UNKNOWN_CHOICE = "unknown_choice"
    TOO_MANY_CHOICES = "too_many_choices"
    TOO_MANY_LOTS = "too_many_lots"
    BAD_CLASS = "bad_class"
    BAD_PRICE = "bad_price"
    PRICES_CROSSED = "prices_crossed"
    BAD_PAGE = "bad_page"
