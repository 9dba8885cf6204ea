"""What may be asked of the search: words, filters, order and page, read from an address and checked."""

from search.rules.choices import BANDED, CHOICES_LIMIT, FACETS, TECHNOLOGY_FIELDS
from search.rules.question import ORDERS, PAGE_LIMIT, PAGE_SIZE, PAGE_SIZE_LIMIT, Order, Question
from search.rules.reading import CLASS_LENGTH_LIMIT, Arguments, read
from search.rules.requests import counting_requests, request_for

__all__ = [
    "BANDED",
    "CHOICES_LIMIT",
    "CLASS_LENGTH_LIMIT",
    "FACETS",
    "ORDERS",
    "PAGE_LIMIT",
    "PAGE_SIZE",
    "PAGE_SIZE_LIMIT",
    "TECHNOLOGY_FIELDS",
    "Arguments",
    "Order",
    "Question",
    "counting_requests",
    "read",
    "request_for",
]
