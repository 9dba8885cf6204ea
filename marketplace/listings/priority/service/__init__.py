"""The verbs about holders of a right of first refusal."""

from marketplace.listings.priority.service.holders import (
    Entry,
    confirm_holder,
    enter,
    strike_out,
    waive,
)
from marketplace.listings.priority.service.serving import (
    Service,
    confirm_notice,
    problems_of,
    require_notified,
    serve,
)

__all__ = [
    "Entry",
    "Service",
    "confirm_holder",
    "confirm_notice",
    "enter",
    "problems_of",
    "require_notified",
    "serve",
    "strike_out",
    "waive",
]
