"""The verbs of deals; those of mandates and offers stand in the modules of those names."""

from marketplace.deals.service import mandates, offers
from marketplace.deals.service.agreed import (
    agree,
    complete,
    mark_defaulted,
    mark_paid,
    paying_verb,
    postpone,
    record_step,
    rescind,
    subject_of,
)
from marketplace.deals.service.offers import expire_offers

__all__ = [
    "agree",
    "complete",
    "expire_offers",
    "mandates",
    "mark_defaulted",
    "mark_paid",
    "offers",
    "paying_verb",
    "postpone",
    "record_step",
    "rescind",
    "subject_of",
]
